/**
 * `npm run fuzz -- --inputs 1000000 [--target NAME] [--seed N] [--first N] [--jobs N] [--json] [--ledger FILE]`
 *
 * Tries hostile inputs on everything that comes from outside. Ends with 1 when one of them shows something, after a line
 * that replays it. `--planted` proves the fuzzers instead: each bug of planted.ts must be found.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { recordRun } from '../../apps/simulator/ledger.js';
import { Progress } from '../../apps/simulator/progress.js';
import { settingsOrEnd, wholeNumber } from '../support/settings.js';
import { type Part, partsOf, partsOfTarget, runCrew, serve } from './crew.js';
import { hunted, PLANTED } from './planted.js';
import { resultOf, Tally, textOf } from './tally.js';
import { TARGETS, targetNamed } from './targets.js';

const USAGE =
  'usage: npm run fuzz -- [--inputs N] [--target NAME] [--seed N] [--first N] [--jobs N] [--planted] [--json] [--ledger FILE]\n';

async function main(): Promise<number> {
  const settings = settingsOrEnd('fuzz', USAGE, readSettings);
  if (settings.isPlanted) return provePlanted(settings.ledger);
  const { parts, inputs, jobs } = settings;
  const progress = new Progress(inputs, 'inputs', {
    isTerminal: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 120,
    write: (text) => void process.stderr.write(text),
  });
  const tally = new Tally(inputs, (done, extra) => progress.show(done, extra));
  const command = `npm run fuzz -- ${settings.words}`;
  // Native code can end the process without a word of ours: then this is what replays it.
  process.stderr.write(`${command}\n`);
  await runCrew(parts, jobs, new URL(import.meta.url), tally);
  progress.clear();
  tally.judgeGrowth();
  const summary = tally.summary(progress.seconds);
  process.stdout.write(settings.json ? `${JSON.stringify({ command, ...summary })}\n` : textOf(summary));
  if (settings.ledger !== undefined)
    recordRun(settings.ledger, {
      command,
      amount: `${summary.inputs.toLocaleString('en')} inputs`,
      seconds: progress.seconds,
      result: resultOf(summary),
    });
  return summary.findings.length === 0 ? 0 : 1;
}

/** The other way round: with a bug in the program, do the fuzzers notice? */
async function provePlanted(ledger: string | undefined): Promise<number> {
  const started = performance.now();
  const missed = await hunted((line) => process.stdout.write(`${line}\n`));
  const result = `${PLANTED.length - missed} of ${PLANTED.length} planted bugs found`;
  process.stdout.write(`${result}\n`);
  const seconds = (performance.now() - started) / 1000;
  if (ledger !== undefined)
    recordRun(ledger, {
      command: 'npm run fuzz -- --planted',
      amount: `${PLANTED.length} bugs`,
      seconds,
      result,
    });
  return missed === 0 ? 0 : 1;
}

interface Settings {
  readonly isPlanted: boolean;
  readonly parts: readonly Part[];
  readonly inputs: number;
  readonly jobs: number;
  readonly json: boolean;
  readonly ledger: string | undefined;
  /** What makes the same run again. */
  readonly words: string;
}

function readSettings(args: string[]): Settings {
  const { values } = parseArgs({
    args,
    options: {
      inputs: { type: 'string', default: '100000' },
      target: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      first: { type: 'string', default: '0' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      json: { type: 'boolean', default: false },
      ledger: { type: 'string' },
      planted: { type: 'boolean', default: false },
    },
  });
  const { target, json, ledger, planted: isPlanted } = values;
  const inputs = wholeNumber('--inputs', values.inputs);
  const seed = wholeNumber('--seed', values.seed, 0);
  const first = wholeNumber('--first', values.first, 0);
  const jobs = wholeNumber('--jobs', values.jobs);
  if (target === undefined)
    return {
      isPlanted,
      parts: partsOf(inputs, seed),
      inputs,
      jobs,
      json,
      ledger,
      words: `--inputs ${inputs} --seed ${seed}`,
    };
  if (targetNamed(target) === undefined)
    throw new Error(`--target is one of ${TARGETS.map(({ name }) => name).join(', ')}`);
  const parts = partsOfTarget(target, seed, first, inputs);
  const replay = `--target ${target} --seed ${seed} --first ${first} --inputs ${inputs}`;
  return { isPlanted, parts, inputs, jobs: Math.min(jobs, parts.length), json, ledger, words: replay };
}

if (isMainThread) process.exitCode = await main();
else serve();
