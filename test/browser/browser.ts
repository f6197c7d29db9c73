/** Pages in a real Chromium, for tests. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { hasBrowser, launchBrowser } from './chromium.js';

/** Runs where a browser is; elsewhere it is reported as skipped, or fails when REQUIRE_BROWSER=1 says that one must be there. */
export const itInBrowser: typeof it = hasBrowser || process.env.REQUIRE_BROWSER === '1' ? it : it.skip;

let browser: Browser | undefined;

// A page that is left open goes on drawing, and takes the time of those after it.
afterEach(async () => {
  await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
});

afterAll(async () => {
  await browser?.close();
  browser = undefined;
});

export interface Visit {
  readonly page: Page;
  /** What the page complained of so far: console errors and exceptions. */
  readonly complaints: readonly string[];
}

/** Opens `url` in a fresh profile. */
export async function visit(url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  browser ??= await launchBrowser();
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

/**
 * What does not fit: the document, where it is wider or higher than its window (`main` is what is scrolled), and each panel
 * whose content is higher than itself, where that is not scrolled: it would be drawn over the next.
 */
export const misfitsOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const root = document.documentElement;
    const fits = root.scrollWidth <= root.clientWidth && root.scrollHeight <= root.clientHeight;
    const page = fits ? [] : [`document: ${root.scrollWidth} by ${root.scrollHeight} pixels`];
    const spilt = [...document.querySelectorAll('.panel')].filter(
      (panel) =>
        panel.scrollHeight > panel.clientHeight + 1 && getComputedStyle(panel).overflowY === 'visible',
    );
    return [...page, ...spilt.map((panel) => `${panel.className}: ${panel.scrollHeight} pixels high`)];
  });
