import type { Page } from 'playwright-core';
import {
  agreement,
  freshFolder,
  logsOf,
  PATIENCE_MS,
  type RunningPeer,
  restart,
  startThree,
  textsOf,
} from '../processes/bullpen.js';
import { itInBrowser, misfitsOf, visit } from './browser.js';

const open = (peer: RunningPeer, options = {}) => visit(`http://${peer.http}/`, options);

const sees = (page: Page, text: string | RegExp) =>
  page.getByText(text).first().waitFor({ state: 'attached', timeout: PATIENCE_MS });

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
}

/** The lines of the log, as a reader sees them: number, origin, topic, text. */
const linesOf = (page: Page) =>
  page.getByRole('log').getByRole('listitem').filter({ hasText: '#' }).allInnerTexts();

async function isUsableOnSmallScreens(peer: RunningPeer): Promise<void> {
  const { page, complaints } = await open(peer, {
    viewport: { width: 360, height: 800 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  await sees(page, 'Peer 3: coordinator, leads.');
  await page.locator('.active[data-path]').first().waitFor({ timeout: PATIENCE_MS });

  for (const heading of ['Members', 'Log', 'Statecharts', 'Beliefs', 'Trace'])
    expect(await page.getByRole('heading', { name: heading, exact: true }).isVisible()).toBe(true);
  expect(await misfitsOf(page)).toEqual([]);
  expect(await page.getByLabel('motion').isChecked()).toBe(false);
  expect(complaints).toEqual([]);
  await page.close();
}

describe('the live page', () => {
  itInBrowser(
    'shows members, what is said and active states, and how the next coordinator comes when the coordinator dies',
    async () => {
      const [one, two, three] = await startThree(freshFolder());
      const { page, complaints } = await open(two);

      await sees(page, 'Peer 3: coordinator, leads.');
      await sees(page, 'Peer 2: follower, this peer.');
      await sees(page, 'Peer 1: follower, follows 3.');
      await page.locator('.active[data-path="following.direct"]').waitFor({ timeout: PATIENCE_MS });
      expect(await page.locator('[data-path="coordinating"]:not(.active)').count()).toBe(1);
      await say(page, 'hello <b>you</b>');
      await sees(page, '#1');
      three.signal('SIGKILL');
      await sees(page, 'Peer 2: coordinator, this peer.');
      await sees(page, 'Peer 3: not answering, suspected.');
      await page.locator('.active[data-path="coordinating"]').waitFor({ timeout: PATIENCE_MS });
      await say(page, 'without three');
      await sees(page, '#2');

      const [log] = await logsOf([one, two], 2);
      expect(textsOf(log ?? [])).toEqual(['hello <b>you</b>', 'without three']);
      const lines = (await linesOf(page)).map((line) => line.split(/\s*\n\s*/).slice(0, 4));
      expect(lines).toEqual([
        ['#1', '2', 'general', 'hello <b>you</b>'],
        ['#2', '2', 'general', 'without three'],
      ]);
      await page.getByLabel('Filter the trace').fill('election went');
      await sees(page, /election went from .* to coordinating/);
      await page.getByLabel('Filter the trace').fill('failure-detector:3');
      await sees(page, 'failure-detector:3 went from verifying to suspected.missing');
      expect(complaints).toEqual([]);
    },
    90_000,
  );

  itInBrowser(
    'is usable 360 pixels wide, in the dark, without motion; elsewhere says so when its peer is gone, and goes on when that is back',
    async () => {
      const folder = freshFolder();
      const [one, two, three] = await startThree(folder);
      await isUsableOnSmallScreens(two);

      const { page } = await open(one);
      await say(page, 'before');
      await sees(page, '#1');

      one.signal('SIGKILL');
      await one.ended;
      await sees(page, 'This peer does not answer: ');
      const back = await restart(one, folder, [two.listen, three.listen]);
      await agreement([back, two, three]);
      await sees(page, '● live');
      expect((await two.say('after')).body.sequence).toBe(2);

      await sees(page, '#2');
      expect(await linesOf(page)).toHaveLength(2);
    },
    90_000,
  );
});
