/** What a run of the fuzzers comes to: how many inputs of each target ended how, how long they took, what was found. */
import type { CrewListener } from './crew.js';
import type { Finding, Report } from './fuzzing.js';

const MIB = 1024 * 1024;
/** VERIFICATION §2, G6. */
const GROWTH_MAX = 64 * MIB;
/** Before this share of the run, what is loaded and cached is not growth. */
const WARM_UP = 0.1;

interface TargetTally {
  readonly target: string;
  inputs: number;
  worstMs: number;
  readonly outcomes: Record<string, number>;
}

export interface Summary {
  readonly inputs: number;
  readonly seconds: number;
  readonly targets: readonly TargetTally[];
  readonly worstMs: number;
  /** Of the worker that grew most, after warm-up and a collection; and of the whole process. */
  readonly heapGrowthMiB: number;
  readonly rssGrowthMiB: number;
  readonly findings: readonly Finding[];
}

export class Tally implements CrewListener {
  readonly #whole: number;
  readonly #show: (done: number, extra: string) => void;
  readonly #targets = new Map<string, TargetTally>();
  readonly #findings = new Map<string, Finding>();
  readonly #heaps = new Map<number, { warm: number; last: number }>();
  #rss = { warm: 0, most: 0 };
  #done = 0;

  constructor(whole: number, show: (done: number, extra: string) => void) {
    this.#whole = whole;
    this.#show = show;
  }

  reported({ target, inputs, outcomes, worstMs }: Report): void {
    const tally = this.#targets.get(target) ?? { target, inputs: 0, worstMs: 0, outcomes: {} };
    this.#targets.set(target, tally);
    tally.inputs += inputs;
    tally.worstMs = Math.max(tally.worstMs, worstMs);
    for (const [outcome, times] of Object.entries(outcomes))
      tally.outcomes[outcome] = (tally.outcomes[outcome] ?? 0) + times;
    this.#done += inputs;
  }

  measured(worker: number, heap: number): void {
    const known = this.#heaps.get(worker);
    if (known === undefined || this.#isWarmingUp()) this.#heaps.set(worker, { warm: heap, last: heap });
    else known.last = heap;
  }

  found(finding: Finding): void {
    const kind = `${finding.target} ${finding.complaint.split(':')[0]}`;
    const known = this.#findings.get(kind);
    if (known !== undefined) {
      known.more += finding.more + 1;
      return;
    }
    this.#findings.set(kind, finding);
    process.stderr.write(`\n${wordsOf(finding)}\n`);
  }

  progressed(underWay: number): void {
    const rss = process.memoryUsage.rss();
    if (this.#isWarmingUp()) this.#rss = { warm: Math.max(this.#rss.warm, rss), most: rss };
    else this.#rss.most = Math.max(this.#rss.most, rss);
    this.#show(Math.min(this.#whole, this.#done + underWay), `${this.#findings.size} findings`);
  }

  judgeGrowth(): void {
    const { heapGrowthMiB } = this.summary(0);
    if (heapGrowthMiB * MIB > GROWTH_MAX)
      this.found({
        target: 'all',
        complaint: `memory: ${heapGrowthMiB.toFixed(0)} MiB more are held than after the warm-up`,
        input: 'all of them together',
        replay: 'the whole run',
        more: 0,
      });
  }

  summary(seconds: number): Summary {
    const targets = [...this.#targets.values()];
    return {
      inputs: this.#done,
      seconds: Math.round(seconds),
      targets,
      worstMs: Math.max(0, ...targets.map(({ worstMs }) => worstMs)),
      heapGrowthMiB: Math.max(0, ...[...this.#heaps.values()].map(({ warm, last }) => last - warm)) / MIB,
      rssGrowthMiB: Math.max(0, this.#rss.most - this.#rss.warm) / MIB,
      findings: [...this.#findings.values()],
    };
  }

  #isWarmingUp(): boolean {
    return this.#done < WARM_UP * this.#whole;
  }
}

/** In a line, for the ledger. */
export function resultOf({ findings, worstMs, heapGrowthMiB, rssGrowthMiB }: Summary): string {
  const kinds = findings.map(({ target, complaint }) => `${target}: ${complaint.split(':')[0]}`);
  const found = kinds.length === 0 ? 'no finding' : kinds.join('; ');
  const growth = `heap +${heapGrowthMiB.toFixed(0)} MiB, RSS +${rssGrowthMiB.toFixed(0)} MiB`;
  return `${found}; slowest ${worstMs.toFixed(0)} ms; ${growth}`;
}

/** For people, a line for each target. */
export function textOf(summary: Summary): string {
  const lines = summary.targets.map(({ target, inputs, worstMs, outcomes }) => {
    const most = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
    const shown = most.slice(0, 8).map(([outcome, times]) => `${outcome} ${times}`);
    const rest = most.length > 8 ? `, and ${most.length - 8} more` : '';
    return `${target.padEnd(14)}${String(inputs).padStart(10)}  ${worstMs.toFixed(0).padStart(4)} ms  ${shown.join(', ')}${rest}`;
  });
  const rate = Math.round(summary.inputs / Math.max(1, summary.seconds));
  const last = `${summary.inputs.toLocaleString('en')} inputs in ${summary.seconds} s, ${rate}/s: ${resultOf(summary)}`;
  return `${[...lines, last].join('\n')}\n`;
}

const wordsOf = ({ target, complaint, input, replay, more }: Finding): string =>
  [
    `${target}: ${complaint}`,
    `with: ${input.slice(0, 4000)}`,
    ...(more > 0 ? [`and ${more} more of the kind`] : []),
    `play it again: ${replay}`,
  ].join('\n');
