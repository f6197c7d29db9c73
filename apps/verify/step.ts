/** What one peer does upon one event, and what the world learns of it. */

/** A peer opens a term of its own, and may ask for promises. */
export interface Opening {
  readonly kind: 'opened';
  readonly rank: number;
  readonly owner: number;
  readonly hasAsked: boolean;
}

/** What the world learns of a peer that coordinates: the log it may have sent, and what it calls committed. */
export interface Claim {
  readonly kind: 'led';
  readonly rank: number;
  readonly owner: number;
  readonly log: number;
  readonly commit: number;
  /** It did not coordinate before. */
  readonly isFirst: boolean;
}

export type Deed = Opening | Claim;

/** One way of taking an event. Numbers are those of the registers; 0 for no letter. */
export interface Step {
  /** The peer afterwards. */
  readonly next: number;
  /** Letters to the owner of the term at `letterRank`. */
  readonly promise: number;
  readonly acknowledgement: number;
  readonly letterRank: number;
  /** What a candidate that asked for more of the best log is answered. */
  readonly reply: number;
  /** The rank of the term it opened; 0 for none. */
  readonly opened: number;
  /** What it did to the history, in this order. */
  readonly deeds: readonly number[];
  /** How far it knows the log to be committed, kept or not. */
  readonly commit: number;
  /** It crashed meanwhile, and has started again. */
  readonly isCrash: boolean;
  /** The invariant this step breaks. */
  readonly problem: string | undefined;
}

/** The same step twice is one, whoever asked for it. */
export function distinct(steps: readonly Step[]): readonly Step[] {
  const texts = new Set<string>();
  return steps.filter((step) => {
    const text = textOf(step);
    return !texts.has(text) && texts.add(text);
  });
}

/** Of steps that differ only in how much is acknowledged, the one that acknowledges most. */
export function strongest(steps: readonly Step[], matchIn: (event: number) => number): readonly Step[] {
  const best = new Map<string, Step>();
  for (const step of steps) {
    const key = textOf({ ...step, acknowledgement: 0, commit: 0 });
    const known = best.get(key);
    if (known === undefined || matchIn(step.acknowledgement) > matchIn(known.acknowledgement))
      best.set(key, step);
  }
  return [...best.values()];
}

const textOf = ({
  next,
  promise,
  acknowledgement,
  reply,
  opened,
  deeds,
  commit,
  isCrash,
  problem,
}: Step): string =>
  `${next},${promise},${acknowledgement},${reply},${opened},${deeds.join('/')},${commit},${isCrash},${problem}`;
