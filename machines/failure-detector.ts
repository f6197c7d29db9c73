/**
 * Failure detector: what this peer believes of one member. One actor per member.
 *
 *   trusted ── silent for the suspect time-out, or gone ──▶ verifying ── nobody hears it ──▶ suspected
 *    ▲  │ ▲                                                     └─────── somebody does ────▶ unreachable ─ later ▶ verifying
 *    │  └─┴─ proving: another peer asks whether we hear it                                     │  either ── dismissed ──▶ failed
 *    └─────────────── heard from again, from anywhere ─────────────────────────────────────────┘
 *   suspected: missing ── for so long that it may lose its vote ──▶ absent
 *
 * A timed detector of the eventually perfect kind (Chandra & Toueg 1996): it may be wrong, and takes it back. Any frame
 * counts as a sign of life. It counts silent heartbeat intervals instead of re-arming a timer for every frame.
 *
 * Nobody is suspected on our word alone: others are asked first, and probe it (as in SWIM, Das, Gupta & Motivala 2002). A
 * member whose channel has closed and whose host refuses the next one is gone, as far as its kernel knows; that is asked
 * about at once, without waiting for its silence.
 */
import { assign, setup } from 'xstate';
import type { FailureMessage, PeerId } from '../transport/protocol.js';
import { effect } from './effect.js';
import { toleranceOf, withGap } from './values/arrivals.js';

export interface FailureDetectorInput {
  readonly me: PeerId;
  readonly member: PeerId;
  readonly heartbeatIntervalMs: number;
  readonly suspectTimeoutMs: number;
  /** How long others have to answer whether they hear the member. */
  readonly verifyTimeoutMs: number;
  /** Suspected for so long without a sign of life, it is called absent. */
  readonly absenceMs: number;
  /** `fixed`: the suspect time-out. `phi`: longer for a member that is heard irregularly, and never shorter. Default `fixed`. */
  readonly detector?: 'fixed' | 'phi';
}

/** A peer that wants to know whether we hear the member, and which of its questions this is. */
export interface Inquirer {
  readonly by: PeerId;
  readonly round: number;
}

export interface Context extends FailureDetectorInput {
  /** Heartbeat intervals that have ended since the member was heard; the first may have begun before. */
  readonly silentIntervals: number;
  /** How long its silence may last, ms; and what that was learnt from, for `phi`: when a heartbeat came last, and the gaps before. */
  readonly toleranceMs: number;
  readonly arrivedAt: number | null;
  readonly gapsMs: readonly number[];
  /** Counts our verifications, so that an answer belongs to one of them. */
  readonly round: number;
  /** Who has been asked and has not answered; null until the peer says whom it has asked. */
  readonly asked: readonly PeerId[] | null;
  /** Who waits for our own word; each once, so no more than there are members. */
  readonly inquirers: readonly Inquirer[];
}

export type FailureDetectorEvent =
  /** A frame of it has come; `at`, by our clock, ms, where it was a heartbeat. */
  | { readonly type: 'member.heard'; readonly at?: number }
  /** Its last channel has closed, and its host has refused the next. */
  | { readonly type: 'member.gone' }
  /** Our own process has stood still: the silence was ours. */
  | { readonly type: 'self.stalled' }
  /** The member has left, or another incarnation has taken its place: this one will not come back. */
  | { readonly type: 'member.dismissed' }
  | ({ readonly type: 'probe.asked' } & Inquirer)
  | { readonly type: 'probe.sent'; readonly asked: readonly PeerId[] }
  | {
      readonly type: 'probe.answered';
      readonly by: PeerId;
      readonly round: number;
      readonly alive: boolean;
    };

type Letter = { readonly to: readonly PeerId[]; readonly message: FailureMessage };

/** Told once, when it begins. */
const givingUp = { target: 'suspected', actions: { type: 'suspected', params: whom } } as const;

/** Silent for as long again, and again: its connection may be dead without either end having noticed. */
const redialling = <State extends string>(target: State) =>
  ({
    suspectTimeout: {
      guard: 'isTimed',
      target,
      reenter: true,
      actions: { type: 'missed', params: whom },
    },
  }) as const;

