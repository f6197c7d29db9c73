/**
 * What the scripts of the lessons are made of: one small cluster with slow, even ways, and acts in short.
 *
 * The times are the textbook's as far as our machines take them: a message needs 20 ms, so an OK needs 40 and 60 are
 * enough to wait for it. Silence of less than four heartbeats is never held against anybody here, so a leader is missed
 * after 400 ms and not after 300.
 */
import type { Act, MessageSelector, PeerId, Script } from '../contract.js';
import type { Parameter, TextKey, Variant } from './lesson.js';

export const TIMINGS = {
  heartbeatIntervalMs: 100,
  suspectTimeoutMs: 400,
  verifyTimeoutMs: 50,
  answerTimeoutMs: 60,
  coordinatorTimeoutMs: 180,
  collectTimeoutMs: 250,
  stickinessMs: 300,
  handoverTimeoutMs: 300,
  takeoverStableMs: 500,
  holdDownMs: 1000,
  flapWindowMs: 2000,
  joinGraceMs: 250,
} as const;

export const LATENCY_MS = 20;

/** The three seeds whose numbers are written down. */
export const SEEDS = [1, 2, 3] as const;

export type Mode = 'classic' | 'safe';

type Options = Script['scenario']['options'];
type Network = Script['scenario']['network'];

export interface Setting {
  readonly peers: number;
  readonly mode: Mode;
  readonly takeover?: Options['takeover'];
  readonly timings?: Partial<Record<keyof typeof TIMINGS, number>>;
  readonly network?: Network;
  readonly clockRates?: Readonly<Record<PeerId, number>>;
}

/** `1` to `n`. */
export const peersUpTo = (n: number): readonly PeerId[] => Array.from({ length: n }, (_, i) => `${i + 1}`);

export function scriptOf(setting: Setting, acts: readonly Act[]): Script {
  const { peers, mode, takeover = mode === 'classic' ? 'immediate' : 'afterSync' } = setting;
  return {
    v: 1,
    scenario: {
      seed: SEEDS[0],
      peers: [...peersUpTo(peers)],
      options: {
        preset: 'fast',
        mode,
        takeover,
        timings: { ...TIMINGS, ...setting.timings },
        detector: 'fixed',
        pendingMax: 10_000,
        snapshotEvery: 0,
        trailing: 10_000,
        tieBreaker: false,
        lastManStanding: false,
        lastManStandingMs: 60_000,
        minVoters: 1,
      },
      network: setting.network ?? { latency: LATENCY_MS, loss: 0 },
      system: null,
      clockRates: { ...setting.clockRates },
      wallClockRate: 1,
      horizonMs: 86_400_000,
    },
    acts,
  };
}

/** A run of a lesson: with its name under `NN.variant.ID`. */
export function variantOf(
  lesson: string,
  id: string,
  setting: Setting,
  acts: readonly Act[],
  span: { readonly fromMs?: number; readonly untilMs: number },
): Variant {
  const name: TextKey = `${lesson}.variant.${id}`;
  return {
    id,
    name,
    script: { ...scriptOf(setting, acts), name },
    fromMs: span.fromMs ?? 0,
    untilMs: span.untilMs,
  };
}

/** For good: longer than any lesson. */
const FOR_GOOD_MS = 86_000_000;

/** Killed, as by `kill -9`: its kernel closes its channels, so all notice within a redial. */
export const kill = (peer: PeerId, at: number, forMs = FOR_GOOD_MS): Act => ({
  kind: 'crash',
  at,
  forMs,
  peer,
  isPowerCut: false,
});

/** Its power fails: nobody is told, there is only silence. */
export const powerCut = (peer: PeerId, at: number, forMs = FOR_GOOD_MS): Act => ({
  kind: 'crash',
  at,
  forMs,
  peer,
  isPowerCut: true,
});

export const pause = (peer: PeerId, at: number, forMs: number): Act => ({ kind: 'pause', at, forMs, peer });

export const split = (at: number, forMs: number, ...sides: readonly (readonly PeerId[])[]): Act => ({
  kind: 'partition',
  at,
  forMs,
  sides: sides.map((side) => [...side]),
});

/** All ways from that peer are cut: nobody hears it, and it hears everybody. */
export const mute = (peer: PeerId, others: readonly PeerId[], at: number, forMs = FOR_GOOD_MS): Act[] =>
  others.filter((id) => id !== peer).map((to) => ({ kind: 'cut', at, forMs, from: peer, to }));

/** All ways to that peer are cut: everybody hears it, and it hears nobody. */
export const deafen = (peer: PeerId, others: readonly PeerId[], at: number, forMs = FOR_GOOD_MS): Act[] =>
  others.filter((id) => id !== peer).map((from) => ({ kind: 'cut', at, forMs, from, to: peer }));

export const drop = (at: number, which: MessageSelector): Act => ({ kind: 'drop', at, which });

/** Somebody at that peer says `text`. */
export const say = (peer: PeerId, at: number, text: string): Act =>
  ({
    kind: 'load',
    at,
    peer,
    count: 1,
    everyMs: 0,
    bytes: 0,
    isRetried: false,
    timeoutMs: null,
    text,
  }) as Act;

const TICK = 'xstate.after.heartbeatInterval.failure-detector.trusted';

/**
 * That peer notices `member`'s silence before anybody else: the ticks by which its detector counts silence are fired one
 * after the other, a millisecond apart. It still asks the others, and waits for their word as long as ever.
 */
export const notices = (peer: PeerId, member: PeerId, at: number): Act[] =>
  Array.from({ length: TIMINGS.suspectTimeoutMs / TIMINGS.heartbeatIntervalMs }, (_, tick) => ({
    kind: 'timer',
    at: at + tick,
    peer,
    actor: `failure-detector:${member}`,
    event: TICK,
    toMs: 0,
  }));

/** A setting of all peers that a learner may turn. */
export function timing(
  lesson: string,
  key: keyof typeof TIMINGS,
  bounds: { readonly least: number; readonly most: number; readonly step: number },
  usual: number = TIMINGS[key],
): Parameter {
  return {
    id: key,
    name: `${lesson}.parameter.${key}`,
    unit: 'ms',
    ...bounds,
    usual,
    applied: (script, value) => ({
      ...script,
      scenario: {
        ...script.scenario,
        options: {
          ...script.scenario.options,
          timings: { ...script.scenario.options.timings, [key]: value },
        },
      },
    }),
  };
}
