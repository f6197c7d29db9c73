/**
 * `npm run budgets`: what the classroom takes on this machine, in a real browser, next to what it may take. Ends with 1 where
 * that is more. No test: beside other work everything takes longer.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { pack } from '../../apps/classroom/screens/link.js';
import { recordRun } from '../../apps/simulator/ledger.js';
import { settingsOrEnd, wholeNumber } from '../support/settings.js';
import { launchBrowser } from './chromium.js';

const CLI = 'dist/cli.js';
const PATIENCE_MS = 30_000;
const FRAMES = 300;
const EVENTS = 5000;
/** A crowd that runs for an hour, and loses its leader on the way. */
const CROWD = {
  scenario: { peers: Array.from({ length: 12 }, (_, i) => String(i + 1)) },
  acts: [2000, 20_000, 40_000].map((at) => ({ kind: 'crash', at, peer: '12', forMs: 8000 })),
};

const { times, ledger } = settingsOrEnd(
  'budgets',
  'usage: npm run budgets -- [--times N] [--ledger FILE]\n',
  (args) => {
    const { values } = parseArgs({
      args,
      options: { times: { type: 'string', default: '5' }, ledger: { type: 'string' } },
    });
    return { times: wholeNumber('--times', values.times), ledger: values.ledger };
  },
);

const start = performance.now();

async function measure(where: Browser, address: string): Promise<number> {
  const rows = [
    row('first picture of the page', await firstPictures(where, `${address}/`), 'ms', 1000),
    row('first picture of a cluster (Sandbox)', await firstClusters(where, `${address}/#/lab`), 'ms', 1000),
    row('a frame while scrubbing, p95', await scrubbing(where, address), 'ms', 16),
    row('12 peers, playing', await playing(where, address), 'frames/s', 57),
  ];
  for (const { words } of rows) process.stdout.write(`${words}\n`);
  const missed = rows.filter(({ isKept }) => !isKept).length;
  if (ledger !== undefined)
    recordRun(ledger, {
      command: 'npm run budgets',
      amount: `${times} visits, ${FRAMES} frames each`,
      seconds: (performance.now() - start) / 1000,
      result: rows.map(({ words }) => words.replace(/ +/g, ' ')).join('; '),
    });
  return missed === 0 ? 0 : 1;
}

/** Frames are to be many, all else is to be little. 60 frames a second are never quite 60. */
function row(name: string, values: readonly number[], unit: 'ms' | 'frames/s', limit: number) {
  const value = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  const isKept = unit === 'ms' ? value <= limit : value >= limit;
  const bound = `${unit === 'ms' ? 'at most' : 'at least'} ${limit}`;
  const words = `${name.padEnd(38)} ${value.toFixed(1)} ${unit} (${bound}${isKept ? '' : ': MISSED'}), of ${values.length}`;
  return { words, isKept };
}

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  for await (const chunk of stdout ?? []) {
    const found = /http=(\S+)/.exec(String(chunk));
    if (found !== null) return `http://${found[1]}`;
  }
  throw new Error('the classroom ended before it said where it is: run `npm start -- --once` once');
}

/** As often as asked, each time in a profile that has seen nothing. */
async function visits(where: Browser, look: (page: Page) => Promise<number>): Promise<readonly number[]> {
  const values: number[] = [];
  for (let i = 0; i < times; i++) {
    const context = await where.newContext({ viewport: { width: 1440, height: 900 } });
    values.push(await look(await context.newPage()));
    await context.close();
  }
  return values;
}

const firstPictures = (where: Browser, url: string) =>
  visits(where, async (page) => {
    await page.goto(url);
    const painted = await page.waitForFunction(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    );
    return Number(await painted.jsonValue());
  });

const peersInArena = (page: Page) =>
  page.waitForFunction(
    () =>
      /leader/.test(document.querySelector('[data-pane="arena"]')?.textContent ?? '') && performance.now(),
    undefined,
    { timeout: PATIENCE_MS, polling: 'raf' },
  );

const firstClusters = (where: Browser, url: string) =>
  visits(where, async (page) => {
    await page.goto(url);
    return Number(await (await peersInArena(page)).jsonValue());
  });

/** Along a trace of so many events, and back: from where a frame begins until it is laid out and painted. */
async function scrubbing(where: Browser, address: string): Promise<readonly number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-budgets-'));
  const trace = join(folder, 'trace.ndjson');
  spawnSync(process.execPath, [CLI, 'simulate', '--seed', '3', '--trace', trace]);
  const lines = readFileSync(trace, 'utf8')
    .split('\n')
    .slice(0, EVENTS + 1);
  if (lines.length <= EVENTS) throw new Error(`a trace of ${lines.length} lines is not enough`);
  writeFileSync(trace, lines.join('\n'));
  const values = await visits(where, async (page) => {
    await page.goto(`${address}/#/replay`);
    await page.locator('input[type="file"]').first().setInputFiles(trace);
    await peersInArena(page);
    const box = await page.locator('.track').boundingBox();
    if (box === null) throw new Error('there is no track');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    const frames = await page.evaluate(
      async ({ left, width, count }) => {
        const track = document.querySelector('.track');
        const took: number[] = [];
        for (let i = 0; i < count; i++)
          await new Promise<void>((done) =>
            requestAnimationFrame(() => {
              const begin = performance.now();
              const clientX = left + width * (0.5 + 0.48 * Math.sin(i / 20));
              track?.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX }));
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => {
                took.push(performance.now() - begin);
                done();
              };
              port2.postMessage(null);
            }),
          );
        return took;
      },
      { left: box.x, width: box.width, count: FRAMES },
    );
    await page.mouse.up();
    return frames.sort((a, b) => a - b)[Math.floor(FRAMES * 0.95)] ?? Number.NaN;
  });
  rmSync(folder, { recursive: true });
  return values;
}

/** A crowd at a tenth of its speed, so that its messages are seen to fly. */
async function playing(where: Browser, address: string): Promise<readonly number[]> {
  const link = await pack({ script: CROWD, at: 0 });
  return visits(where, async (page) => {
    await page.goto(`${address}/#/lab?s=${link}`);
    await peersInArena(page);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    return page.evaluate(async (count) => {
      const frame = () => new Promise<number>((done) => requestAnimationFrame(done));
      for (let i = 0; i < 30; i++) await frame();
      const from = await frame();
      let to = from;
      for (let i = 0; i < count; i++) to = await frame();
      return (1000 * count) / (to - from);
    }, FRAMES);
  });
}

const classroom = spawn(process.execPath, [CLI, 'classroom', '--http', '127.0.0.1:0']);
const browser = await launchBrowser();
try {
  process.exitCode = await measure(browser, await addressOf(classroom));
} finally {
  classroom.kill();
  await browser.close();
}
