/** Lesson 2 without a pointer, and what a screen reader says of it. */
import type { Locator, Page } from 'playwright-core';
import { PATIENCE_MS } from '../processes/bullpen.js';
import { until } from '../support/until.js';
import { itInBrowser } from './browser.js';
import { clockOf, openRun, serveClassroom } from './classroom-page.js';

/** More places than the page has, in either direction. */
const TABS_MAX = 150;
/** More changes of state than there are up to the one that is looked for. */
const STEPS_MAX = 100;

const isFocused = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element === element.ownerDocument.activeElement);

/** As people do it: from where they are, place by place, with a ring around each. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor({ timeout: PATIENCE_MS });
  for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
    if (await isFocused(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no Tab leads to ${target}`);
}

/** The choice at that place, counted from 0, and then the button below. */
async function answer(page: Page, place: number, button: string): Promise<void> {
  const choices = page.locator('.question').getByRole('radio');
  await tabTo(page, choices.first());
  await page.keyboard.press('Space');
  for (let at = 0; at < place; at += 1) await page.keyboard.press('ArrowDown');
  await tabTo(page, page.getByRole('button', { name: button, exact: true }));
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('✓ Right.').waitFor({ timeout: PATIENCE_MS });
}

const nextStep = async (page: Page, words: string): Promise<void> => {
  await page.keyboard.press('PageDown');
  await page.locator(`[aria-current="step"][aria-label$=": ${words}"]`).waitFor({ timeout: PATIENCE_MS });
};

const reached = (page: Page, goal: string): Locator =>
  page.locator('.goals li', { hasText: goal }).getByText('Reached: ');

/** What just happened, as it is shown. */
const narrated = (page: Page) => page.getByLabel('Narrator', { exact: true }).locator('p').first();

describe('a lesson', () => {
  itInBrowser(
    'is taken from the first step to the last by keyboard (the second), and said in words on the way',
    async () => {
      const { page, complaints } = await openRun(await serveClassroom(), '#/learn/02', {
        reducedMotion: 'reduce',
      });
      const peers = page.locator('[data-pane="arena"] [data-peer]');
      expect(await peers.nth(3).getAttribute('aria-label')).toMatch(
        /^Process 4, follower, believes leader 7/,
      );

      await nextStep(page, 'Predict');
      await answer(page, 1, 'Check and play');
      await nextStep(page, 'Watch');
      await nextStep(page, 'Do');
      const decision = 'Nobody above 6 answers: it takes the office.';
      for (let steps = 0; steps < STEPS_MAX; steps += 1) {
        if ((await narrated(page).textContent())?.includes(decision)) break;
        await page.keyboard.press('Shift+ArrowRight');
      }
      await reached(page, 'The playhead stands where P6 has waited long enough').waitFor({
        state: 'attached',
        timeout: PATIENCE_MS,
      });
      await page
        .locator('[aria-label="Narrator"] [aria-live="polite"]')
        .getByText(decision)
        .waitFor({ state: 'attached', timeout: PATIENCE_MS });

      await nextStep(page, 'Explain');
      await nextStep(page, 'Watch');
      await nextStep(page, 'Predict');
      await answer(page, 1, 'Check and play');
      await nextStep(page, 'Do');
      const before = await clockOf(page);
      await page.keyboard.press('6');
      expect(await peers.nth(5).getAttribute('aria-pressed')).toBe('true');
      await page.keyboard.press('x');
      await page.keyboard.press('End');
      await reached(page, 'P6 said OK, never led, and P5 leads').waitFor({
        state: 'attached',
        timeout: PATIENCE_MS,
      });
      expect((await clockOf(page)) > before).toBe(true);

      await nextStep(page, 'Check');
      await answer(page, 1, 'Check');
      expect(await page.getByRole('link', { name: 'challenging', exact: true }).count()).toBe(1);
      expect(complaints).toEqual([]);
    },
    120_000,
  );

  itInBrowser(
    'puts the playhead where it was asked to go last, though the engine is still at work on the run',
    async () => {
      const { page, complaints } = await openRun(await serveClassroom(), '#/learn/07');
      const peers = page.locator('[data-pane="arena"] [data-peer]');
      const count = await peers.count();

      await page.locator('.lesson-choices select').evaluate((choice: HTMLSelectElement) => {
        choice.value = 'small';
        choice.dispatchEvent(new Event('change', { bubbles: true }));
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
      });
      const asked = await clockOf(page);
      // The run begins there.
      expect(asked).not.toBe('0:00.000');
      await until('the other run', PATIENCE_MS, async () => (await peers.count()) !== count);
      expect([asked, await clockOf(page)]).toEqual([asked, asked]);
      expect(complaints).toEqual([]);
    },
    120_000,
  );
});
