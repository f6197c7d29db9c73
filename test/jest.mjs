/**
 * Runs Jest: with arguments just as told, else everything in two halves side by side: what computes and then what drives a
 * browser, and what waits for processes; and then, by itself, what is judged by how long it takes.
 *
 * Each part runs in band. Real processes mostly wait for one another, so what computes takes the time they leave; more than
 * two at a time would only be in each other's way on two cores.
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
/** Folders whose tests start processes or open sockets. */
const WAITING = 'test/(actors|apps|journal|processes|transport)/';
const BROWSING = 'test/browser/';
/** No answer may take longer than 100 ms: nobody else is at work then. */
const TIMED = 'test/hostile/';
/** Builders that tests start (esbuild, vite) keep a process of their own, which would be waited for. */
const ENDING = '--forceExit';

const told = process.argv.slice(2);
if (told.length > 0 || availableParallelism() < 2) process.exitCode = (await run(told, 'inherit')).code;
else await runHalves();

async function runHalves() {
  const others = [WAITING, BROWSING, TIMED, '/node_modules/'];
  const computing = run([ENDING, '--testPathIgnorePatterns', ...others], 'keep');
  const parts = await Promise.all([
    run([ENDING, '--testPathPatterns', WAITING], 'inherit-but-count'),
    computing,
    computing.then(() => run([ENDING, '--testPathPatterns', BROWSING], 'keep')),
  ]);
  for (const { kept } of parts) process.stdout.write(kept);
  parts.push(await run([ENDING, '--testPathPatterns', TIMED], 'inherit-but-count'));
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { counts } of parts) for (const name of Object.keys(sum)) sum[name] += counts[name];
  const broken = parts.filter(({ code }) => code !== 0).length;
  // A part that could not even say how it went did not pass.
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
