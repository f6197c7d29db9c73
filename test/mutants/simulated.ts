/**
 * The shipped program with one rule switched off at a time, outside the safety core (whose mutants are in test/verify).
 * Each must be caught by the simulator within 2,000 seeds: a check that never failed proves nothing.
 *
 * Three rules are not here. That hearsay of a coordinator counts for nothing where it says itself that it is none: who believes
 * it is set right by the next heartbeat, and no run shows it any more; the election's table of events does. That a seeker whom nobody
 * lets in tries its channels anew: all of them would have to be lost in silence, and a story sees to that. That the new life
 * of a peer learns before it votes: the joint change that seats it needs a majority of the old seats, so haste loses nothing.
 */

import { LEADERSHIP } from './simulated-leadership.js';
import type { SimulatedMutant } from './simulated-mutant.js';

const SESSION_TABLE = 'machines/values/session-table.ts';
const SESSIONS = 'machines/sessions.ts';
const DELIVERY = 'actors/delivery.ts';
const MEMBERSHIP = 'machines/membership.ts';
const MEMBERSHIP_RULES = 'machines/membership-rules.ts';
const MEMBERSHIP_CHANGES = 'machines/membership-changes.ts';
const CONFIGURATION = 'machines/values/configuration.ts';
const JOURNAL = 'machines/journal.ts';
const COORDINATING = 'machines/sequencer-coordinating.ts';
const LETTERS = 'machines/sequencer-letters.ts';
const PEER_STEPS = 'actors/peer-steps.ts';

