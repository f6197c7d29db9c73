/**
 * Which timings a cluster can live with, and why: the rules that every peer's configuration is checked by, and the arithmetic
 * behind them. What is refused here is refused by the command too.
 */

export interface Timings {
  readonly heartbeatIntervalMs: number;
  readonly suspectTimeoutMs: number;
  readonly verifyTimeoutMs: number;
  readonly answerTimeoutMs: number;
  readonly coordinatorTimeoutMs: number;
  readonly stickinessMs: number;
}

export type TimingKey = keyof Timings;

/** Shortest and longest way of a message, ms. */
export interface Ways {
  readonly from: number;
  readonly to: number;
}

export interface Judgement {
  readonly of: TimingKey;
  /** `refused`: no peer starts so. `risky`: it starts, and will be wrong at times. */
  readonly weight: 'refused' | 'risky';
  readonly words: string;
}

/** Heartbeats that fit into the silence after which a peer is suspected, at least. */
const BEATS_LEAST = 4;

/** So many heartbeats in a row may be lost before somebody healthy is suspected. */
export const lossesBorne = (
  { heartbeatIntervalMs: beat, suspectTimeoutMs: suspect }: Timings,
  { from, to }: Ways,
): number => Math.max(-1, Math.ceil((suspect - (to - from)) / beat) - 2);

/** How long nobody leads at most when the leader dies: silence, questions, and an election without losses, ms. */
export const outageMs = (timings: Timings, { to }: Ways): number =>
  timings.suspectTimeoutMs + timings.verifyTimeoutMs + timings.answerTimeoutMs + to;

export function judged(timings: Timings, ways: Ways): readonly Judgement[] {
  const { heartbeatIntervalMs: beat, suspectTimeoutMs: suspect, answerTimeoutMs: answer } = timings;
  const judgements: Judgement[] = [];
  const add = (of: TimingKey, weight: Judgement['weight'], words: string) =>
    judgements.push({ of, weight, words });
  if (suspect < BEATS_LEAST * beat)
    add(
      'suspectTimeoutMs',
      'refused',
      `must be at least 4 × heartbeat, ${BEATS_LEAST * beat} ms, or every peer is always suspected`,
    );
  if (timings.coordinatorTimeoutMs < 3 * answer)
    add(
      'coordinatorTimeoutMs',
      'refused',
      `must be at least 3 × answer time-out, ${3 * answer} ms, or no winner has time to announce`,
    );
  if (timings.stickinessMs >= suspect)
    add(
      'stickinessMs',
      'refused',
      `must be below the suspect time-out, ${suspect} ms, or an election finds nobody free to promise`,
    );
  if (answer < 2 * ways.to)
    add(
      'answerTimeoutMs',
      'risky',
      `an OK may need there and back ${2 * ways.to} ms: a challenger that waits less takes slow peers for dead ones`,
    );
  if (lossesBorne(timings, ways) < 1)
    add(
      'suspectTimeoutMs',
      'risky',
      'one lost heartbeat, with the ways as uneven as they are, is enough to be suspected',
    );
  return judgements;
}
