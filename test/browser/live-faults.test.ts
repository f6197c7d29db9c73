/** Live, as a page of one peer does faults to another: only to who allows it, and nobody overlooks that. */
import { freshFolder, PATIENCE_MS, startThree } from '../processes/bullpen.js';
import { until } from '../support/until.js';
import { itInBrowser, visit } from './browser.js';
import { savedTrace } from './classroom-page.js';

itInBrowser(
  'the page of a peer cuts off and kills another that allows it, under a red frame, and does nothing to who does not',
  async () => {
    const allowing = (id: string) => (id === '3' ? ['--allow-faults'] : []);
    const [one, two, three] = await startThree(freshFolder(), allowing);
    const { page, complaints } = await visit(`http://${one.http}/#/live?also=${two.http},${three.http}`);
    const buttons = page.getByRole('group', { name: /^Faults of/ });
    const press = (name: string | RegExp) => buttons.getByRole('button', { name }).click();
    const frame = page.locator('.workbench.alarmed');

    await buttons.waitFor({ timeout: PATIENCE_MS });
    await page.getByText('2 (talks at').waitFor({ state: 'detached', timeout: PATIENCE_MS });
    expect(await buttons.getAttribute('aria-label')).toBe('Faults of 3');
    expect(await page.getByText('only looked at').count()).toBe(1);
    expect(await page.getByText('Nothing can be done to a peer from here').count()).toBe(0);
    expect(await frame.count()).toBe(0);

    await press('Cut off 5 s');
    await frame.waitFor({ timeout: PATIENCE_MS });
    await page
      .getByText(/^⚡ the network splits: 3 \| 1 and 2, \d s more$/)
      .waitFor({ timeout: PATIENCE_MS });
    await frame.waitFor({ state: 'detached', timeout: PATIENCE_MS });
    expect(complaints).toEqual([]);

    await press('Crash');
    await press('Keep it');
    await press('Crash');
    await press('Really kill the process of 3');
    expect(await three.ended).toBe('SIGKILL');
    await page.getByText('✕ does not answer').waitFor({ timeout: PATIENCE_MS });
    // The log shows it only until it has moved on.
    await until('the crash in what is saved', PATIENCE_MS, async () =>
      (await savedTrace(page)).includes('the process of 3 is killed'),
    );
  },
  90_000,
);
