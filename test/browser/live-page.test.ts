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
import { itInBrowser, visit } from './browser.js';

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

describe('the live page', () => {
  itInBrowser(
    'shows the members, numbers what is said, and shows the next coordinator when the coordinator dies',
    async () => {
      const [one, two, three] = await startThree(freshFolder());
      const { page, complaints } = await open(two);

      await sees(page, 'Peer 3: coordinator, leads.');
      await sees(page, 'Peer 2: follower, this peer.');
      await sees(page, 'Peer 1: follower, follows 3.');
      await say(page, 'hello <b>you</b>');
      await sees(page, '#1');
      three.signal('SIGKILL');
      await sees(page, 'Peer 2: coordinator, this peer.');
      await sees(page, 'Peer 3: not answering, suspected.');
      await say(page, 'without three');
      await sees(page, '#2');

      const [log] = await logsOf([one, two], 2);
      expect(textsOf(log ?? [])).toEqual(['hello <b>you</b>', 'without three']);
      const lines = (await linesOf(page)).map((line) => line.split(/\s*\n\s*/).slice(0, 4));
      expect(lines).toEqual([
        ['#1', '2', 'general', 'hello <b>you</b>'],
        ['#2', '2', 'general', 'without three'],
      ]);
      expect(complaints).toEqual([]);
    },
    90_000,
  );

  itInBrowser(
    'lights the active states, and tells in sentences how an election went',
    async () => {
      const [one, two, three] = await startThree(freshFolder());
      const { page, complaints } = await open(two);
      await page.locator('.active[data-path="following.direct"]').waitFor({ timeout: PATIENCE_MS });
      expect(await page.locator('[data-path="coordinating"]:not(.active)').count()).toBe(1);

      three.signal('SIGKILL');
      await agreement([one, two], '2');

      await page.locator('.active[data-path="coordinating"]').waitFor({ timeout: PATIENCE_MS });
      await page.getByLabel('Filter the trace').fill('election went');
      await sees(page, /election went from .* to coordinating/);
      await page.getByLabel('Filter the trace').fill('failure-detector:3');
      await sees(page, 'failure-detector:3 went from verifying to suspected.missing');
      expect(complaints).toEqual([]);
    },
    90_000,
  );

  itInBrowser(
    'says so when its peer is gone, and goes on by itself when the peer is back',
    async () => {
      const folder = freshFolder();
      const [one, two, three] = await startThree(folder);
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

  itInBrowser(
    'is usable 360 pixels wide, in the dark, without motion',
    async () => {
      const [one] = await startThree(freshFolder());
      const { page, complaints } = await open(one, {
        viewport: { width: 360, height: 800 },
        colorScheme: 'dark',
        reducedMotion: 'reduce',
      });
      await sees(page, 'Peer 3: coordinator, leads.');
      await page.locator('.active[data-path]').first().waitFor({ timeout: PATIENCE_MS });

      for (const heading of ['Members', 'Log', 'Statecharts', 'Beliefs', 'Trace'])
        expect(await page.getByRole('heading', { name: heading, exact: true }).isVisible()).toBe(true);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      expect(await page.getByLabel('motion').isChecked()).toBe(false);
      expect(complaints).toEqual([]);
    },
    90_000,
  );
});
