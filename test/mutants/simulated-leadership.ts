/** Mutants of who is believed to be there, and of who leads. Listed with the others in simulated.ts. */
import type { SimulatedMutant } from './simulated-mutant.js';

const DETECTOR = 'machines/failure-detector.ts';
const ELECTION = 'machines/election.ts';
const NEIGHBOURHOOD = 'machines/values/neighbourhood.ts';
const PEER_RULES = 'actors/peer-rules.ts';
const PEER_WATCH = 'actors/peer-watch.ts';

export const LEADERSHIP: readonly SimulatedMutant[] = [
  {
    name: 'suspects-nobody',
    room: 'failure detector',
    rule: 'A member that is silent for long enough is suspected.',
    file: DETECTOR,
    from: "{ target: 'verifying' },",
    to: "{ target: 'trusted', reenter: true, actions: 'hear' },",
  },
  {
    name: 'never-forgives',
    room: 'failure detector',
    rule: 'A suspected member that is heard again is trusted again.',
    file: DETECTOR,
    from: "'member.heard': { target: 'trusted', actions: ['hearAnew', { type: 'trusted', params: whom }] },\n      },\n      // Whoever",
    to: "'member.heard': { actions: 'hear' },\n      },\n      // Whoever",
  },
  {
    name: 'taken-out-unheard',
    room: 'failure detector',
    rule: 'Who is down for long is missed before it is taken out: nobody watches its channel any more after that.',
    file: DETECTOR,
    from: "          actions: [\n            { type: 'missed', params: whom },\n            { type: 'absent', params: whom },\n          ],",
    to: "          actions: { type: 'absent', params: whom },",
    story: {
      horizonMs: 7500,
      options: {
        preset: 'fast',
        takeover: 'afterSync',
        tieBreaker: true,
        lastManStanding: true,
        lastManStandingMs: 250,
      },
      faults: [
        { kind: 'leave', at: 4751, peer: '1' },
        { kind: 'reset', at: 4865, from: '3', to: '2', heardBy: 'nobody' },
      ],
    },
  },
  {
    name: 'keeps-dead-channels',
    room: 'failure detector',
    rule: 'The channel of a member that stays silent is given up and dialled anew.',
    file: PEER_WATCH,
    from: 'const silent = context.connections.filter((c) => c.peer === event.member && c.isOpen);',
    to: 'const silent = context.connections.filter((c) => c.peer === event.member && !c.isOpen && c.isOpen);',
    kinds: ['reset', 'crash', 'load'],
  },
  {
    name: 'unwatched-leaver',
    room: 'failure detector',
    rule: 'A coordinator on its way out is watched to the end.',
    file: PEER_RULES,
    from: 'id !== coordinator && !others(context)',
    to: "id !== '' && !others(context)",
    kinds: ['leave', 'crash', 'load'],
  },
  {
    name: 'lowest-wins',
    room: 'election',
    rule: 'The highest live member leads in the end.',
    file: NEIGHBOURHOOD,
    from: '.filter((voter) => compareRank(voter, me) > 0 && reached.includes(voter.id))',
    to: '.filter((voter) => compareRank(voter, me) < 0 && reached.includes(voter.id))',
  },
  {
    name: 'no-takeover',
    room: 'election',
    rule: 'A coordinator hands over to a higher member that has caught up.',
    file: ELECTION,
    from: "after: { takeoverStable: { guard: 'mayHandOver', target: 'yielding', actions: 'noteRival' } },",
    to: '',
  },
  {
    name: 'waits-for-ever',
    room: 'election',
    rule: 'Whoever was told to wait for a coordinator waits only so long.',
    // Who said so dies before it leads, and enough are left without it.
    peers: 5,
    kinds: ['load'],
    file: ELECTION,
    from: "after: { coordinatorTimeout: 'deciding' },\n    },\n\n    handedOver",
    to: '},\n\n    handedOver',
  },
  {
    name: 'thanks-for-ever',
    room: 'membership',
    rule: 'Whoever has founded does not answer another that has.',
    file: 'machines/meeting-rules.ts',
    from: "event.type === 'meeting.report' && !event.founded",
    to: "event.type === 'meeting.report'",
    story: {
      founding: 'together',
      horizonMs: 400,
      faults: [{ kind: 'slow-disk', at: 0, forMs: 300, peer: '1', byMs: 101 }],
    },
  },
  {
    name: 'rests-for-ever',
    room: 'election',
    rule: 'A candidate that was not elected tries again.',
    file: ELECTION,
    from: "after: { restTimeout: 'deciding' },",
    to: '',
  },
  {
    name: 'never-decides',
    room: 'election',
    rule: 'A peer that starts and hears of no coordinator calls an election.',
    file: ELECTION,
    from: "{ guard: 'isVoter', target: 'deciding' },",
    to: '',
  },
  {
    name: 'yields-for-nothing',
    room: 'election',
    rule: 'Winning an election is only leave to run: somebody must ask a quorum for the term.',
    file: ELECTION,
    from: "entry: { type: 'won', params: rules.handoverNow },",
    to: '',
  },
  {
    name: 'asks-for-ever',
    room: 'failure detector',
    rule: 'Others are asked about a member that is missed, and are not waited for.',
    file: DETECTOR,
    from: 'after: { verifyTimeout: givingUp },',
    to: '',
  },
  {
    name: 'holds-for-ever',
    room: 'election',
    rule: 'An office that has changed hands may do so again after a while.',
    file: ELECTION,
    from: "after: { holdDown: 'unrivalled' },",
    to: '',
    kinds: ['transfer', 'load'],
  },
  {
    name: 'fences-alike',
    room: 'election',
    rule: 'Every reign has a fence of its own, higher than those before it.',
    file: 'actors/peer-office.ts',
    from: 'sequence: sequencer.openedAt',
    to: 'sequence: 1',
  },
];
