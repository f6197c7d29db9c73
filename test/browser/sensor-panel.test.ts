/** The sensors on the live page: what each measured last, a chart of each quantity, windows. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { freshFolder, PATIENCE_MS, startPeer } from '../processes/bullpen.js';
import { until } from '../support/until.js';
import { itInBrowser, misfitsOf, visit } from './browser.js';

const NARROW = { viewport: { width: 360, height: 800 }, colorScheme: 'dark' } as const;
const rowOf = (page: Page, sensor: string) =>
  page
    .getByRole('region', { name: 'Sensors' })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: sensor, exact: true }) });

describe('the sensors on the live page', () => {
  itInBrowser(
    'show the readings of all, at every peer alike, and windows of them; on small screens, too',
    async () => {
      const folder = freshFolder();
      const more = ['--interval', '60', '--speed', '1200', '--readings', '12'];
      const program = ['sensor'];
      const one = await startPeer({ id: '1', data: join(folder, '1'), bootstrap: true, program, more });
      const two = await startPeer({ id: '2', data: join(folder, '2'), seeds: [one.listen], program, more });

      const wide = await visit(`http://${one.http}/`);
      const small = await visit(`http://${two.http}/`, NARROW);

      const shown: string[] = [];
      for (const { page } of [wide, small])
        for (const sensor of ['1', '2']) {
          const row = rowOf(page, sensor);
          // On a small screen the column of the counts is not shown.
          const cells = row.locator('td');
          await cells.filter({ hasText: /^12$/ }).waitFor({ state: 'attached', timeout: PATIENCE_MS });
          shown.push(...(await cells.allInnerTexts()).slice(0, 3));
        }
      expect(shown.slice(6)).toEqual(shown.slice(0, 6));
      for (const cell of shown) expect(cell).toMatch(/^-?\d+\.\d$/);
      await wide.page.getByText('24 readings, in one order at every peer').waitFor({ timeout: PATIENCE_MS });
      expect(await wide.page.locator('.sensor-chart canvas').count()).toBe(3);
      await wide.page.getByRole('button', { name: 'windows' }).click();
      await wide.page.getByText('mean of each 60 s').waitFor({ timeout: PATIENCE_MS });
      for (const { page } of [small, wide]) expect(await misfitsOf(page)).toEqual([]);
      // A panel as wide as the screen does not hold the page.
      await small.page.locator('.sensor-chart').first().hover();
      await small.page.mouse.wheel(0, 300);
      const scrolled = () => small.page.locator('main').evaluate((main) => main.scrollTop);
      await until('the page to be scrolled', PATIENCE_MS, async () => (await scrolled()) === 300);
      expect([...wide.complaints, ...small.complaints]).toEqual([]);
    },
    120_000,
  );
});
