/** Statecharts in a real browser: ours played, and a program of another's inspected, at a peer's inspector port. */
import { createWebSocketInspector } from '@statelyai/inspect';
import type { Page } from 'playwright-core';
import { assign, createActor, createMachine } from 'xstate';
import { type AttendedPeer, peerWith } from '../apps/peer-with.js';
import { PATIENCE_MS } from '../processes/bullpen.js';
import { itInBrowser, visit } from './browser.js';

/** A program that knows nothing of us. */
const lightMachine = createMachine({
  id: 'light',
  context: { cars: 0 },
  initial: 'green',
  states: {
    green: { description: 'Cars may go.', on: { NEXT: { target: 'yellow', actions: assign({ cars: 7 }) } } },
    yellow: { on: { NEXT: 'red' } },
    red: { on: { NEXT: 'green' } },
  },
});

let attended: AttendedPeer;
const addressOf = ({ attached }: AttendedPeer): string =>
  attached.inspectors[0]?.match(/http:\/\/[^;\s]+/)?.[0] ?? '';

const lit = (page: Page, path: string) =>
  page.locator(`.chart-box.active[data-path="${path}"]`).waitFor({ timeout: PATIENCE_MS });
const isLit = (page: Page, path: string) => page.locator(`.chart-box.active[data-path="${path}"]`).count();

describe('statecharts in a browser', () => {
  beforeEach(async () => {
    attended = await peerWith({ inspect: true });
  });
  afterEach(() => attended.close());

  itInBrowser(
    'shows a program that was never heard of, live and rewound, without the internet',
    async () => {
      const server = addressOf(attended).replace('http', 'ws');
      const { page, complaints } = await visit(
        `${addressOf(attended)}viewer/#/charts?ws=${encodeURIComponent(server)}`,
      );
      const inspector = createWebSocketInspector({ url: server });
      const light = createActor(lightMachine, { inspect: inspector.inspect }).start();

      await page.getByRole('button', { name: /^light/ }).click({ timeout: PATIENCE_MS });
      await lit(page, 'green');
      light.send({ type: 'NEXT' });
      await lit(page, 'yellow');
      light.send({ type: 'NEXT' });
      await lit(page, 'red');

      await page
        .getByRole('button', { name: /outside ➜ light: NEXT$/ })
        .last()
        .click();
      await lit(page, 'green');
      expect(await isLit(page, 'red')).toBe(0);
      await page.getByRole('button', { name: 'Live', exact: true }).click();
      await lit(page, 'red');
      await page.getByText('Context').click();
      await page.getByText('"cars": 7').waitFor({ timeout: PATIENCE_MS });
      await page.getByRole('button', { name: /^election/ }).click();
      await lit(page, 'coordinating');
      light.stop();
      inspector.stop();
      expect(complaints).toEqual([]);
    },
    120_000,
  );

  itInBrowser(
    'lets a machine of ours be played, and its chart be gone through by keys',
    async () => {
      const { page, complaints } = await visit(`${addressOf(attended)}viewer/#/charts/election`);

      await lit(page, 'waiting');
      await page.getByRole('button', { name: 'after joinGrace' }).click();
      await lit(page, 'isolated');
      await page.getByRole('button', { name: 'election.coordinator' }).click();
      await lit(page, 'following.direct');
      await page.getByRole('button', { name: 'Step back' }).click();
      await lit(page, 'isolated');

      await page.getByRole('application', { name: /^Statechart election/ }).focus();
      await page.keyboard.press('ArrowUp');
      await page.locator('.chart-box.pointed[data-path="deciding"]').waitFor({ timeout: PATIENCE_MS });
      await page.getByText('The coordinator is gone, for us: is it gone, and may we run?').first().waitFor();
      expect(complaints).toEqual([]);
    },
    120_000,
  );

  itInBrowser(
    'is what the inspector’s address opens where the hosted one cannot be had',
    async () => {
      const { page } = await visit(`${addressOf(attended)}viewer/`);
      await page.route('https://stately.ai/**', (route) => route.abort());

      await page.goto(addressOf(attended));

      await page.getByRole('button', { name: /^election/ }).waitFor({ timeout: PATIENCE_MS });
      expect(page.url()).toContain('/viewer/#/charts?ws=');
    },
    120_000,
  );
});
