/**
 * Runs Jest: with arguments just as told, else everything in parts, three of them at a time: what computes, what starts
 * processes, what opens sockets and what drives a browser; and then, by itself, what is judged by how long it takes.
 *
 * Each part runs in band. Real processes mostly wait for one another: what computes has a lower priority, and takes the time
 * that they leave.
 */
import { spawn } from 'node:child_process';
import { availableParallelism, constants, getPriority, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NODE = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--runInBand',
];
const CLUSTERS = 'test/(scenarios|simulation)/';
const PROCESSES = 'test/processes/';
const BROWSING = 'test/browser/';
const SOCKETS = 'test/(actors|apps|journal|transport)/';
/** No answer may take longer than 100 ms: nobody else is at work then. */
const TIMED = 'test/hostile/hostile.test';
/** Builders that tests start (esbuild, vite) keep a process of their own, which would be waited for. */
const ENDING = '--forceExit';

const told = process.argv.slice(2);
if (told.length > 0 || availableParallelism() < 2) process.exitCode = (await run(told, 'inherit')).code;
else await runAll();

async function runAll() {
  const others = [CLUSTERS, PROCESSES, BROWSING, SOCKETS, TIMED, '/node_modules/'];
  const only = (pattern) => [ENDING, '--testPathPatterns', pattern];
  const { PRIORITY_NORMAL, PRIORITY_BELOW_NORMAL } = constants.priority;
  // What waits for processes first, beside what computes: that is what fills the gaps, to the end.
  const waiting = [
    ['processes', only(PROCESSES), PRIORITY_NORMAL],
    ['classroom in a browser', only(`${BROWSING}classroom`), PRIORITY_NORMAL],
    ['simulated clusters', only(CLUSTERS), PRIORITY_BELOW_NORMAL],
    ['other pages in a browser', only(`${BROWSING}(?!classroom)`), PRIORITY_NORMAL],
    ['the rest', [ENDING, '--testPathIgnorePatterns', ...others], PRIORITY_BELOW_NORMAL],
    ['sockets', only(SOCKETS), PRIORITY_NORMAL],
  ];
  const parts = [];
  const work = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const [name, words, priority] = part;
      const startedAt = performance.now();
      parts.push(await run(words, 'piped', priority));
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      process.stdout.write(`${name}: ${seconds} s\n`);
    }
  };
  await Promise.all([work(), work(), work()]);
  parts.push(await run(only(TIMED), 'piped'));
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { counts } of parts) for (const name of Object.keys(sum)) sum[name] += counts[name];
  const broken = parts.filter(({ code }) => code !== 0).length;
  // A part that could not even say how it went did not pass.
  if (broken > 0 && sum.failed === 0) sum.failed = broken;
  process.exitCode = broken > 0 ? 1 : 0;
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
  process.stdout.write(`${sum.passed} passed, ${sum.failed} failed${skipped}\n`);
}

/** @param stdio - `inherit`: as if Jest had been called; `piped`: shown without its last line, which is counted. */
function run(words, stdio, priority = getPriority()) {
  return new Promise((resolve) => {
    // Programs for terminals draw nothing where CI is set; those that are tested have to.
    const env = { ...process.env, CI: 'false' };
    const child = spawn(process.execPath, [...NODE, ...words], {
      cwd: ROOT,
      stdio: stdio === 'inherit' ? stdio : ['ignore', 'pipe', 'pipe'],
      env,
    });
    // Only ever lowered: to raise it takes a right that whoever runs us with `nice` may not have.
    if (child.pid !== undefined && priority > getPriority()) setPriority(child.pid, priority);
    const outcome = { code: 1, counts: { passed: 0, failed: 0, skipped: 0 } };
    const hear = (text) => {
      const rest = text.replace(
        /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\n/m,
        (_, passed, failed, skipped) => {
          outcome.counts = { passed: Number(passed), failed: Number(failed), skipped: Number(skipped ?? 0) };
          return '';
        },
      );
      process.stdout.write(rest);
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', hear);
    }
    child.on('close', (code) => resolve({ ...outcome, code: code ?? 1 }));
  });
}
