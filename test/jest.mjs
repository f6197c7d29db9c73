/**
 * Runs Jest: with arguments just as told, else everything in two halves side by side, those that compute and those that wait;
 * and then, by itself, what is judged by how long it takes.
 *
 * Each part runs in band. Real processes and browsers mostly wait for one another, so what computes takes the time they
 * leave; two halves that both compute would only be in each other's way on two cores.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NODE = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--runInBand',
];
/** Folders whose tests start processes, open sockets or drive a browser. */
const WAITING = 'test/(actors|apps|browser|journal|processes|transport)/';
/** No answer may take longer than 100 ms: nobody else is at work then. */
const TIMED = 'test/hostile/';
/** Builders that tests start (esbuild, vite) keep a process of their own, which would be waited for. */
const ENDING = '--forceExit';

const told = process.argv.slice(2);
if (told.length > 0 || availableParallelism() < 2) process.exitCode = (await run(told, 'inherit')).code;
else await runHalves();

async function runHalves() {
  const halves = await Promise.all([
    run([ENDING, '--testPathPatterns', WAITING], 'inherit-but-count'),
    run([ENDING, '--testPathIgnorePatterns', WAITING, TIMED, '/node_modules/'], 'keep'),
  ]);
  for (const { kept } of halves) process.stdout.write(kept);
  halves.push(await run([ENDING, '--testPathPatterns', TIMED], 'inherit-but-count'));
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { counts } of halves) for (const name of Object.keys(sum)) sum[name] += counts[name];
  const broken = halves.filter(({ code }) => code !== 0).length;
  // A half that could not even say how it went did not pass.
  if (broken > 0 && sum.failed === 0) sum.failed = broken;
  process.exitCode = broken > 0 ? 1 : 0;
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
  process.stdout.write(`${sum.passed} passed, ${sum.failed} failed${skipped}\n`);
}

/** @param manner - `inherit`: as if Jest had been called; `inherit-but-count`: shown at once, without its last line; `keep`: shown at the end. */
function run(words, manner) {
  return new Promise((resolve) => {
    const stdio = manner === 'inherit' ? 'inherit' : ['ignore', 'pipe', 'pipe'];
    // Programs for terminals draw nothing where CI is set; those that are tested have to.
    const env = { ...process.env, CI: 'false' };
    const child = spawn(process.execPath, [...NODE, ...words], { cwd: ROOT, stdio, env });
    const outcome = { code: 1, kept: '', counts: { passed: 0, failed: 0, skipped: 0 } };
    const hear = (text) => {
      const rest = text.replace(
        /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\n/m,
        (_, passed, failed, skipped) => {
          outcome.counts = { passed: Number(passed), failed: Number(failed), skipped: Number(skipped ?? 0) };
          return '';
        },
      );
      if (manner === 'keep') outcome.kept += rest;
      else process.stdout.write(rest);
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', hear);
    }
    child.on('close', (code) => resolve({ ...outcome, code: code ?? 1 }));
  });
}
