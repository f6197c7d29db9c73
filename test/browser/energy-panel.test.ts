/** The market on the live page, of real peers: balances, trades, and trading with the mouse. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { agreement, freshFolder, PATIENCE_MS, type RunningPeer, startPeer } from '../processes/bullpen.js';
import { until } from '../support/until.js';
import { itInBrowser, misfitsOf, visit } from './browser.js';

async function startMarket(folder: string): Promise<[RunningPeer, RunningPeer, RunningPeer]> {
  const shared = { program: ['energy'] };
  const one = await startPeer({ ...shared, id: '1', data: join(folder, '1'), bootstrap: true });
  const [two, three] = await Promise.all([
    startPeer({ ...shared, id: '2', data: join(folder, '2'), seeds: [one.listen] }),
    startPeer({ ...shared, id: '3', data: join(folder, '3'), seeds: [one.listen] }),
  ]);
  await agreement([one, two, three], '3');
  return [one, two, three];
}

const open = (peer: RunningPeer, options = {}) => visit(`http://${peer.http}/`, options);
const panelOf = (page: Page) => page.getByRole('region', { name: 'Energy' });
const sees = (page: Page, text: string | RegExp) =>
  panelOf(page).getByText(text).first().waitFor({ state: 'visible', timeout: PATIENCE_MS });

/** Offers at `peer` until it has its number. */
const offer = (peer: RunningPeer, trade: object) =>
  until(`an offer of ${peer.id} to be logged`, PATIENCE_MS, async () => {
    const response = await fetch(`http://${peer.http}/v1/energy/trades`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': JSON.stringify(trade) },
      body: JSON.stringify(trade),
    });
    return response.status === 201;
  });

async function offerOnPage(page: Page, kind: 'sell' | 'buy', amount: string, other: string): Promise<void> {
  const form = panelOf(page).locator('form');
  await form.getByRole('button', { name: kind }).click();
  await form.getByLabel('amount').fill(amount);
  await form.getByLabel('peer').selectOption(other);
  await form.getByRole('button', { name: 'Offer' }).click();
}

/** The balances in the bar of the sum, as they are read out. */
const balances = (page: Page, words: string | RegExp) =>
  panelOf(page).getByRole('img', { name: words }).waitFor({ state: 'visible', timeout: PATIENCE_MS });

/** Sells 12 credits of `peer`, and says something. */
async function isUsableOnSmallScreens(peer: RunningPeer): Promise<void> {
  const { page, complaints } = await open(peer, {
    viewport: { width: 360, height: 800 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  await balances(page, 'of 300 credits 1 has 100, 2 has 100, 3 has 100');

  await panelOf(page).getByLabel('amount').focus();
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');

  await balances(page, /1 has 88/);
  expect(await misfitsOf(page)).toEqual([]);
  await page.getByRole('textbox', { name: 'Message' }).fill('good morning');
  await page.keyboard.press('Enter');
  const log = page.getByRole('log').getByRole('listitem');
  await log.filter({ hasText: /#\d+.*good morning/s }).waitFor({ timeout: PATIENCE_MS });
  await until('its line to be the only one', PATIENCE_MS, async () => (await log.count()) === 1);
  await page.getByRole('combobox', { name: 'shows' }).selectOption('everything');
  await log.filter({ hasText: '"type":"confirm"' }).first().waitFor({ timeout: PATIENCE_MS });
  expect(complaints).toEqual([]);
  await page.close();
}

describe('the market on the live page', () => {
  itInBrowser(
    'sells and buys, says why something is refused, and answers what others offer',
    async () => {
      const [one, two] = await startMarket(freshFolder());
      const { page, complaints } = await open(two);
      await balances(page, 'of 300 credits 1 has 100, 2 has 100, 3 has 100');

      await offerOnPage(page, 'sell', '30', '1');
      await balances(page, 'of 300 credits 1 has 130, 2 has 70, 3 has 100');
      await sees(page, '2 sells 30 credits to 1');
      await sees(page, '✓ settled');
      for (const [amount, reason] of [
        ['71', 'Refused: 2 has 70 credits, 71 are needed.'],
        ['-150', 'Refused: an amount is a whole number of credits from 1 up, not -150.'],
        ['2.5', 'Refused: an amount is a whole number of credits from 1 up, not 2.5.'],
      ] as const) {
        await offerOnPage(page, 'sell', amount, '3');
        await sees(page, reason);
      }
      await panelOf(page).getByRole('button', { name: 'ask', exact: true }).click();
      await sees(page, 'From now on this peer leaves the answer to you.');
      await offer(one, { kind: 'sell', with: '2', amount: 7 });
      await panelOf(page).getByRole('button', { name: 'Accept', exact: true }).click();
      await balances(page, 'of 300 credits 1 has 123, 2 has 77, 3 has 100');
      await offer(one, { kind: 'buy', with: '2', amount: 8 });
      await panelOf(page).getByRole('button', { name: 'Refuse', exact: true }).click();

      await sees(page, '2 refuses');
      await sees(page, '300 credits = 3 × 100');
      // What is refused is an answer, and a browser tells its console of every such answer.
      expect(complaints.filter((line) => !/status of 4\d\d/.test(line))).toEqual([]);
    },
    120_000,
  );

  itInBrowser(
    'is usable 360 pixels wide, in the dark, without a mouse, and keeps what systems write out of the log; goes on when the coordinator is killed, with the same sum, and shows an offer to it expire',
    async () => {
      const [one, two, three] = await startMarket(freshFolder());
      await isUsableOnSmallScreens(one);
      const { page } = await open(one);
      await balances(page, 'of 300 credits 1 has 88, 2 has 112, 3 has 100');

      three.signal('SIGKILL');
      await agreement([one, two], '2');
      await offer(one, { kind: 'sell', with: '3', amount: 5, expiresInMs: 1500 });
      await offerOnPage(page, 'buy', '40', '2');

      await balances(page, 'of 300 credits 1 has 128, 2 has 72, 3 has 100');
      await sees(page, '◷ expired');
      await sees(page, '3 did not answer in time');
      await sees(page, 'suspected');
      await sees(page, '300 credits = 3 × 100');
    },
    120_000,
  );
});
