/** How long nothing was acknowledged, and what was going on then. */
import type { Operation } from '../../history/operation.js';
import type { Step } from './nemesis.js';

export interface Outage {
  readonly ms: number;
  /** When it ended, ms since the round began. */
  readonly endedAt: number;
  /** Those that were on at any time of it. */
  readonly faults: readonly string[];
}

/** The longest time between two acknowledgements, to whichever clients. */
export function longestOutage(operations: readonly Operation[], steps: readonly Step[]): Outage {
  const gaps = gapsOf(operations);
  const longest = gaps.reduce((most, gap) => (gap.ms > most.ms ? gap : most), { ms: 0, endedAt: 0 });
  const during = steps.filter((step) => isDuring(longest, step));
  return { ...longest, faults: during.flatMap(({ faults }) => faults) };
}

/** For each fault, the longest outage in a step in which it was the only one, ms; the worst first. */
export function outagesByFault(
  operations: readonly Operation[],
  steps: readonly Step[],
): Readonly<Record<string, number>> {
  const gaps = gapsOf(operations);
  const worst = new Map<string, number>();
  for (const step of steps) {
    const [fault, ...others] = step.faults;
    if (fault === undefined || others.length > 0) continue;
    const ms = Math.max(0, ...gaps.filter((gap) => isDuring(gap, step)).map((gap) => gap.ms));
    worst.set(fault, Math.max(worst.get(fault) ?? 0, Math.round(ms)));
  }
  return Object.fromEntries([...worst].sort(([, one], [, other]) => other - one));
}

interface Gap {
  readonly ms: number;
  readonly endedAt: number;
}

/** Shorter ones are the pace of the clients. */
const GAP_MS = 100;

function gapsOf(operations: readonly Operation[]): readonly Gap[] {
  const times = operations
    .flatMap((one) => (one.op === 'submit' && one.outcome === 'ok' ? [one.end] : []))
    .sort((one, other) => one - other);
  const begun = Math.min(...operations.slice(0, 100).map(({ start }) => start));
  const gaps = times.map((endedAt, i) => ({ ms: endedAt - (times[i - 1] ?? begun), endedAt }));
  return gaps.filter(({ ms }) => ms > GAP_MS);
}

const isDuring = ({ ms, endedAt }: Gap, { from, to }: Step): boolean => from < endedAt && to > endedAt - ms;
