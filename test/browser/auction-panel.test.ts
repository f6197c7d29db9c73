/** The auctions on the live page of a server: envelopes that stay shut until their round takes no more bids. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beginAuction, startPerson, startServers } from '../processes/auction-people.js';
import { freshFolder, PATIENCE_MS } from '../processes/bullpen.js';
import { itInBrowser, misfitsOf, visit } from './browser.js';

const NARROW = { viewport: { width: 360, height: 800 }, colorScheme: 'dark' } as const;
const sees = (page: Page, text: string) =>
  page.getByText(text).first().waitFor({ state: 'visible', timeout: PATIENCE_MS });

describe('the auctions on the live page', () => {
  itInBrowser(
    'show who has bid, and what only when the round takes no more; at other servers, and on small screens, too',
    async () => {
      const folder = freshFolder();
      const servers = await startServers(folder);
      const data = join(folder, 'clients');
      const [dee, ann, bob] = await Promise.all([
        startPerson('dee', servers, data),
        startPerson('ann', servers, data),
        startPerson('bob', servers, data),
      ]);
      const [one, , three] = servers;
      const { page, complaints } = await visit(`http://${one.http}/`);
      await sees(page, 'No auction yet.');

      const id = await beginAuction([dee, ann, bob], { item: 'a <b>red</b> bike' });
      ann.type(`bid ${id} 735194`);
      await ann.hears('bid_submit', { auction: id });

      const card = page.getByRole('article', { name: `auction ${id}, a <b>red</b> bike` });
      const rowOf = (name: string) => card.getByRole('row').filter({ hasText: name });
      await rowOf('ann').getByText('sealed').waitFor({ timeout: PATIENCE_MS });
      await rowOf('bob').getByText('awaited').waitFor({ timeout: PATIENCE_MS });
      expect(await page.content()).not.toContain('735194');
      const small = await visit(`http://${three.http}/`, NARROW);
      await small.page.getByText('sealed', { exact: true }).waitFor({ timeout: PATIENCE_MS });
      expect(await misfitsOf(small.page)).toEqual([]);
      bob.type(`bid ${id} 120`);

      await sees(page, 'won by ann with 735194');
      await sees(small.page, 'won by ann with 735194');
      for (const shown of [page, small.page]) expect(await misfitsOf(shown)).toEqual([]);
      expect([...complaints, ...small.complaints]).toEqual([]);
    },
    150_000,
  );
});
