/** `bullpen verify`: searches every interleaving of a small cluster, and tells the shortest way to a broken invariant. */
import { EXIT } from '../node/exit.js';
import { onShutdown } from '../node/shutdown.js';
import { recordRun } from '../simulator/ledger.js';
import { type Ending, type Progress, Search } from './search.js';
import { type VerifySettings, wordsOf } from './settings.js';
import { type Story, storyOf } from './story.js';
import { World } from './world.js';

export interface VerifyOutput {
  readonly out: (line: string) => void;
  readonly progress: {
    readonly isTerminal: boolean;
    readonly write: (text: string) => void;
  };
}

export interface VerifyReport {
  readonly search: string;
  readonly ending: Ending | 'limited';
  readonly states: number;
  readonly transitions: number;
  /** Steps from the start to the states searched last. */
  readonly depth: number;
  readonly seconds: number;
  readonly statesPerSecond: number;
  /** Resident memory of the process when it ended. */
  readonly memoryBytes: number;
  /** Why the search ended before it was through; null when it did not. */
  readonly limit: string | null;
  readonly violation: ({ readonly invariant: string; readonly detail: string } & Story) | null;
}

/** States searched between two looks at the clock. */
const SLICE = 200;
/** Between two looks at the world outside: the user may want it to end. */
const TURN_MS = 200;
const GB = 1e9;

/**
 * Searches what `settings` ask for, and prints what came of it: words, or one JSON object.
 *
 * @returns the exit code: 0 when all was searched and nothing is wrong, 1 when an invariant is broken, 75 when a limit came
 *   first.
 */
export async function runVerify(settings: VerifySettings, { out, progress }: VerifyOutput): Promise<number> {
  const report = await searched(settings, progress);
  if (settings.ledger !== undefined) remember(settings.ledger, report);
  if (settings.json) out(JSON.stringify(report));
  else for (const line of linesOf(report)) out(line);
  if (report.violation !== null) return EXIT.failed;
  return report.limit === null ? EXIT.clean : EXIT.unavailable;
}

async function searched(settings: VerifySettings, progress: VerifyOutput['progress']): Promise<VerifyReport> {
  const search = new Search(new World(settings));
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  let limit: string | null = null;
  const stopListening = onShutdown(() => {
    limit = 'interrupted';
  });
  let ending: Ending | undefined;
  while (ending === undefined && limit === null) {
    const turnEnds = performance.now() + TURN_MS;
    while (ending === undefined && performance.now() < turnEnds) ending = search.run(SLICE);
    limit ??= limitReached(settings, seconds());
    if (progress.isTerminal) progress.write(`\r\x1b[K${progressLine(search.progress, seconds())}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (progress.isTerminal) progress.write('\r\x1b[K');
  stopListening();
  return reportOf(settings, search, ending, limit, seconds());
}

function limitReached({ timeLimit, memoryLimit }: VerifySettings, seconds: number): string | null {
  if (seconds > timeLimit) return `the time limit of ${timeLimit} s`;
  return process.memoryUsage.rss() > memoryLimit * GB ? `the memory limit of ${memoryLimit} GB` : null;
}

const count = (number: number): string => Math.round(number).toLocaleString('en');

const progressLine = ({ states, depth, waiting }: Progress, seconds: number): string =>
  `depth ${depth}, ${count(states)} states, ${count(waiting)} waiting, ${count(states / seconds)} states/s`;

function reportOf(
  settings: VerifySettings,
  search: Search<World>,
  ending: Ending | undefined,
  limit: string | null,
  seconds: number,
): VerifyReport {
  const { states, transitions, depth } = search.progress;
  const { problem } = search;
  return {
    search: wordsOf(settings),
    ending: ending ?? 'limited',
    states,
    transitions,
    depth,
    seconds,
    statesPerSecond: states / seconds,
    memoryBytes: process.memoryUsage.rss(),
    limit: ending === undefined ? limit : null,
    violation: problem === undefined ? null : { ...namedIn(problem), ...storyOf(search) },
  };
}

/** `I5: the coordinator …`, in two parts. */
function namedIn(problem: string): { readonly invariant: string; readonly detail: string } {
  const [invariant = problem, ...detail] = problem.split(': ');
  return { invariant, detail: detail.join(': ') };
}

function linesOf(report: VerifyReport): readonly string[] {
  const { search, states, transitions, depth, seconds, statesPerSecond, memoryBytes, limit, violation } =
    report;
  const figures = [
    `${search}: ${count(states)} states, ${count(transitions)} steps between them, ${depth} deep`,
    `${seconds.toFixed(1)} s, ${count(statesPerSecond)} states/s, ${count(memoryBytes / 1e6)} MB; states are compared whole, not by hash`,
  ];
  if (violation !== null)
    return [
      ...figures,
      '',
      `${violation.invariant} is broken: ${violation.detail}`,
      `the shortest way there, ${violation.steps.length} steps:`,
      ...violation.steps.map((step, place) => `${String(place + 1).padStart(4)}. ${step}`),
      'where that leaves everybody:',
      ...violation.end.map((line) => `      ${line}`),
    ];
  return [
    ...figures,
    limit === null
      ? 'exhausted: no violation of I1, I2, I3, I4, I5, I6, I8 or I16'
      : `not exhausted: ${limit} came first; no violation so far`,
  ];
}

function remember(
  path: string,
  { search, states, transitions, seconds, limit, violation, memoryBytes }: VerifyReport,
): void {
  const ending = limit === null ? 'exhausted, no violation' : `not exhausted (${limit}), no violation so far`;
  recordRun(path, {
    command: `bullpen verify ${search}`,
    amount: `${count(states)} states, ${count(transitions)} steps, ${count(memoryBytes / 1e6)} MB`,
    seconds,
    result: violation === null ? ending : `breaks ${violation.invariant}`,
  });
}
