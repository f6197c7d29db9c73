/** What many seeds came to, added up, and said in words. */
import type { SeedResult } from './seeds.js';

export interface Report {
  readonly seeds: number;
  readonly violations: number;
  readonly seconds: number;
  readonly simulatedHours: number;
  readonly steps: number;
  readonly coordinators: number;
  readonly committed: number;
  readonly acknowledged: number;
  readonly truncations: number;
  /** Of the hosted system. */
  readonly effects: number;
  /** Suspect time-outs from the last fault to a coordinator that serves everybody; null where no time passes. */
  readonly healed: { readonly median: number; readonly p99: number; readonly max: number } | null;
}

export function reportOf(results: readonly SeedResult[], seconds: number): Report {
  const sum = (of: (result: SeedResult) => number) => results.reduce((total, one) => total + of(one), 0);
  const healed = results.flatMap(({ healedAfter }) => (healedAfter === null ? [] : [healedAfter]));
  return {
    seeds: results.length,
    violations: results.filter(({ violation }) => violation !== null).length,
    seconds,
    simulatedHours: sum((one) => one.simulatedMs) / 3_600_000,
    steps: sum((one) => one.steps),
    coordinators: sum((one) => one.reigns),
    committed: sum((one) => one.committed),
    acknowledged: sum((one) => one.acknowledged),
    truncations: sum((one) => one.cuts),
    effects: sum((one) => one.effects),
    healed: healed.length === 0 ? null : spread(healed),
  };
}

function spread(values: readonly number[]): { median: number; p99: number; max: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { median: at(0.5), p99: at(0.99), max: at(1) };
}

export function linesOf(report: Report): readonly string[] {
  const count = (value: number) => value.toLocaleString('en');
  const { seeds, seconds, simulatedHours, healed } = report;
  const rate = `${(seeds / seconds).toFixed(1)} seeds/s`;
  const ratio = ((simulatedHours * 3600) / seconds).toFixed(0);
  const time =
    simulatedHours === 0
      ? ''
      : `, ${simulatedHours.toFixed(2)} h simulated, ${ratio} times as fast as real time`;
  const suspects = (value: number) => value.toFixed(1);
  return [
    `${count(seeds)} seeds in ${seconds.toFixed(1)} s: ${rate}${time}`,
    `${count(report.steps)} steps, ${count(report.coordinators)} coordinators, ${count(report.committed)} entries committed, ` +
      `${count(report.truncations)} logs cut${report.acknowledged > 0 ? `, ${count(report.acknowledged)} submissions acknowledged` : ''}`,
    ...(report.effects === 0
      ? []
      : [`the hosted system: ${count(report.effects)} things took effect, each at one place of the log`]),
    ...(healed === null
      ? []
      : [
          `after the last fault, in suspect time-outs, until a coordinator served everybody: ` +
            `median ${suspects(healed.median)}, p99 ${suspects(healed.p99)}, longest ${suspects(healed.max)}`,
        ]),
    report.violations === 0 ? 'no violation' : `${report.violations} of these seeds break an invariant`,
  ];
}
