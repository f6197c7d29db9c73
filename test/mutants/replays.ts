/**
 * `npm run replays`: failing runs, made by mutants, are played again in another process and in a browser, and must leave
 * the same trace, byte for byte.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { recordRun } from '../../apps/simulator/ledger.js';
import { launchBrowser } from '../browser/chromium.js';
import { bundleProgram, type Patch } from '../bundle.mjs';
import { settingsOrEnd, wholeNumber } from '../support/settings.js';
import type { Order, Played } from './replay-engine.js';
import { SIMULATED } from './simulated.js';

/** Each breaks something else, soon. */
const MUTANTS = [
  'repeats-count',
  'keys-forgotten',
  'persisted-too-much',
  'view-number-forgotten',
  'answers-for-others',
];
const ENGINE = 'test/mutants/replay-engine.ts';

const { runs, ledger } = settingsOrEnd(
  'replays',
  'usage: npm run replays -- [--runs N] [--ledger FILE]\n',
  (args) => {
    const { values } = parseArgs({
      args,
      options: { runs: { type: 'string', default: '100' }, ledger: { type: 'string' } },
    });
    return { runs: wholeNumber('--runs', values.runs), ledger: values.ledger };
  },
);
const start = performance.now();
const browser = await launchBrowser();
let [same, sameInBrowser] = [0, 0];
for (const [place, name] of MUTANTS.entries()) {
  const mutant = SIMULATED.find((one) => one.name === name) as Patch;
  const count = Math.ceil((runs - place) / MUTANTS.length);
  const bundle = await bundleProgram(ENGINE, { mutant });
  const first = playInNode(bundle, { from: 1, count });
  const seeds = first.map(({ seed }) => seed);
  const again = playInNode(bundle, { seeds });
  const there = await playInBrowser(browser, await bundleProgram(ENGINE, { mutant, platform: 'browser' }), {
    seeds,
  });
  const agrees = (other: readonly Played[]) =>
    first.filter((one, i) => JSON.stringify(one) === JSON.stringify(other[i])).length;
  same += agrees(again);
  sameInBrowser += agrees(there);
  process.stdout.write(
    `${name}: ${first.length} failing runs, ${agrees(again)} the same in Node, ${agrees(there)} in the browser\n`,
  );
}
await browser.close();
const result = `${same} of ${runs} the same in Node, ${sameInBrowser} of ${runs} in a browser`;
process.stdout.write(`${result}\n`);
if (ledger !== undefined)
  recordRun(ledger, {
    command: 'npm run replays',
    amount: `${runs} failing runs, each played three times`,
    seconds: (performance.now() - start) / 1000,
    result,
  });
process.exitCode = same === runs && sameInBrowser === runs ? 0 : 1;

function playInNode(bundle: string, order: Order): readonly Played[] {
  const { stdout, stderr } = spawnSync(process.execPath, [bundle, JSON.stringify(order)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

async function playInBrowser(where: Browser, bundle: string, order: Order): Promise<readonly Played[]> {
  const page = await where.newPage();
  await page.addScriptTag({ content: readFileSync(bundle, 'utf8'), type: 'module' });
  await page.waitForFunction('globalThis.bullpenReplay !== undefined');
  const played = await page.evaluate(`bullpenReplay(${JSON.stringify(order)})`);
  await page.close();
  return played as readonly Played[];
}
