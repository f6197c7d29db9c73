/**
 * Fuzzing on every core: worker threads that each take the next part when they have done theirs, and somebody who watches
 * them from outside. A thread that hangs can say nothing; it leaves behind which input it had begun.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Finding, Report } from './fuzzing.js';
import { sharesOf, targetNamed } from './targets.js';

/** Some inputs of one target. */
export interface Part {
  readonly target: string;
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}

/** What a worker answers; after its last part, what keeps it from ending when something does. */
type Answer =
  | {
      readonly report: Report;
      /** What its heap holds once everything that can go has gone, bytes. */
      readonly heap: number;
    }
  | { readonly left: readonly string[] };

/** Without a word for this long a worker hangs: the slowest worlds take seconds to begin. */
const HANG_MS = 60_000;
const LOOK_EVERY_MS = 250;
/** Worlds are closed when a worker has no part any more: whatever holds it for longer was left behind. */
const ENDS_WITHIN_MS = 15_000;

/** What the workers of a crew have come to. */
export interface CrewListener {
  reported(report: Report): void;
  /** The heap of one worker, after a part. */
  measured(worker: number, heap: number): void;
  found(finding: Finding): void;
  /** Now and then: inputs begun by the parts that are under way. */
  progressed(underWay: number): void;
}

/** Runs all `parts` on `jobs` threads of the program at `script`, which must call `serve` when it is a worker. */
export async function runCrew(
  parts: readonly Part[],
  jobs: number,
  script: URL,
  listener: CrewListener,
): Promise<void> {
  const waiting = [...parts];
  const crew = Array.from({ length: jobs }, (_, index) => new Place(index, script, waiting, listener));
  const watch = setInterval(() => {
    listener.progressed(crew.reduce((sum, place) => sum + place.look(), 0));
  }, LOOK_EVERY_MS);
  try {
    await Promise.all(crew.map((place) => place.work()));
  } finally {
    clearInterval(watch);
  }
}

/** One worker's place: if the worker has to go, another takes it. */
class Place {
  readonly #index: number;
  readonly #script: URL;
  readonly #waiting: Part[];
  readonly #listener: CrewListener;
  /** Written by the worker: the place within the part of the input that is being tried, and how many tries there were. */
  readonly #at = new Int32Array(new SharedArrayBuffer(8));
  #part: Part | undefined;
  #seen = { tries: -1, since: performance.now() };
  #hangs: () => void = () => {};

  constructor(index: number, script: URL, waiting: Part[], listener: CrewListener) {
    this.#index = index;
    this.#script = script;
    this.#waiting = waiting;
    this.#listener = listener;
  }

  async work(): Promise<void> {
    while (this.#waiting.length > 0) await this.#employ();
  }

  /** Looks whether the worker goes on. Answers how many inputs of its part it has begun. */
  look(): number {
    const tries = Atomics.load(this.#at, 1);
    if (tries !== this.#seen.tries) this.#seen = { tries, since: performance.now() };
    if (this.#part === undefined) return 0;
    if (performance.now() - this.#seen.since > HANG_MS) this.#hangs();
    return Atomics.load(this.#at, 0);
  }

  /** Has one worker do parts until none are left, or it hangs. */
  #employ(): Promise<void> {
    // A stack as small as a process has: how deep JSON may go, and how long that takes, depends on it.
    const resourceLimits = { stackSizeMb: 1 };
    const worker = new Worker(this.#script, { workerData: { at: this.#at.buffer }, resourceLimits });
    return new Promise((resolve, reject) => {
      const next = () => {
        this.#part = this.#waiting.shift();
        this.#seen = { tries: -1, since: performance.now() };
        Atomics.store(this.#at, 0, 0);
        worker.postMessage(this.#part ?? null);
      };
      this.#hangs = () => {
        this.#noteHang();
        worker.terminate().then(() => resolve(), reject);
      };
      worker.on('error', reject);
      worker.on('exit', () => resolve());
      worker.on('message', (answer: Answer) => {
        if ('left' in answer) {
          this.#noteLeft(answer.left);
          return;
        }
        const { report, heap } = answer;
        this.#listener.reported(report);
        this.#listener.measured(this.#index, heap);
        for (const finding of report.findings) this.#listener.found(finding);
        next();
      });
      next();
    });
  }

  #noteLeft(left: readonly string[]): void {
    const complaint = `left behind: a worker is held by ${[...new Set(left)].join(', ')} (${left.length})`;
    const input = 'all of them together';
    this.#listener.found({ target: 'all', complaint, input, replay: 'the whole run', more: 0 });
  }

  /** The inputs behind the one that hangs are somebody else's. */
  #noteHang(): void {
    const part = this.#part;
    this.#part = undefined;
    if (part === undefined) return;
    const input = part.first + Atomics.load(this.#at, 0);
    const replay = `npm run fuzz -- --target ${part.target} --seed ${part.seed} --first ${input} --inputs 1`;
    const complaint = `hang: no answer within ${HANG_MS / 1000} s`;
    this.#listener.found({ target: part.target, complaint, input: 'see its replay', replay, more: 0 });
    const left = part.first + part.count - input - 1;
    if (left > 0) this.#waiting.push({ ...part, first: input + 1, count: left });
  }
}

/** What a worker does: parts, until there are none. */
export function serve(): void {
  const at = new Int32Array((workerData as { at: SharedArrayBuffer }).at);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  parentPort?.on('message', async (part: Part | null) => {
    const target = part === null ? undefined : targetNamed(part.target);
    if (part === null || target === undefined) {
      end();
      return;
    }
    const { seed, first, count } = part;
    const onTry = (input: number) => {
      Atomics.store(at, 0, input - first);
      Atomics.add(at, 1, 1);
    };
    const report = await target.fuzz({ seed, first, count, onTry });
    collect();
    const answer: Answer = { report, heap: process.memoryUsage().heapUsed };
    parentPort?.postMessage(answer);
  });
}

/** Ends by itself, when nothing holds it. */
function end(): void {
  parentPort?.unref();
  const late = setTimeout(() => {
    const answer: Answer = { left: process.getActiveResourcesInfo() };
    parentPort?.postMessage(answer);
    // What has been posted has still to arrive.
    setImmediate(() => process.exit(0));
  }, ENDS_WITHIN_MS);
  late.unref();
}

/** The parts of a run over all targets, by their shares: of all of them alike at every moment of the run. */
export function partsOf(inputs: number, seed: number): readonly Part[] {
  const shares = sharesOf(inputs).flatMap(({ target, inputs: count }) =>
    partsOfTarget(target.name, seed, 0, count),
  );
  const wholes = new Map(sharesOf(inputs).map(({ target, inputs: count }) => [target.name, count]));
  const moment = ({ target, first, count }: Part) => (first + count / 2) / (wholes.get(target) ?? 1);
  return [...shares].sort((a, b) => moment(a) - moment(b));
}

/** The parts of a run over one target: each is a world. */
export function partsOfTarget(name: string, seed: number, first: number, count: number): readonly Part[] {
  const target = targetNamed(name);
  if (target === undefined) return [];
  const parts: Part[] = [];
  for (let at = first; at < first + count; at += target.inputsPerWorld)
    parts.push({ target: name, seed, first: at, count: Math.min(target.inputsPerWorld, first + count - at) });
  return parts;
}
