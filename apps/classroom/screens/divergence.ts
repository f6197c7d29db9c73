/** Where two runs part: the first event that one has and the other has not. */
import type { TraceEvent } from '../contract.js';

export interface Divergence {
  /** Places in either run of the first events that differ. */
  readonly index: number;
  /** Of the earlier of the two, virtual ms. */
  readonly t: number;
  readonly one: TraceEvent | undefined;
  readonly other: TraceEvent | undefined;
}

/** Null when one run is as the other, as far as both are known. Numbers, which a fault shifts, make no difference. */
export function divergenceOf(
  one: Pick<Events, 'at' | 'length'>,
  other: Pick<Events, 'at' | 'length'>,
): Divergence | null {
  const shorter = Math.min(one.length, other.length);
  for (let index = 0; index < shorter; index += 1) {
    const left = one.at(index);
    const right = other.at(index);
    if (left === undefined || right === undefined || isSame(left, right)) continue;
    return { index, t: Math.min(left.t, right.t), one: left, other: right };
  }
  return null;
}

interface Events {
  readonly length: number;
  readonly at: (index: number) => TraceEvent | undefined;
}

function isSame(one: TraceEvent, other: TraceEvent): boolean {
  return (
    one.t === other.t &&
    one.p === other.p &&
    one.k === other.k &&
    one.a === other.a &&
    one.ev === other.ev &&
    one.st === other.st &&
    one.m === other.m &&
    one.words === other.words
  );
}
