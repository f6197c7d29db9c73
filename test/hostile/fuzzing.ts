/**
 * The fuzzer itself: draws inputs, tries each on its target, and makes the simplest of what fails.
 *
 * Around every input the same is asked: no exception, no rejection nobody handles, an answer within 100 ms. What else a
 * target has to stand is its own affair.
 */
import { readFileSync } from 'node:fs';
import { Choices, simplest } from './choices.js';

/** What became of one input. */
export interface Verdict {
  /** How it ended, in a word or two: counted, so that one sees what the inputs reach. */
  readonly outcome: string;
  /** What is wrong, as `kind: detail`; null when nothing is. */
  readonly complaint: string | null;
  /** Of an input that is many events, how long the longest of them took, ms: nobody is held up by all of them together. */
  readonly longestMs?: number;
}

/** What is under attack. It may serve many inputs. */
export interface World<Input> {
  judge(input: Input): Verdict | Promise<Verdict>;
  /** Ends it. Answers what is wrong after all its inputs, as `kind: detail`; null when nothing is. */
  close(): string | null | Promise<string | null>;
}

export interface Target<Input = unknown> {
  readonly name: string;
  /** Of a thousand inputs of a run over all targets, so many are for this one. */
  readonly share: number;
  /** Its own thread's time says how long it takes: it waits for nothing, or only for a disk, which holds nobody up. */
  readonly isComputing: boolean;
  /** After so many inputs the world is a new one. */
  readonly inputsPerWorld: number;
  readonly open: () => World<Input> | Promise<World<Input>>;
  readonly draw: (choices: Choices) => Input;
  /** The input for people. */
  readonly show: (input: Input) => string;
}

export interface Finding {
  readonly target: string;
  readonly complaint: string;
  /** The simplest input that shows it, for people. */
  readonly input: string;
  /** What to type to see it again. */
  readonly replay: string;
  /** How many further inputs of the part complained of the same kind. */
  more: number;
}

export interface Report {
  readonly target: string;
  readonly inputs: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** The longest that one input took; the best of several tries when it was over the limit. */
  readonly worstMs: number;
  readonly findings: readonly Finding[];
}

export const LIMIT_MS = 100;
const RETRIES = 8;
/** Simplifying stops after so many tries, or so long: enough for a reader, and soon enough for whoever waits. */
const SIMPLIFY_MAX = 400;
const SIMPLIFY_MS = 5000;
/** A part in which so many inputs have shown something has shown enough. */
const COMPLAINTS_MAX = 20;
/** Between two looks for rejections that nobody handled. */
const TURN_INPUTS = 512;

/** Some inputs of a target. */
export interface Part {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  /** Told before every try of an input: who watches from outside knows which one hangs. */
  readonly onTry?: (input: number) => void;
}

/** Tries the inputs `first` to `first + count - 1` of `seed` on `target`. */
export async function fuzz<Input>(target: Target<Input>, part: Part): Promise<Report> {
  const strays = catchStrays();
  try {
    return await new Fuzzing(target, part, strays).run();
  } finally {
    strays.close();
  }
}

class Fuzzing<Input> {
  readonly #target: Target<Input>;
  readonly #part: Part;
  readonly #strays: Strays;
  readonly #outcomes = new Map<string, number>();
  readonly #findings = new Map<string, Finding>();
  #worstMs = 0;
  #index = 0;
  #inputs = 0;
  #complaints = 0;

  constructor(target: Target<Input>, part: Part, strays: Strays) {
    this.#target = target;
    this.#part = part;
    this.#strays = strays;
  }