export const failureDetectorMachine = setup({
  types: {
    input: {} as FailureDetectorInput,
    context: {} as Context,
    events: {} as FailureDetectorEvent,
  },
  actions: {
    send: effect<Letter>(),
    sendEach: effect<{ letters: readonly Letter[] }>(),
    // Facts.
    doubted: effect<{ member: PeerId; round: number }>(),
    suspected: effect<{ member: PeerId }>(),
    unreached: effect<{ member: PeerId }>(),
    trusted: effect<{ member: PeerId }>(),
    missed: effect<{ member: PeerId }>(),
    absent: effect<{ member: PeerId }>(),
    // Steps.
    hear: assign(({ context, event }) => ({ silentIntervals: 0, ...learnt(context, event) })),
    // A gap in which it was missed, or we stood still, tells of a failure and not of its rhythm.
    hearAnew: assign(({ event }) => ({ silentIntervals: 0, arrivedAt: arrivalOf(event) })),
    countSilence: assign({ silentIntervals: ({ context }) => context.silentIntervals + 1 }),
    nextRound: assign({ round: ({ context }) => context.round + 1, asked: null }),
    noteAsked: assign(({ context, event }) =>
      event.type === 'probe.sent' ? { asked: event.asked } : { asked: context.asked },
    ),
    noteDenial: assign(({ context, event }) => ({ asked: withoutDenial(context, event) })),
    noteInquirer: assign(({ context, event }) => ({ inquirers: withInquirer(context, event) })),
    forgetInquirers: assign({ inquirers: [] }),
  },
  guards: {
    // This way round, a machine without input comes to rest: XState's pure functions build one before they start.
    isShortlySilent: ({ context }) =>
      (context.silentIntervals + 1) * context.heartbeatIntervalMs < context.toleranceMs,
    isTimed: ({ context }) => context.suspectTimeoutMs > 0,
    hasNobodyToAsk: ({ event }) => event.type === 'probe.sent' && event.asked.length === 0,
    isHeardElsewhere: ({ context, event }) =>
      event.type === 'probe.answered' && event.alive && event.round === context.round,
    isLastDenial: ({ context, event }) => withoutDenial(context, event)?.length === 0,
  },
  delays: {
    heartbeatInterval: ({ context }) => context.heartbeatIntervalMs,
    suspectTimeout: ({ context }) => context.suspectTimeoutMs,
    verifyTimeout: ({ context }) => context.verifyTimeoutMs,
    absence: ({ context }) => context.absenceMs,
  },
}).createMachine({
  id: 'failure-detector',
  context: ({ input }) => ({
    ...input,
    silentIntervals: 0,
    toleranceMs: input?.suspectTimeoutMs,
    arrivedAt: null,
    gapsMs: [],
    round: 0,
    asked: null,
    inquirers: [],
  }),
  initial: 'trusted',
  on: {
    'member.dismissed': '.failed',
    'probe.asked': { actions: { type: 'send', params: denial } },
  },
  states: {
    trusted: {
      on: {
        'member.heard': { actions: 'hear' },
        'self.stalled': { actions: 'hearAnew' },
        'member.gone': 'verifying',
        'probe.asked': { target: 'proving', actions: 'noteInquirer' },
      },
      after: {
        heartbeatInterval: [
          { guard: 'isShortlySilent', target: 'trusted', reenter: true, actions: 'countSilence' },
          { target: 'verifying' },
        ],
      },
    },
    proving: {
      description: 'Somebody does not hear it and asks us: so do we, of the member itself.',
      entry: { type: 'send', params: probe },
      on: {
        'member.heard': { target: 'trusted', actions: ['hear', ...answering(true)] },
        'member.gone': { target: 'verifying', actions: answering(false) },
        'probe.asked': { actions: 'noteInquirer' },
      },
      after: {
        verifyTimeout: [
          { guard: 'isShortlySilent', target: 'trusted', actions: ['countSilence', 'forgetInquirers'] },
          { target: 'verifying', actions: 'forgetInquirers' },
        ],
      },
    },
    verifying: {
      description: 'We do not hear it: does anybody?',
      entry: ['nextRound', { type: 'doubted', params: question }],
      on: {
        'member.heard': { target: 'trusted', actions: 'hearAnew' },
        'self.stalled': { target: 'trusted', actions: 'hearAnew' },
        'probe.sent': [{ guard: 'hasNobodyToAsk', ...givingUp }, { actions: 'noteAsked' }],
        'probe.answered': [
          { guard: 'isHeardElsewhere', target: 'unreachable' },
          { guard: 'isLastDenial', ...givingUp },
          { actions: 'noteDenial' },
        ],
      },
      after: { verifyTimeout: givingUp },
    },
    // Waits to hear from it, for ever: suspicion is withdrawn by evidence, not by time.
    suspected: {
      initial: 'missing',
      on: {
        'member.heard': { target: 'trusted', actions: ['hearAnew', { type: 'trusted', params: whom }] },
      },
      // Whoever is taken out for it is not watched any more, and could not come back while a dead channel stands for it.
      after: {
        absence: {
          target: '.absent',
          actions: [
            { type: 'missed', params: whom },
            { type: 'absent', params: whom },
          ],
        },
      },
      states: {
        missing: { after: redialling('missing') },
        absent: { description: 'Down for longer than a moment.', after: redialling('absent') },
      },
    },
    unreachable: {
      description: 'Others hear it: the link between us is bad, not the member.',
      entry: { type: 'unreached', params: whom },
      on: {
        'member.heard': { target: 'trusted', actions: ['hearAnew', { type: 'trusted', params: whom }] },
      },
      after: { suspectTimeout: { target: 'verifying', actions: { type: 'missed', params: whom } } },
    },
    failed: { type: 'final' },
  },
});

