/** The classroom, served by the built command, for tests in a real browser. */
import { readFileSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launch, PATIENCE_MS } from '../processes/bullpen.js';
import { until } from '../support/until.js';
import { type Visit, visit } from './browser.js';

/** Starts `bullpen classroom` at a free port. Answers its address, without a slash at the end. */
export async function serveClassroom(): Promise<string> {
  const classroom = launch(['classroom', '--http', '127.0.0.1:0']);
  const line = await until('the address of the classroom', PATIENCE_MS, () => classroom.lines()[0] ?? false);
  return `http://${line.replace('classroom http=', '')}`;
}

/** Opens a screen and waits until its run can be seen. */
export async function openRun(
  address: string,
  hash: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const visited = await visit(`${address}/${hash}`, options);
  await isShown(visited.page);
  return visited;
}

/** Waits until peers stand in the arena. */
export async function isShown(page: Page): Promise<void> {
  await page
    .locator('[data-pane="arena"]')
    .getByText(/leader|follower/)
    .first()
    .waitFor({ state: 'attached', timeout: PATIENCE_MS });
}

/** Sandbox, with a crash of the leader, looked at when its successor leads. */
export async function crashAndElection(address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const visited = await openRun(address, '#/lab', options);
  const { page } = visited;
  await page.keyboard.press('5');
  await page.keyboard.press('x');
  await page.getByText('crashed').first().waitFor({ state: 'attached', timeout: PATIENCE_MS });
  await page.getByRole('button', { name: 'To the end of what is known' }).click();
  await page
    .locator('[data-pane="arena"]')
    .getByText('leader 4')
    .first()
    .waitFor({ state: 'attached', timeout: PATIENCE_MS });
  return visited;
}

/** The playhead, as people read it. */
export const clockOf = (page: Page): Promise<string> =>
  page.locator('.scrubber .clock').innerText({ timeout: PATIENCE_MS });

/** Goes on until the clock shows it. */
export async function clockShows(page: Page, text: string): Promise<void> {
  await page.locator('.scrubber .clock', { hasText: text }).waitFor({ timeout: PATIENCE_MS });
}

/** Chooses from the export menu. */
export async function choose(page: Page, words: string): Promise<void> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: words }).click();
}

/** What the page hands out when that is done. */
async function downloaded(page: Page, press: () => Promise<void>): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: PATIENCE_MS }), press()]);
  return readFileSync(await download.path());
}

export const exportedBytes = (page: Page, words: string): Promise<Buffer> =>
  downloaded(page, () => choose(page, words));

/** Live: what is recorded so far. */
export const savedTrace = async (page: Page): Promise<string> =>
  (await downloaded(page, () => page.getByRole('button', { name: 'Save', exact: true }).click())).toString();

export const exported = async (page: Page, words: string): Promise<string> =>
  (await exportedBytes(page, words)).toString();
