/** The panes in a real browser, over a run of the engine: what they show, say and let one do. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BrowserContextOptions } from 'playwright-core';
import type { Act } from '../../apps/classroom/contract.js';
import { itInBrowser, type Visit, visit } from '../browser/browser.js';
import { runOf } from './traces.js';

const BUILT = 'node_modules/.cache/bullpen-panes';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};
/** As strict as what serves the classroom. */
const POLICY = "default-src 'self'; img-src 'self' data:";

const CRASH_MS = 120;
const ACTS: readonly Act[] = [
  { kind: 'crash', at: CRASH_MS, forMs: 5000, peer: '5', isPowerCut: true },
  { kind: 'pause', at: 650, forMs: 100, peer: '1' },
];
let server: Server;

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [
    'node_modules/vite/bin/vite.js',
    'build',
    '--config',
    'test/classroom/panes/vite.config.ts',
  ]);
  const trace = runOf(1, ACTS, { peers: 5, untilMs: 800 }).join('\n');
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://panes');
    const path = join(BUILT, pathname === '/' ? 'index.html' : pathname);
    if (pathname === '/trace.jsonl') response.end(trace);
    else if (!existsSync(path)) response.writeHead(404).end();
    else
      response
        .writeHead(200, {
          'content-type': TYPES[extname(path)] ?? 'text/plain',
          'content-security-policy': POLICY,
        })
        .end(readFileSync(path));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterAll(() => server?.close());

async function open(query: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const { port } = server.address() as AddressInfo;
  const visited = await visit(`http://127.0.0.1:${port}/?${query}`, {
    viewport: { width: 1440, height: 900 },
    ...options,
  });
  await visited.page.waitForSelector('[data-ready=yes]');
  return visited;
}

/** What the page keeps in `window` for whoever tests it. */
interface Bench {
  readonly stage: {
    readonly index: () => number;
    readonly now: () => number;
    readonly seek: (ms: number) => void;
    readonly stopped: () => string | null;
    readonly history: () => {
      readonly flights: readonly { readonly id: string; readonly type: string; readonly sentAt: number }[];
    };
  };
  readonly acts: readonly Act[];
}
const indexOf = ({ page }: Visit): Promise<number> =>
  page.evaluate(() => (window as unknown as Bench).stage.index());
const actsOf = ({ page }: Visit): Promise<readonly Act[]> =>
  page.evaluate(() => (window as unknown as Bench).acts);