interface Now {
  readonly context: Context;
  readonly event: FailureDetectorEvent;
}

/** When a heartbeat came; null for whatever else is a sign of life. */
const arrivalOf = (event: FailureDetectorEvent): number | null =>
  event.type === 'member.heard' ? (event.at ?? null) : null;

/** Each gap between two heartbeats says how long the next may be. */
function learnt(
  { arrivedAt, gapsMs, suspectTimeoutMs, detector }: Context,
  event: FailureDetectorEvent,
): Partial<Context> {
  const at = arrivalOf(event);
  if (at === null || detector !== 'phi') return {};
  const gaps = arrivedAt === null ? gapsMs : withGap(gapsMs, at - arrivedAt);
  return { arrivedAt: at, gapsMs: gaps, toleranceMs: toleranceOf(gaps, suspectTimeoutMs) };
}

function whom({ context }: Now) {
  return { member: context.member };
}

function question({ context: { member, round } }: Now) {
  return { member, round };
}

/** Asks the member for a sign of life: any would do, but it may have nothing to say just now. */
function probe({ context: { me, member } }: Now): Letter {
  return { to: [member], message: { type: 'failure.probe', from: me, member, round: 0 } };
}

/** Tells everybody who has asked, and forgets them. */
function answering(alive: boolean) {
  const letters = ({ context }: Now) => ({
    letters: context.inquirers.map((inquirer) => answerTo(context, inquirer, alive)),
  });
  return [{ type: 'sendEach', params: letters }, 'forgetInquirers'] as const;
}

function denial({ context, event }: Now): Letter {
  const inquirer = event.type === 'probe.asked' ? event : { by: context.me, round: 0 };
  return answerTo(context, inquirer, false);
}

function answerTo({ me, member }: Context, { by, round }: Inquirer, alive: boolean): Letter {
  return { to: [by], message: { type: 'failure.probe-result', from: me, member, round, alive } };
}

/** Who has still to answer once this one has said no; null while nobody has been asked, or it is no answer to us. */
function withoutDenial({ asked, round }: Context, event: FailureDetectorEvent): readonly PeerId[] | null {
  const isDenial = event.type === 'probe.answered' && event.round === round && !event.alive;
  return asked !== null && isDenial ? asked.filter((id) => id !== event.by) : asked;
}

function withInquirer({ inquirers }: Context, event: FailureDetectorEvent): readonly Inquirer[] {
  if (event.type !== 'probe.asked') return inquirers;
  const { by, round } = event;
  return [...inquirers.filter((inquirer) => inquirer.by !== by), { by, round }];
}
