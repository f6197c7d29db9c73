/** Live in a real Chromium, over five real peers: who is not heard, figures, looking back, and a page that nobody looks at. */
import type { Page } from 'playwright-core';
import { freshFolder, PATIENCE_MS, type RunningPeer, startMany } from '../processes/bullpen.js';
import { until } from '../support/until.js';
import { itInBrowser, visit } from './browser.js';
import { clockOf, savedTrace } from './classroom-page.js';

const inArena = (page: Page, words: string) =>
  page.locator(`[data-pane="arena"] [aria-label^="${words}"]`).waitFor({ timeout: PATIENCE_MS });
const sees = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ timeout: PATIENCE_MS });

const isListed = (page: Page, words: string) =>
  page
    .locator('.bookmarks button', { hasText: '⚑' })
    .filter({ hasText: words })
    .waitFor({ timeout: PATIENCE_MS });

const recordsIn = async (page: Page): Promise<number> =>
  Number(
    /(\d+) records/.exec(
      (await page.locator('.followed').first().textContent({ timeout: PATIENCE_MS })) ?? '',
    )?.[1],
  );

/** As a browser tells a page that its tab is not in view any more, or is again. */
const hide = (page: Page, isHidden: boolean) =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);

async function follows(page: Page, peer: RunningPeer): Promise<void> {
  await page.getByLabel('follow another peer').fill(peer.http);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
}

/** Nothing moves while recording goes on, and all of it is there when somebody looks again. */
async function standsStillWhileHidden(page: Page): Promise<void> {
  await hide(page, true);
  const [clock, records] = [await clockOf(page), await recordsIn(page)];
  await until('more records', PATIENCE_MS, async () => (await recordsIn(page)) > records + 100);
  expect(await clockOf(page)).toBe(clock);
  await hide(page, false);
  await until('the clock to go on', PATIENCE_MS, async () => (await clockOf(page)) > clock);
}

/** Marks a moment of the past, saves, and answers what was saved. */
async function marked(page: Page, words: string): Promise<readonly string[]> {
  await page.keyboard.press('Home');
  await sees(page, /^LIVE −\d+ s$/);
  await page.getByLabel('mark the playhead (M)').fill(words);
  await page.getByRole('button', { name: 'Mark', exact: true }).click();
  await isListed(page, words);
  const saved = await savedTrace(page);
  await page.locator('#screen').focus();
  await page.keyboard.press('End');
  await sees(page, '● LIVE');
  return saved.trimEnd().split('\n');
}

itInBrowser(
  'a live cluster: who is not followed or not heard is grey, what it does is measured, and a moment of it can be marked, saved, and changed in the sandbox',
  async () => {
    const peers = await startMany(freshFolder(), 5);
    const [one, five] = [peers[0], peers[4]];
    if (one === undefined || five === undefined) throw new Error('five were started');
    const also = peers.slice(1, 4).map(({ http }) => http);
    const { page, complaints } = await visit(`http://${one.http}/#/live?also=${also.join(',')}`);
    await inArena(page, 'Process 5, not followed, others hear it');
    await follows(page, five);
    await inArena(page, 'Process 5, leader');

    await page.getByRole('button', { name: 'Figures' }).click();
    await sees(page, 'Heartbeats that reach 5');
    await until(
      'three charts',
      PATIENCE_MS,
      async () => (await page.locator('.figures canvas').count()) === 3,
    );
    await standsStillWhileHidden(page);
    five.signal('SIGKILL');
    await inArena(page, 'Process 5, no answer, last heard');
    await page
      .locator('[data-pane="beliefs"]')
      .getByText(/^no answer, last heard .* ago$/)
      .waitFor({ timeout: PATIENCE_MS });
    await inArena(page, 'Process 4, leader');
    await sees(page, /ran, 4 leads$/);

    const saved = await marked(page, 'where it began');
    const { page: replay } = await visit(`http://${one.http}/#/replay`);
    await replay.getByLabel('Choose files …').setInputFiles({
      name: 'saved.ndjson',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from(saved.join('\n')),
    });
    await isListed(replay, 'where it began');
    await replay.keyboard.press('End');
    await inArena(replay, 'Process 5, crashed');
    await inArena(replay, 'Process 4, leader');
    expect(await replay.locator('.fault').filter({ hasText: 'left out' }).count()).toBe(0);

    await page.getByRole('button', { name: 'Open this moment in Sandbox' }).click();
    await inArena(page, 'Process 5, crashed');
    await inArena(page, 'Process 4, leader');
    await page.keyboard.press('4');
    await page.keyboard.press('x');
    await inArena(page, 'Process 4, crashed');
    // A peer that was killed cannot be reached: the browser itself says so.
    expect(complaints.filter((words) => !/^Failed to load resource/.test(words))).toEqual([]);
  },
  180_000,
);