describe('the panes', () => {
  itInBrowser('name every process in a sentence, and every message under way', async () => {
    const { page, complaints } = await open('at=100');
    const leader = page.getByRole('button', { name: /^Process 5, leader, term \d+/ });
    const follower = page.getByRole('button', { name: /^Process 2, follower, believes leader 5, term \d+/ });

    expect(await leader.count()).toBe(1);
    expect(await follower.count()).toBe(1);

    await page.evaluate((ms) => (window as unknown as Bench).stage.seek(ms + 1), CRASH_MS);
    expect(await page.getByRole('button', { name: 'Process 5, crashed' }).count()).toBe(1);
    expect(
      await page.getByRole('button', { name: /^Process 2, .*leader 5, which is not there any more/ }).count(),
    ).toBe(1);

    const sentAt = await page.evaluate(
      () =>
        (window as unknown as Bench).stage.history().flights.find(({ type }) => type === 'election.start')
          ?.sentAt ?? 0,
    );
    await page.evaluate((ms) => (window as unknown as Bench).stage.seek(ms + 10), sentAt);
    expect(
      await page.getByRole('button', { name: /^ELECTION from \d to \d, half-way$/ }).count(),
    ).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  itInBrowser('let a keyboard walk along the ring, open a menu and crash a process', async () => {
    const visited = await open('at=100&act=1');
    const { page, complaints } = visited;

    await page.locator('[data-peer="5"]').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-peer'))).toBe('1');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Process 1' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');

    expect(await actsOf(visited)).toMatchObject([{ kind: 'crash', peer: '1', at: 100, isPowerCut: false }]);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-peer'))).toBe('1');
    expect(complaints).toEqual([]);
  });

  itInBrowser('offer nothing to do where nothing may be done', async () => {
    const { page } = await open('at=100');

    await page.locator('[data-peer="3"]').focus();
    await page.keyboard.press('Enter');

    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  itInBrowser('partition whom a loop is drawn around', async () => {
    const visited = await open('at=100&act=1');
    const { page } = visited;
    const centres = await page.evaluate(() =>
      [1, 2].map((id) => {
        const box = document.querySelector(`[data-peer="${id}"] .disc`)?.getBoundingClientRect();
        return [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2] as const;
      }),
    );
    const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = centres;
    const [left, right] = [Math.min(x1, x2) - 50, Math.max(x1, x2) + 50];
    const [top, bottom] = [Math.min(y1, y2) - 48, Math.max(y1, y2) + 40];

    // Begun on a message it would be about that one.
    await page.mouse.move(right, bottom);
    await page.mouse.down();
    for (const [x, y] of [
      [left, bottom],
      [left, top],
      [right, top],
    ] as const)
      await page.mouse.move(x, y);
    await page.mouse.up();

    expect(await actsOf(visited)).toMatchObject([
      {
        kind: 'partition',
        sides: [
          ['3', '4', '5'],
          ['1', '2'],
        ],
      },
    ]);
  });

  itInBrowser('step by event from the scrubber, and go where the log is clicked', async () => {
    const visited = await open('at=0');
    const { page } = visited;
    const before = await indexOf(visited);

    await page.getByRole('slider', { name: 'Playhead' }).focus();
    await page.keyboard.press('ArrowRight');
    const after = await indexOf(visited);
    await page.keyboard.press('ArrowLeft');

    expect(after).toBeGreaterThan(before);

    await page.getByRole('searchbox', { name: /^Filter/ }).fill('type:ELECTION from:1');
    await page.getByRole('listbox').getByRole('option').first().click();
    expect(await page.locator('.log-line.here .what').textContent()).toContain('ELECTION');
    const listed = await page.locator('.log-line .what').allTextContents();
    expect(listed.filter((words) => !/ELECTION [→←✕] \d/.test(words))).toEqual([]);

    await page.getByRole('searchbox', { name: /^Filter/ }).fill('colour:red');
    expect(await page.getByRole('status').first().textContent()).toContain('No such thing as “colour:”');
  });

  itInBrowser('play, skip silence, and stop where they are told to', async () => {
    const { page } = await open('at=0&panes=Scrubber,Arena');
    const now = () => page.evaluate(() => (window as unknown as Bench).stage.now());

    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByText(/^skipping \d+ ms of silence$/).waitFor();
    await page.waitForFunction((ms) => (window as unknown as Bench).stage.now() > ms, CRASH_MS);
    await page.getByRole('button', { name: 'Pause' }).click();
    const stopped = await now();
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );

    expect(await now()).toBe(stopped);
    expect(await page.getByRole('button', { name: 'Process 5, crashed' }).count()).toBe(1);
  });

  itInBrowser('keep only the lines in sight on the page, however many there are', async () => {
    const { page } = await open('at=700');
    await page.getByRole('searchbox', { name: /^Filter/ }).fill('-nothing heartbeat');

    expect(await page.locator('.log-line').count()).toBeLessThan(60);
  });

  itInBrowser(
    'show messages sent, half-way and arrived, and nowhere else, when nothing may glide',
    async () => {
      const { page } = await open('at=0&panes=Arena', { reducedMotion: 'reduce' });
      const places = await page.evaluate(async () => {
        const { stage } = window as unknown as Bench;
        const flight = stage.history().flights.find(({ type }) => type === 'election.start');
        const seen = new Set<string>();
        for (let way = 0; way < 20; way += 1) {
          stage.seek((flight?.sentAt ?? 0) + way);
          const shape = document.querySelector(`[data-message="${CSS.escape(flight?.id ?? '')}"]`);
          if (shape !== null) seen.add(shape.getAttribute('transform') ?? '');
        }
        return seen.size;
      });

      expect(places).toBeGreaterThan(1);
      expect(places).toBeLessThanOrEqual(3);
    },
  );

  itInBrowser('shade what led to a message and what came of it', async () => {
    const { page } = await open('at=400&panes=SpaceTime,Scrubber');
    const arrow = await page.evaluate(() => {
      const lines = document.querySelector('.arrows-election .lines') as SVGPathElement;
      const [x = 0, y = 0, toX = 0, toY = 0] =
        (lines.getAttribute('d') ?? '').match(/-?[\d.]+/g)?.map(Number) ?? [];
      const at = new DOMPoint((x + toX) / 2, (y + toY) / 2).matrixTransform(
        lines.getScreenCTM() ?? undefined,
      );
      return [at.x, at.y] as const;
    });
    await page.mouse.move(...arrow);

    await page.locator('.shade-past').first().waitFor();
    expect(await page.locator('.shade-future').count()).toBeGreaterThan(0);
    expect(await page.locator('.pointed-at').textContent()).toContain('led to it');
  });

  itInBrowser('fit into 360 pixels', async () => {
    const { page, complaints } = await open('at=400&theme=light', { viewport: { width: 360, height: 780 } });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);

    expect(width).toBeLessThanOrEqual(360);
    expect(complaints).toEqual([]);
  });
});
