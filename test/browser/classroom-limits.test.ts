/** What the classroom may weigh, and that everybody can use it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { itInBrowser, visit } from './browser.js';
import { isShown, openRun, serveClassroom } from './classroom-page.js';

const DIST = join(import.meta.dirname, '../../dist/classroom');
const KB = 1024;

/** Bytes, gzipped, of the files of a kind that the page has asked for. */
async function weightOf(page: Page, kind: '.js' | '.css'): Promise<number> {
  const names = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
  );
  const files = [...new Set(names.filter((name) => name.endsWith(kind)))];
  expect(files.length).toBeGreaterThan(0);
  return files.reduce((sum, name) => sum + gzipSync(readFileSync(join(DIST, name))).length, 0);
}

describe('what is loaded first', () => {
  itInBrowser(
    'is less than 100 kB of script and 20 kB of styles, and a lesson begins in view',
    async () => {
      const { page, complaints } = await visit(`${await serveClassroom()}/`);
      await page.getByRole('heading', { name: 'Learn the Bully algorithm' }).waitFor();

      expect(await weightOf(page, '.js')).toBeLessThan(100 * KB);
      expect(await weightOf(page, '.css')).toBeLessThan(20 * KB);
      expect(complaints).toEqual([]);
    },
    60_000,
  );
});

const SCREENS = ['#/learn', '#/learn/02', '#/lab', '#/live', '#/replay', '#/charts/election'];

interface Axe {
  run(options: { rules: Record<string, { enabled: boolean }> }): Promise<{
    violations: {
      id: string;
      impact: string | null;
      nodes: { html: string; failureSummary?: string }[];
    }[];
  }>;
}

/** Serious and critical violations of the page as it is now. */
async function seriousIn(page: Page): Promise<readonly string[]> {
  // A process is called “Process 4, follower, …” while it shows “4 t1 follower”: digits select it by voice and by keyboard.
  const rules = { 'label-content-name-mismatch': { enabled: false } };
  const found = await page.evaluate(
    (without) => (globalThis as unknown as { axe: Axe }).axe.run({ rules: without }),
    rules,
  );
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

describe.each([
  ['light', { width: 1440, height: 900 }],
  ['dark', { width: 360, height: 740 }],
] as const)('in %s, at %j', (colorScheme, viewport) => {
  itInBrowser(
    'no screen has serious violations, nor is wider than its window',
    async () => {
      const address = await serveClassroom();
      const axe = readFileSync(join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');
      // The policy of the page would not let a stranger's script in.
      const { page } = await visit(`${address}/`, { colorScheme, viewport, bypassCSP: true });
      const found: Record<string, readonly string[]> = {};
      for (const screen of SCREENS) {
        await page.goto(`${address}/${screen}`);
        await page.reload();
        if (screen === '#/lab' || screen === '#/learn/02') await isShown(page);
        else await page.locator('main h2, main h3').first().waitFor();
        await page.addScriptTag({ content: axe });
        const serious = await seriousIn(page);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (serious.length > 0 || width > viewport.width) found[screen] = [`${width} wide`, ...serious];
      }

      expect(found).toEqual({});
    },
    120_000,
  );
});

itInBrowser(
  'keys of one character can be switched off, and the others go on working',
  async () => {
    const { page, complaints } = await openRun(await serveClassroom(), '#/lab', { reducedMotion: 'reduce' });
    await page.keyboard.press('?');
    await page.getByLabel('Keys of one character').uncheck();
    await page.keyboard.press('Escape');

    await page.keyboard.press('5');
    await page.keyboard.press('x');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('crash');

    expect(await page.getByText('crashed').count()).toBe(0);
    // Nobody is selected, so nobody can be crashed; the palette itself is there.
    expect(await page.locator('.palette-option').count()).toBe(0);
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  },
  60_000,
);
