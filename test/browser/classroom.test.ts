/** The classroom in a real Chromium: a run is a function of its script, and the picture a function of the trace. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { freshFolder, PATIENCE_MS, run } from '../processes/bullpen.js';
import { until } from '../support/until.js';
import { itInBrowser, visit } from './browser.js';
import {
  clockOf,
  clockShows,
  crashAndElection,
  exported,
  isShown,
  openRun,
  serveClassroom,
} from './classroom-page.js';

const sees = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ state: 'attached', timeout: PATIENCE_MS });

const PANES: readonly string[] = ['arena', 'space-time', 'beliefs', 'counters'];

/** What the panes draw, tag by tag, without the names that a framework gives to elements. */
async function pictureOf(page: Page, panes = PANES): Promise<readonly string[]> {
  const drawn = await page.evaluate(
    (names) =>
      names.map((pane) =>
        [...document.querySelectorAll(`[data-pane="${pane}"] :is(svg, table, dl)`)]
          .map((part) => part.outerHTML)
          .join('\n'),
      ),
    panes,
  );
  const plain = drawn.join('\n').replaceAll(/ (id|for|aria-labelledby|aria-controls)="[^"]*"/g, '');
  // In the sandbox things look as if they could be touched, and can.
  const handles = /<circle class="arc-hit".*?<\/circle>/gs;
  return plain
    .replaceAll(' class="actable"', '')
    .replaceAll(handles, '')
    .split(/(?<=>)/);
}

/** From the start, so many changes of state further: the same event wherever the trace is shown. */
async function goToState(page: Page, count: number): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  for (let step = 0; step < count; step += 1) await page.keyboard.press('Shift+ArrowRight');
}