export const SIMULATED: readonly SimulatedMutant[] = [
  ...LEADERSHIP,
  {
    name: 'broadcasts-again',
    room: 'causal',
    rule: 'What has been delivered, or passed over, is not delivered any more.',
    file: 'machines/causal-rules.ts',
    from: 'covers(seenOf(clock, origin), seenOf(stamp, origin));',
    to: 'covers(seenOf(clock, origin), seenOf(stamp, origin)) && clock.length < 0;',
    kinds: ['broadcast', 'slow-path', 'reset', 'cut'],
  },
  {
    name: 'stamps-only-itself',
    room: 'causal',
    rule: 'A broadcast says what its sender had been delivered, not only how many it has sent itself.',
    file: 'machines/causal-rules.ts',
    from: 'origin: me, stamp, topic, payload };',
    to: 'origin: me, stamp: stamp.filter(({ peer }) => peer === me), topic, payload };',
    kinds: ['broadcast', 'slow-path', 'reset', 'cut'],
  },
  {
    name: 'reads-without-round',
    room: 'reads',
    rule: 'A coordinator answers a reading once a quorum has said that it still obeys.',
    file: 'machines/reads-rules.ts',
    from: 'isClassic || isQuorum(configuration, new Set(confirmers));',
    to: 'isClassic || configuration !== NO_CONFIGURATION || isQuorum(configuration, new Set(confirmers));',
    kinds: ['read', 'load', 'partition', 'pause', 'cut'],
  },
  {
    name: 'reads-too-early',
    room: 'reads',
    rule: 'Whoever reads waits until it has applied what the coordinator has named.',
    file: 'actors/readings.ts',
    from: 'index !== null && index <= applied',
    to: 'index !== null && applied >= 0',
    kinds: ['read', 'load', 'crash', 'reset', 'cut', 'slow-path'],
  },
  {
    name: 'receipts-out-of-turn',
    room: 'clients',
    rule: 'A receipt settles what it is for, and nothing before it.',
    file: 'actors/client.ts',
    from: 'if (number !== expected) continue;',
    to: 'if (number < (expected ?? 0)) continue; expected = number;',
    kinds: ['client', 'load'],
  },
  {
    name: 'asks-but-once',
    room: 'clients',
    rule: 'What a client follows it asks for anew at every peer.',
    file: 'actors/subscriptions.ts',
    from: 'for (const subscription of this.#all.values()) {\n      subscription.isAsking = false;',
    to: 'for (const subscription of this.#all.values()) {',
    kinds: ['client', 'load', 'crash'],
  },
  {
    name: 'resumes-expired',
    room: 'sessions',
    rule: 'What was under way in a session that has expired is not sent again in the next.',
    file: SESSIONS,
    from: 'begin: assign(({ context }) => ({ expired: context.expired + 1, session: 0, pending: [], sent: [] })),',
    to: 'begin: assign(({ context }) => ({ expired: context.expired + 1, session: 0, sent: [], pending: context.pending.map((one, i) => ({ ...one, number: i + 1 })) })),',
    kinds: ['client', 'load', 'partition', 'pause'],
  },
  {
    name: 'repeats-count',
    room: 'sessions',
    rule: 'A number that has taken effect takes none again.',
    file: SESSION_TABLE,
    from: "if (number < known.next) return 'repeated';",
    to: "if (number < known.next) return 'effective';",
  },
  {
    name: 'session-reopens',
    room: 'sessions',
    rule: 'A session that is opened twice is one session.',
    file: SESSION_TABLE,
    from: 'if (known !== undefined && renewed !== undefined) {',
    to: 'if (known === index && renewed !== undefined) {',
    // A client whose channel breaks while its first word is still on its way to disks asks twice.
    story: {
      horizonMs: 30_000,
      options: { preset: 'lan', takeover: 'afterSync' },
      faults: [
        ...['1', '2', '3'].map((peer) => ({
          kind: 'slow-disk' as const,
          at: 4000,
          forMs: 9000,
          peer,
          byMs: 300,
        })),
        {
          kind: 'client',
          at: 5000,
          seeds: ['1', '2'],
          count: 40,
          everyMs: 40,
          bytes: 0,
          restlessMs: 50,
          timeoutMs: null,
        },
      ],
    },
  },
  {
    name: 'keys-forgotten',
    room: 'sessions',
    rule: 'An idempotency key is remembered, whoever used it.',
    file: DELIVERY,
    from: 'if (key !== undefined) table.remember(key, delivery);',
    to: "if (key === undefined) table.remember('', delivery);",
  },
  {
    name: 'never-again',
    room: 'sessions',
    rule: 'What waits is sent again when a new coordinator is followed, the old one is back, or time passes.',
    file: SESSIONS,
    from: "entry: ['recall', { type: 'sendEach', params: next }, 'markSent'],",
    to: "entry: [{ type: 'sendEach', params: next }, 'markSent'],",
  },
  {
    name: 'stranded-by-old-news',
    room: 'sessions',
    rule: 'A coordinator that was lost and replaced meanwhile is not lost.',
    file: PEER_STEPS,
    from: "if (event.type !== 'coordinator.lost' || electionOf(self)?.context.coordinator != null) return;",
    to: "if (event.type !== 'coordinator.lost' || electionOf(self) === undefined) return;",
    kinds: ['pause', 'partition', 'load'],
  },
  {
    name: 'answers-for-others',
    room: 'delivery',
    rule: 'Only what our own session submitted settles what we submitted.',
    file: DELIVERY,
    from: 'if (session !== ours) return;\n    progress.delivered',
    to: 'if (session < 0) return;\n    progress.delivered',
  },
  {
    name: 'delivers-uncommitted',
    room: 'delivery',
    rule: 'Nothing is delivered before it is committed.',
    file: PEER_STEPS,
    from: 'log.slice(first, event.commit - before)',
    to: 'log.slice(first, log.lastIndex)',
  },
  {
    name: 'view-number-forgotten',
    room: 'views',
    rule: 'A new coordinator goes on counting views where the last one stopped.',
    file: MEMBERSHIP_RULES,
    from: 'Math.max(viewNumber, event.view.number)',
    to: 'viewNumber',
  },
  {
    name: 'view-uncounted',
    room: 'views',
    rule: 'No view number is given twice.',
    file: MEMBERSHIP,
    from: 'countView: assign({ viewNumber: ({ context }) => context.viewNumber + 1 }),',
    to: 'countView: assign({ viewNumber: ({ context }) => context.viewNumber }),',
    // One member is missed, and another one before the view without the first is on the disks of a quorum. Whoever begins
    // from a snapshot then knows the later of two views of one number, all others the earlier.
    peers: 5,
    story: {
      horizonMs: 9000,
      options: { preset: 'fast', takeover: 'afterSync', snapshotEvery: 20, trailing: 0 },
      faults: [
        {
          kind: 'load',
          at: 1000,
          peer: '5',
          count: 400,
          everyMs: 20,
          bytes: 0,
          isRetried: false,
          timeoutMs: null,
        },
        { kind: 'slow-disk', at: 3000, forMs: 5000, peer: '3', byMs: 1500 },
        { kind: 'slow-disk', at: 3000, forMs: 5000, peer: '4', byMs: 1500 },
        { kind: 'pause', at: 3500, forMs: 4000, peer: '1' },
        { kind: 'pause', at: 4200, forMs: 3300, peer: '2' },
        { kind: 'crash', at: 6600, forMs: 200, peer: '5', isPowerCut: false },
      ],
    },
  },
  {
    name: 'persisted-too-much',
    room: 'journal',
    rule: 'A sync speaks for the writes it was given, not for those that wait.',
    file: JOURNAL,
    from: 'return context.underway;',
    to: 'return context.accepted;',
  },
  {
    name: 'waits-in-front',
    room: 'journal',
    rule: 'Writes reach the disk in the order they came.',
    file: JOURNAL,
    from: 'waiting: [...context.waiting, write],',
    to: 'waiting: [write, ...context.waiting],',
  },
  {
    name: 'sync-failure-ignored',
    room: 'journal',
    rule: 'A sync that failed has not happened.',
    file: JOURNAL,
    from: "'disk.failed': { target: 'failed', actions: { type: 'failed', params: theFailure } },\n  'disk.filled': { target: 'full', actions: ['takeBack', 'filled'] },",
    to: "'disk.failed': { target: 'ready', actions: { type: 'persisted', params: whatIsOnDisk as never } },\n  'disk.filled': { target: 'full', actions: ['takeBack', 'filled'] },",
  },
  {
    name: 'promise-unwritten',
    room: 'journal',
    rule: 'A promise is on disk before anybody hears of it.',
    file: LETTERS,
    from: '...writeOf(context, { ...NOTHING, first: context.log.lastIndex + 1 }, promised),',
    to: '...writeOf(context, { ...NOTHING, first: context.log.lastIndex + 1 }, promised && null),',
  },
  {
    name: 'cut-unwritten',
    room: 'journal',
    rule: 'What is cut from the log is cut from the disk.',
    file: LETTERS,
    from: 'writeOf(context, changeIn(context, event), promisedWith(context, event));',
    to: 'writeOf(context, { ...changeIn(context, event), truncateFrom: null }, promisedWith(context, event));',
  },
  {
    name: 'numbers-while-handing',
    room: 'handover',
    rule: 'From the moment it hands over, a coordinator gives out no more numbers.',
    file: COORDINATING,
    from: "{ 'sequencer.submit': hold, 'sequencer.open': hold } as const;",
    to: 'ordering;',
    kinds: ['transfer', 'load'],
  },
  {
    name: 'held-written-and-lost',
    room: 'journal',
    rule: 'What was held during a handover goes into the log and onto the disk alike.',
    file: 'machines/sequencer-rules.ts',
    from: '  ...values.changed(context, values.additionOf(context, context.held.entries)),\n  held: NOTHING_HELD,',
    to: '  held: NOTHING_HELD,',
  },
  {
    name: 'recovers-no-promise',
    room: 'journal',
    rule: 'A restarted peer keeps the promise its disk holds.',
    file: PEER_STEPS,
    from: 'const { promised, damage } = recovered;',
    to: 'const { damage } = recovered;\n  const promised = { n: 0, owner: recovered.promised.owner };',
  },
  {
    name: 'joint-for-ever',
    room: 'membership',
    rule: 'A change of voters that has begun is ended.',
    file: MEMBERSHIP_CHANGES,
    from: 'if (configurations.isJoint(configuration)) return configurations.settle(configuration);',
    to: 'if (configurations.isJoint(configuration)) return undefined;',
  },
  {
    name: 'learns-for-ever',
    room: 'membership',
    rule: 'A learner that has caught up gets a vote.',
    file: MEMBERSHIP_CHANGES,
    from: 'return configurations.promote(configuration, learner);',
    to: 'return undefined;',
  },
  {
    name: 'no-new-life',
    room: 'membership',
    rule: 'A peer that has lost its disk gives up its seat and learns anew.',
    file: CONFIGURATION,
    from: 'if (known.incarnation !== member.incarnation) return reseat(configuration, member);',
    to: 'if (known.incarnation !== member.incarnation) return undefined;',
    kinds: ['wipe', 'load'],
  },
  {
    name: 'leavers-stay',
    room: 'membership',
    rule: 'Who asks to leave is taken out of the configuration.',
    file: MEMBERSHIP_CHANGES,
    from: 'if (without !== undefined && isLive(context, counted(context, without))) return without;',
    to: 'if (without === undefined && isLive(context, context.configuration)) return without;',
    kinds: ['leave', 'load'],
  },
  {
    name: 'absent-stay',
    room: 'membership',
    rule: 'To the last man standing, a voter that is down for long loses its vote.',
    file: MEMBERSHIP_CHANGES,
    from: 'if (!policy.lastManStanding || ',
    to: 'if (policy.lastManStanding || ',
    kinds: ['crash', 'load'],
  },
  {
    name: 'ties-forgotten',
    room: 'membership',
    rule: 'Where a tie-breaker is asked for, an even number of voters has one.',
    file: MEMBERSHIP_CHANGES,
    from: 'policy.tieBreaker && configurations.isJoint(next) ?',
    to: 'policy.tieBreaker && configurations.isJoint(configurations.settle(next)) ?',
    kinds: ['join', 'leave', 'load'],
  },
];
