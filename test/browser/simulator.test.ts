/** The classroom's engine: a failing run is the same in a browser as in Node, to the byte. */
import { readFileSync } from 'node:fs';
import { FAULT_KINDS, planOf, simulate } from '../../apps/simulator/index.js';
import { bundleProgram } from '../bundle.mjs';
import { itInBrowser, visit } from './browser.js';

/** `npm run replays` plays many more. */
const SEEDS = [5];

itInBrowser('a simulation leaves the same trace in a browser as in Node', async () => {
  const bundle = await bundleProgram('test/mutants/replay-engine.ts', { platform: 'browser' });
  const { page, complaints } = await visit('about:blank');
  await page.addScriptTag({ content: readFileSync(bundle, 'utf8'), type: 'module' });
  await page.waitForFunction('globalThis.bullpenReplay !== undefined');
  const there = await page.evaluate(`bullpenReplay({ seeds: ${JSON.stringify(SEEDS)} })`);
  const here = SEEDS.map((seed) => {
    const { traceHash } = simulate(planOf(seed, { peers: 3, kinds: FAULT_KINDS }), () => {});
    return { seed, invariant: null, traceHash };
  });

  expect(there).toEqual(here);
  expect(complaints).toEqual([]);
});