describe('the sandbox', () => {
  itInBrowser(
    'steps to and fro by events, and an act in the past makes a branch that can be compared',
    async () => {
      const { page, complaints } = await crashAndElection(await serveClassroom());
      const end = await clockOf(page);

      await page.keyboard.press('ArrowLeft');
      const before = await clockOf(page);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowLeft');
      expect(await clockOf(page)).toBe(before);
      expect(before < end).toBe(true);
      await page.keyboard.press('Home');
      await page.keyboard.press('4');
      await page.keyboard.press('p');
      await sees(page, 'Branch “pause 4” created, the original is kept.');
      await page.keyboard.press('c');

      await sees(page, /^They part at/);
      const branches = page.getByRole('list', { name: 'Branches' }).getByRole('button', { pressed: true });
      expect(await branches.innerText()).toBe('pause 4');
      await page.getByRole('button', { name: 'main', exact: true }).click();
      expect(await branches.innerText()).toBe('main');
      expect(complaints).toEqual([]);
    },
    90_000,
  );

  itInBrowser(
    'lights another state of a chart without drawing the chart anew',
    async () => {
      const { page } = await crashAndElection(await serveClassroom());
      await page.keyboard.press('4');
      const boxes = page.locator('.chart-drawing .chart-box');
      await boxes.first().waitFor({ state: 'attached', timeout: PATIENCE_MS });
      const lit = () => page.locator('.chart-drawing .active').last().getAttribute('data-path');
      const before = await lit();
      const first = await boxes.first().elementHandle();

      await page.getByRole('button', { name: 'To the start' }).click();
      await until('another state to be lit', PATIENCE_MS, async () => (await lit()) !== before);

      expect(await first?.evaluate((element) => element.isConnected)).toBe(true);
    },
    60_000,
  );

  itInBrowser(
    'is given back by its link, act by act and at the same moment',
    async () => {
      const address = await serveClassroom();
      const first = await crashAndElection(address);
      await goToState(first.page, 12);
      await first.page.getByRole('button', { name: 'Share' }).click();
      await sees(first.page, /Link copied|in the address bar/);
      const link = first.page.url();

      const second = await openRun(link.replace(/#.*/, '').replace(/\/$/, ''), link.replace(/^[^#]*/, ''));
      await clockShows(second.page, await clockOf(first.page));

      const scenario = 'Scenario as JSON';
      // Read again, it is the same; in which order its settings stand is the reader's business.
      expect(JSON.parse(await exported(second.page, scenario))).toEqual(
        JSON.parse(await exported(first.page, scenario)),
      );
      // How far the diagram is opened and moved is no part of a link.
      const panes = PANES.filter((pane) => pane !== 'space-time');
      expect(await pictureOf(second.page, panes)).toEqual(await pictureOf(first.page, panes));
      expect(link.length - link.indexOf('#')).toBeLessThan(2000);
      expect([...first.complaints, ...second.complaints]).toEqual([]);
    },
    90_000,
  );

  itInBrowser(
    'writes a trace that Replay shows as the same picture',
    async () => {
      const address = await serveClassroom();
      const { page: lab } = await crashAndElection(address);
      await goToState(lab, 12);
      const trace = join(freshFolder(), 'run.ndjson');
      writeFileSync(trace, await exported(lab, 'Trace as NDJSON'));

      const { page: replay, complaints } = await visit(`${address}/#/replay`);
      await replay.getByLabel('Choose files …').setInputFiles(trace);
      await isShown(replay);
      await goToState(replay, 12);
      await clockShows(replay, await clockOf(lab));

      expect(await pictureOf(replay)).toEqual(await pictureOf(lab));
      expect(complaints).toEqual([]);
    },
    90_000,
  );
});

describe('replay', () => {
  itInBrowser(
    'says in one line what it cannot read, and goes on with what it can',
    async () => {
      const folder = freshFolder();
      mkdirSync(folder, { recursive: true });
      const file = (name: string, content: string) => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      const { page, complaints } = await visit(`${await serveClassroom()}/#/replay`);

      await page
        .getByLabel('Choose files …')
        .setInputFiles([
          file('empty.ndjson', ''),
          file('photo.png', '\u0089PNG not at all'),
          file('other.json', '{"hello":1}\n'),
          file('later.ndjson', '{"v":9,"kind":"header"}\n'),
        ]);

      await sees(page, 'empty.ndjson: the file is empty');
      await sees(page, /photo\.png: not a trace/);
      await sees(page, /other\.json: JSON, but not a trace/);
      await sees(page, /later\.ndjson: a trace of version 9/);
      expect(complaints).toEqual([]);
    },
    60_000,
  );
});

describe('the single file', () => {
  itInBrowser(
    'opens from disk and plays, without a server',
    async () => {
      const file = join(freshFolder(), 'classroom.html');
      expect((await run(['classroom', '--export', file])).exitCode).toBe(0);

      const { page, complaints } = await visit(`file://${file}#/lab`);
      await isShown(page);
      await page.keyboard.press('5');
      await page.keyboard.press('x');
      await sees(page, 'crashed');
      await page.getByRole('link', { name: 'Learn' }).click();
      await sees(page, 'The classic election');

      expect(complaints).toEqual([]);
    },
    90_000,
  );
});

describe('a lesson', () => {
  itInBrowser(
    'shows nothing before one has said what will happen, ticks goals, and remembers',
    async () => {
      const address = await serveClassroom();
      const { page, complaints } = await openRun(address, '#/learn/02');
      await page.getByRole('button', { name: 'Next: predict' }).click();
      await clockShows(page, '0:00.640');
      await page.getByRole('button', { name: 'To the end of what is known' }).click();
      expect(await clockOf(page)).toBe('0:00.640');
      expect(await page.getByRole('button', { name: /^Next: / }).isDisabled()).toBe(true);

      await page.getByLabel('It answers OK').check();
      await page.getByRole('button', { name: 'Check and play' }).click();
      await sees(page, '✓ Right.');
      await page.getByRole('button', { name: /^Next: / }).click();
      await page.reload();

      await isShown(page);
      expect(await page.locator('[aria-current="step"]').getAttribute('aria-label')).toBe('Step 3: Watch');
      expect(complaints).toEqual([]);
    },
    90_000,
  );
});
