/** What a run of the bench has found: one object, and the same as a table. */
import { type CatchUp, catchUpRows } from './learner.js';
import type { Unrest } from './measurements.js';
import type { BenchSettings } from './settings.js';
import { type Soak, soakRows, unrestInWords } from './soak.js';
import { median, percentile } from './statistics.js';
import { hundredths, ms, rate, row, thousands } from './table.js';

/** Messages per second, delivered on all three. */
export interface Throughput {
  readonly from: 'a follower' | 'all three';
  readonly perSecond: number;
  readonly slowestSlice: number;
  readonly fastestSlice: number;
  /** Of the floor measured in the same run; null when it was not. */
  readonly shareOfFloor: number | null;
  /** Nobody had failed: all of it would be the load's doing. */
  readonly unrest: Unrest;
}

export interface Latency {
  readonly from: 'a follower' | 'the coordinator';
  readonly messages: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface Failover {
  readonly medianMs: number;
  readonly maxMs: number;
  readonly eachMs: readonly number[];
}

/** The longest time without an answer, for each of the handovers. */
export interface Handover {
  readonly handovers: number;
  readonly gapMedianMs: number;
  readonly gapP99Ms: number;
  readonly gapMaxMs: number;
  /** From the request to the answer that the other one leads. */
  readonly takesMedianMs: number;
  readonly failures: number;
}

export interface BenchReport {
  readonly machine: { readonly node: string; readonly cpu: string; readonly cores: number };
  readonly settings: Omit<BenchSettings, 'json' | 'profile'>;
  /** The same work without a protocol, messages per second. */
  readonly floor: { readonly perSecond: number } | null;
  readonly throughput: readonly Throughput[];
  readonly latency: readonly Latency[];
  readonly failover: Failover | null;
  /** As failover, after SIGSTOP instead of kill -9. */
  readonly silent: Failover | null;
  readonly handover: Handover | null;
  readonly learner: CatchUp | null;
  readonly soak: Soak | null;
  /** Submissions that failed, over the whole run. */
  readonly failures: number;
}

export function throughputOf(
  from: Throughput['from'],
  rates: readonly number[],
  floorPerSecond: number | undefined,
  unrest: Unrest,
): Throughput {
  const perSecond = median(rates);
  return {
    from,
    perSecond: Math.round(perSecond),
    slowestSlice: Math.round(Math.min(...rates)),
    fastestSlice: Math.round(Math.max(...rates)),
    shareOfFloor:
      floorPerSecond === undefined ? null : Math.round((1000 * perSecond) / floorPerSecond) / 1000,
    unrest,
  };
}

export function latencyOf(from: Latency['from'], latencies: readonly number[]): Latency {
  return {
    from,
    messages: latencies.length,
    p50Ms: hundredths(percentile(latencies, 0.5)),
    p99Ms: hundredths(percentile(latencies, 0.99)),
    maxMs: hundredths(percentile(latencies, 1)),
  };
}

export function failoverOf(times: readonly number[]): Failover {
  const eachMs = times.map(hundredths);
  return { medianMs: hundredths(median(times)), maxMs: Math.max(...eachMs), eachMs };
}

export function handoverOf(gaps: readonly number[], times: readonly number[], failures: number): Handover {
  return {
    handovers: gaps.length,
    gapMedianMs: hundredths(median(gaps)),
    gapP99Ms: hundredths(percentile(gaps, 0.99)),
    gapMaxMs: hundredths(percentile(gaps, 1)),
    takesMedianMs: hundredths(median(times)),
    failures,
  };
}

/** The report as lines for people. */
export function tableOf({
  machine,
  settings,
  floor,
  throughput,
  latency,
  failover,
  silent,
  handover,
  learner,
  soak,
  failures,
}: BenchReport): readonly string[] {
  const { seconds, warmUpSeconds, inFlight, payloadBytes, preset, messagesPerSecond } = settings;
  return [
    `three peers, each a process; WebSockets on loopback; journals on disk, synced; payload ${payloadBytes} B; preset ${preset}`,
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; each load ${seconds} s after ${warmUpSeconds} s of warm-up`,
    ...(floor === null
      ? []
      : ['', 'floor: the same work without a protocol', row('from a follower', [rate(floor.perSecond)])]),
    ...(throughput.length === 0
      ? []
      : ['', `throughput, delivered on all three, ${inFlight} in flight (median of seconds)`]),
    ...throughput.map(({ from, perSecond, slowestSlice, fastestSlice, shareOfFloor, unrest }) =>
      row(`from ${from}`, [
        rate(perSecond),
        `${thousands(slowestSlice)} to ${thousands(fastestSlice)}`,
        ...(shareOfFloor === null ? [] : [`${(100 * shareOfFloor).toFixed(1)} % of the floor`]),
        unrestInWords(unrest),
      ]),
    ),
    ...(latency.length === 0
      ? []
      : ['', `latency at ${messagesPerSecond} messages/s, from submission to delivery at the submitter`]),
    ...latency.map(({ from, p50Ms, p99Ms, maxMs }) =>
      row(`from ${from}`, [`p50 ${ms(p50Ms)}`, `p99 ${ms(p99Ms)}`, `max ${ms(maxMs)}`]),
    ),
    ...failoverRows('kill -9', 'kills', failover, messagesPerSecond),
    ...failoverRows('SIGSTOP', 'stops', silent, messagesPerSecond),
    ...handoverRows(handover, settings.handoverMessagesPerSecond),
    ...catchUpRows(learner, messagesPerSecond),
    ...soakRows(soak, settings.rate),
    ...(failures === 0 ? [] : ['', `${failures} submissions failed`]),
  ];
}

const failoverRows = (
  signal: string,
  times: string,
  found: Failover | null,
  perSecond: number,
): readonly string[] =>
  found === null
    ? []
    : [
        '',
        `failover, from ${signal} of the coordinator to the first new message on both survivors, ${perSecond} messages/s`,
        row(`${found.eachMs.length} ${times}`, [`median ${ms(found.medianMs)}`, `max ${ms(found.maxMs)}`]),
      ];

const handoverRows = (handover: Handover | null, perSecond: number): readonly string[] =>
  handover === null
    ? []
    : [
        '',
        `planned handover, the longest time without an answer at ${perSecond} messages/s`,
        row(`${handover.handovers} handovers`, [
          `median ${ms(handover.gapMedianMs)}`,
          `p99 ${ms(handover.gapP99Ms)}`,
          `max ${ms(handover.gapMaxMs)}`,
          `${handover.failures} failed`,
        ]),
      ];
