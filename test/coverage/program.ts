/**
 * What of every chart is taken: `npm run coverage [-- --ledger FILE]`.
 *
 * Twice over: by the shortest paths XState finds through the published machines (paths.ts), and by the tests. A state or
 * transition that no test takes is an error, unless the test says by name why none can; one that no path takes is told.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { recordRun } from '../../apps/simulator/ledger.js';
import { coverageOf, FOLDER_VARIABLE, type Place } from '../support/coverage.js';
import { settingsOrEnd } from '../support/settings.js';
import { journeys } from './journeys.js';
import { walk } from './paths.js';

/** What a test file has left behind. */
interface Left {
  readonly places: readonly Place[];
  readonly seen: readonly string[];
  /** By name, why none can take it. */
  readonly except: Readonly<Record<string, string>>;
}

interface Row {
  readonly machine: string;
  readonly places: readonly Place[];
  /** Null where nobody has looked. */
  readonly byPaths: ReadonlySet<string> | null;
  readonly byTests: ReadonlySet<string> | null;
  readonly except: Readonly<Record<string, string>>;
}

/** The root chart lives among its actors: pure paths do not exist for it. */
const ROOT = 'peer';

function runTests(folder: string): boolean {
  const files = journeys.map(({ machine, test = `test/machines/${machine.id}.test` }) => test);
  const words = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const { status, stderr } = spawnSync(
    process.execPath,
    [...words, 'node_modules/jest/bin/jest.js', '--runInBand', ...files, 'test/coverage/'],
    { env: { ...process.env, [FOLDER_VARIABLE]: folder }, encoding: 'utf8' },
  );
  if (status !== 0) process.stderr.write(stderr);
  return status === 0;
}

function leftBy(folder: string, machine: string): Left | null {
  const path = join(folder, `${machine}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Left) : null;
}

/** `26/26` of one kind. */
function share({ places }: Row, kind: Place['kind'], taken: ReadonlySet<string> | null): string {
  const all = places.filter((place) => place.kind === kind);
  return taken === null ? '·' : `${all.filter(({ name }) => taken.has(name)).length}/${all.length}`;
}

const untaken = ({ places, except }: Row, taken: ReadonlySet<string> | null): readonly string[] =>
  places.map(({ name }) => name).filter((name) => taken?.has(name) === false && !(name in except));

function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.machine,
    share(row, 'state', row.byPaths),
    share(row, 'transition', row.byPaths),
    share(row, 'state', row.byTests),
    share(row, 'transition', row.byTests),
  ]);
  const head = ['machine', 'states, paths', 'transitions, paths', 'states, tests', 'transitions, tests'];
  const widths = head.map((_, i) => Math.max(...[head, ...cells].map((line) => line[i]?.length ?? 0)));
  const lineOf = (line: readonly string[]) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join(' | ')
      .trimEnd();
  return [head, widths.map((width) => '-'.repeat(width)), ...cells].map(lineOf).join('\n');
}

function told(
  title: string,
  rows: readonly Row[],
  takenBy: (row: Row) => ReadonlySet<string> | null,
): number {
  const names = rows.flatMap((row) => untaken(row, takenBy(row)).map((name) => `  ${row.machine}: ${name}`));
  if (names.length > 0) process.stdout.write(`\n${title}\n${names.join('\n')}\n`);
  return names.length;
}

const { ledger } = settingsOrEnd(
  'coverage',
  'usage: npm run coverage -- [--ledger FILE]\n',
  (args) => parseArgs({ args, options: { ledger: { type: 'string' } } }).values,
);
const began = Date.now();
const folder = mkdtempSync(join(tmpdir(), 'coverage-'));
const isPassed = runTests(folder);
let paths = 0;
const rows = journeys.map((journey): Row => {
  paths += walk(journey);
  const { places, seen } = coverageOf(journey.machine);
  const left = leftBy(folder, journey.machine.id);
  return {
    machine: journey.machine.id,
    places,
    byPaths: seen,
    byTests: new Set(left?.seen),
    except: left?.except ?? {},
  };
});
const root = leftBy(folder, ROOT);
rows.push({
  machine: ROOT,
  places: root?.places ?? [],
  byPaths: null,
  byTests: new Set(root?.seen),
  except: root?.except ?? {},
});
rmSync(folder, { recursive: true });

process.stdout.write(`${table(rows)}\n\n${paths} shortest paths\n`);
told('On no path:', rows, (row) => row.byPaths);
const missing = told('Taken by no test:', rows, (row) => row.byTests);
for (const { machine, except } of rows)
  for (const [name, why] of Object.entries(except)) process.stdout.write(`\n${machine}: ${name}: ${why}\n`);

const isFull = isPassed && root !== null && missing === 0;
if (ledger !== undefined)
  recordRun(ledger, {
    command: 'npm run coverage',
    amount: `${rows.length} charts, ${paths} paths`,
    seconds: (Date.now() - began) / 1000,
    result: isFull ? 'every state and transition taken' : `${missing} untaken`,
  });
process.exitCode = isFull ? 0 : 1;
