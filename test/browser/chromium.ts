/** A real Chromium: the one named by CHROME_PATH, or the first of the usual places. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

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

export const hasBrowser = found !== undefined;

/** @throws Error where there is none. */
export async function launchBrowser(): Promise<Browser> {
  if (found === undefined) throw new Error('there is no Chromium: set CHROME_PATH');
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: found, args: asRoot ? [...QUIET, '--no-sandbox'] : QUIET });
}
