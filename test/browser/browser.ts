/** A real Chromium for tests: the one named by CHROME_PATH, or the first of the usual places. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PLACES = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const found = PLACES.find((place) => place !== undefined && place !== '' && existsSync(place));

/** Without these it asks its maker's hosts for things at every start. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Runs where a browser is; elsewhere it is reported as skipped, or fails when REQUIRE_BROWSER=1 says that one must be there. */
export const itInBrowser: typeof it =
  found !== undefined || process.env.REQUIRE_BROWSER === '1' ? it : it.skip;

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
  if (found === undefined) throw new Error('REQUIRE_BROWSER=1, but there is no Chromium: set CHROME_PATH');
  const asRoot = process.getuid?.() === 0;
  browser ??= await chromium.launch({
    executablePath: found,
    args: asRoot ? [...QUIET, '--no-sandbox'] : QUIET,
  });
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