  async run(): Promise<Report> {
    const { first, count } = this.#part;
    for (let at = first; at < first + count; at += this.#target.inputsPerWorld)
      await this.#runWorld(at, Math.min(at + this.#target.inputsPerWorld, first + count));
    return {
      target: this.#target.name,
      inputs: this.#inputs,
      outcomes: Object.fromEntries(this.#outcomes),
      worstMs: this.#worstMs,
      findings: [...this.#findings.values()],
    };
  }

  async #runWorld(from: number, to: number): Promise<void> {
    let world = await this.#target.open();
    for (let index = from; index < to && this.#complaints < COMPLAINTS_MAX; index += 1) {
      this.#index = index;
      this.#inputs += 1;
      this.#part.onTry?.(index);
      const choices = Choices.drawn(this.#part.seed, index);
      const { outcome, complaint } = await this.#try(world, this.#target.draw(choices), index, from);
      this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
      if (complaint === null) continue;
      this.#complaints += 1;
      await this.#note(complaint, choices.made, from, index);
      // What has gone wrong once may go on being wrong.
      await world.close();
      world = await this.#target.open();
    }
    const complaint = (await world.close()) ?? (await this.#strays.stray());
    if (complaint !== null) this.#add(complaint, 'all of them together', from, to - 1);
  }

  /** Judges the input, with what is asked of every one. */
  async #try(world: World<Input>, input: Input, index: number, from: number): Promise<Verdict> {
    const started = performance.now();
    const answer = attempt(() => world.judge(input));
    const verdict = answer instanceof Promise ? await answer : answer;
    let ms = verdict.longestMs ?? performance.now() - started;
    if (verdict.complaint !== null) return verdict;
    // A busy machine or a collection of garbage takes its time too, but not every time.
    for (let again = 0; again < RETRIES && ms > LIMIT_MS; again += 1)
      ms = Math.min(ms, await this.#timeOf(input));
    this.#worstMs = Math.max(this.#worstMs, ms);
    if (ms > LIMIT_MS) return { outcome: 'slow', complaint: `slow: ${ms.toFixed(0)} ms` };
    const isTurn = answer instanceof Promise || (index - from) % TURN_INPUTS === 0;
    const stray = isTurn ? await this.#strays.stray() : null;
    return stray === null ? verdict : { outcome: 'stray', complaint: stray };
  }

  async #timeOf(input: Input): Promise<number> {
    this.#part.onTry?.(this.#index);
    const world = await this.#target.open();
    const started = this.#target.isComputing ? processorMs() : performance.now();
    const { longestMs } = await attempt(() => world.judge(input));
    const ms = (this.#target.isComputing ? processorMs() : performance.now()) - started;
    await world.close();
    return longestMs ?? ms;
  }

  async #note(complaint: string, made: readonly number[], from: number, index: number): Promise<void> {
    const kind = kindOf(complaint);
    const known = this.#findings.get(kind);
    if (known !== undefined) {
      known.more += 1;
      return;
    }
    const started = performance.now();
    const isAlike = async (choices: readonly number[]) =>
      performance.now() - started < SIMPLIFY_MS && kindOf((await this.#alone(choices)) ?? '') === kind;
    if (!(await isAlike(made))) {
      // It took what came before, too.
      this.#add(complaint, this.#target.show(this.#target.draw(Choices.given(made))), from, index);
      return;
    }
    const least = await simplest(made, isAlike, SIMPLIFY_MAX);
    const input = this.#target.show(this.#target.draw(Choices.given(least)));
    this.#add((await this.#alone(least)) ?? complaint, input, index, index);
  }

  /** What is wrong with one input in a world of its own. */
  async #alone(choices: readonly number[]): Promise<string | null> {
    this.#part.onTry?.(this.#index);
    const world = await this.#target.open();
    const { complaint } = await this.#try(world, this.#target.draw(Choices.given(choices)), 0, 0);
    const atEnd = await world.close();
    return complaint ?? atEnd;
  }

  #add(complaint: string, input: string, first: number, last: number): void {
    const { name } = this.#target;
    const replay = `npm run fuzz -- --target ${name} --seed ${this.#part.seed} --first ${first} --inputs ${last - first + 1}`;
    const kind = kindOf(complaint);
    if (!this.#findings.has(kind))
      this.#findings.set(kind, { target: name, complaint, input, replay, more: 0 });
  }
}

const kindOf = (complaint: string): string => complaint.split(':')[0] ?? '';

function attempt(judge: () => Verdict | Promise<Verdict>): Verdict | Promise<Verdict> {
  try {
    const answer = judge();
    return answer instanceof Promise ? answer.catch(escaped) : answer;
  } catch (problem) {
    return escaped(problem);
  }
}

const escaped = (problem: unknown): Verdict => ({
  outcome: 'exception',
  complaint: `exception: ${stackOf(problem)}`,
});

const stackOf = (problem: unknown): string =>
  problem instanceof Error && problem.stack !== undefined
    ? problem.stack.split('\n').slice(0, 6).join('\n')
    : String(problem);

/** What this thread has had of a processor, where the system tells: others that run beside it do not count. */
function processorMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

interface Strays {
  /** What has been thrown or rejected since the last look and was handled by nobody; null when nothing was. */
  stray(): Promise<string | null>;
  close(): void;
}

function catchStrays(): Strays {
  const caught: string[] = [];
  const onRejection = (problem: unknown) => caught.push(`unhandled rejection: ${stackOf(problem)}`);
  const onException = (problem: unknown) => caught.push(`uncaught exception: ${stackOf(problem)}`);
  process.on('unhandledRejection', onRejection);
  process.on('uncaughtException', onException);
  return {
    stray: async () => {
      await new Promise(setImmediate);
      return caught.splice(0)[0] ?? null;
    },
    close: () => {
      process.off('unhandledRejection', onRejection);
      process.off('uncaughtException', onException);
    },
  };
}
