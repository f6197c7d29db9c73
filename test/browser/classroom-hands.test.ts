/** What is done with the hand: a message carried along its way, the head of an arrow, the end of a wait. */
import type { Locator, Page } from 'playwright-core';
import type { Act } from '../../apps/classroom/contract.js';
import { PATIENCE_MS } from '../processes/bullpen.js';
import { until } from '../support/until.js';
import { itInBrowser } from './browser.js';
import { crashAndElection, exported, serveClassroom } from './classroom-page.js';

/** All panes at once: what is clicked scrolls nothing. */
const TALL = { width: 1280, height: 1400 };

type Point = readonly [number, number];

const middleOf = async (target: Locator): Promise<Point> => {
  // It may be drawn anew while it is asked for.
  const place = async () => (await target.boundingBox({ timeout: PATIENCE_MS })) ?? false;
  const box = await until('its place', PATIENCE_MS, place);
  return [box.x + box.width / 2, box.y + box.height / 2];
};

async function drag(page: Page, [x, y]: Point, [toX, toY]: Point): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move((x + toX) / 2, (y + toY) / 2);
  await page.mouse.move(toX, toY);
  await page.mouse.up();
}

/** Sandbox, when the first of an election's messages are on their way and those who stand wait for answers. */
async function challenging(): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const visited = await crashAndElection(await serveClassroom(), { viewport: TALL });
  const { page } = visited;
  const narrator = page.getByLabel('Narrator', { exact: true }).locator('p').first();
  await page.keyboard.press('Home');
  for (
    let steps = 0;
    steps < 300 && !(await narrator.textContent())?.includes('starts an election');
    steps += 1
  )
    await page.keyboard.press('Shift+ArrowRight');
  return visited;
}

/** The last act of the branch in view, once it is listed in these words. */
async function actDone(page: Page, words: string): Promise<Act> {
  await page
    .locator('ol.done li', { hasText: words })
    .first()
    .waitFor({ state: 'attached', timeout: PATIENCE_MS });
  return JSON.parse(await exported(page, 'Scenario as JSON')).acts.at(-1);
}

const inArena = (page: Page, what: string) => page.locator(`[data-pane="arena"] ${what}`);

/** Of several messages in one place the one that would be taken. */
async function topmost(page: Page) {
  const place = await middleOf(inArena(page, '[data-message]:not(.beat) .hit').first());
  const id = await page.evaluate(
    ([x, y]) =>
      document.elementFromPoint(x, y)?.closest<SVGGElement>('[data-message]')?.dataset.message ?? '',
    place,
  );
  const [from = '', to = ''] = /^(.+)>(.+)#/.exec(id)?.slice(1) ?? [];
  return { place, id, from, to };
}

describe('by hand', () => {
  itInBrowser(
    'a message is carried, forth to arrive now or back to arrive later; a wait is ended by a click on its arc, or moved by its end',
    async () => {
      const { page, complaints } = await challenging();
      const first = await topmost(page);
      await drag(page, first.place, await middleOf(inArena(page, `[data-peer="${first.to}"] .disc`)));
      const now = await actDone(page, 'deliver');
      await page.getByRole('button', { name: 'main', exact: true }).click();
      // The list of branches has moved all of it.
      const again = await topmost(page);
      await drag(page, again.place, await middleOf(inArena(page, `[data-peer="${again.from}"] .disc`)));
      const later = await actDone(page, 'delay');

      expect(now).toMatchObject({ kind: 'deliver', which: { id: first.id } });
      expect(later).toMatchObject({ kind: 'delay', which: { id: again.id } });
      expect('byMs' in later && later.byMs).toBeGreaterThan(0);

      await page.getByRole('button', { name: 'main', exact: true }).click();
      const arc = inArena(page, '.arc-hit').first();
      const ends = async (): Promise<readonly [Point, Point]> => {
        const [x, y] = await middleOf(arc);
        const reach = ((await arc.boundingBox())?.height ?? 0) / 2 - 7;
        return [
          [x, y - reach],
          [x, y + reach],
        ];
      };

      await page.mouse.click(...(await ends())[0]);
      const ended = await actDone(page, 'fire a timer');
      await page.getByRole('button', { name: 'main', exact: true }).click();
      await drag(page, ...(await ends()));
      const moved = await actDone(page, 'move a timer');

      expect(ended).toMatchObject({ kind: 'timer', actor: 'election', toMs: 0 });
      expect(moved).toMatchObject({ kind: 'timer', actor: 'election' });
      expect('toMs' in moved && moved.toMs).toBeGreaterThan(0);
      expect(complaints).toEqual([]);
    },
    120_000,
  );

  itInBrowser(
    'the head of an arrow is carried, and the message arrives at another time',
    async () => {
      const { page, complaints } = await challenging();
      const drawing = page.locator('[data-pane="space-time"] svg.diagram-drawing');
      const box = await drawing.boundingBox({ timeout: PATIENCE_MS });
      const heads = await drawing
        .locator('.arrows-ok .heads')
        .first()
        .getAttribute('d', { timeout: PATIENCE_MS });
      const [x = 0, y = 0] =
        /^M([\d.]+) ([\d.]+)/
          .exec(heads ?? '')
          ?.slice(1)
          .map(Number) ?? [];
      const [shift = 0] =
        /translate\(([-\d.]+)/
          .exec((await drawing.locator('.arrows-ok').first().locator('..').getAttribute('transform')) ?? '')
          ?.slice(1)
          .map(Number) ?? [];
      if (box === null) throw new Error('the diagram has no place');
      const head: Point = [box.x + shift + x, box.y + y];

      await drag(page, head, [head[0] + 60, head[1]]);
      const act = await actDone(page, 'delay');

      expect(act).toMatchObject({ kind: 'delay', which: { id: expect.stringMatching(/^\d>\d#\d+$/) } });
      expect('byMs' in act && act.byMs).toBeGreaterThan(0);
      expect(complaints).toEqual([]);
    },
    120_000,
  );
});
