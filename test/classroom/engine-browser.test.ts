/** A script leaves the same trace in a browser's worker, on a page's thread, and in Node, to the byte. */
import { readFileSync } from 'node:fs';
import { headless } from '../../apps/classroom/engine/index.js';
import { itInBrowser, visit } from '../browser/browser.js';
import { bundleProgram } from '../bundle.mjs';
import { hashOf, script, three } from './traces.js';

itInBrowser('a script leaves the same trace in a worker, on the thread of a page, and in Node', async () => {
  const [page$, worker$] = await Promise.all(
    ['test/classroom/replay-engine.ts', 'apps/classroom/engine/worker.ts'].map((entry) =>
      bundleProgram(entry, { platform: 'browser' }),
    ),
  );
  const { page, complaints } = await visit('about:blank');
  await page.addScriptTag({ content: readFileSync(page$ ?? '', 'utf8'), type: 'module' });
  await page.waitForFunction('globalThis.classroomReplay !== undefined');
  const wanted = script(three, [{ kind: 'crash', at: 300, forMs: 1000, peer: '3', isPowerCut: true }]);
  const source = readFileSync(worker$ ?? '', 'utf8');
  const replay = (workerSource: string | null) =>
    page.evaluate(`classroomReplay(${JSON.stringify(wanted)}, 2000, ${JSON.stringify(workerSource)})`);

  const here = hashOf(headless(wanted, 2000));
  expect(await replay(source)).toBe(here);
  expect(await replay(null)).toBe(here);
  expect(complaints).toEqual([]);
});
