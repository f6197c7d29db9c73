/** Waiting longer after every failure, and not all for the same time. */
import { draw } from './chance.js';

export interface BackOff {
  /** Failures so far. */
  readonly attempts: number;
  readonly backOffMs: number;
  readonly jitterSeed: number;
}

export interface BackOffBounds {
  readonly backOffMinMs: number;
  readonly backOffMaxMs: number;
}

/** The next back-off: doubled with every attempt up to the cap, then drawn between half of it and the whole. */
export function lengthened({
  attempts,
  jitterSeed,
  backOffMinMs,
  backOffMaxMs,
}: Omit<BackOff, 'backOffMs'> & BackOffBounds): BackOff {
  const { value, seed } = draw(jitterSeed);
  const wholeMs = Math.min(backOffMaxMs, backOffMinMs * 2 ** attempts);
  return { attempts: attempts + 1, backOffMs: Math.ceil(wholeMs * (0.5 + value / 2)), jitterSeed: seed };
}
