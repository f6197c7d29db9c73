/** What the page hands out can be used where it is for: pictures can be drawn, and the copied test runs. */
import { transformSync } from 'esbuild';
import type { Page } from 'playwright-core';
import { headless } from '../../apps/classroom/engine/index.js';
import { PATIENCE_MS } from '../processes/bullpen.js';
import { itInBrowser } from './browser.js';
import { choose, crashAndElection, exported, exportedBytes, serveClassroom } from './classroom-page.js';

const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

/** How a browser draws it: its size, and how many colours it has at least, up to a hundred. */
const drawn = (page: Page, bytes: Buffer, type: string) =>
  page.evaluate(
    async ([base64, mime]) => {
      const image = new Image();
      image.src = URL.createObjectURL(
        new Blob([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], { type: mime }),
      );
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image;
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const pen = canvas.getContext('2d');
      pen?.drawImage(image, 0, 0);
      const pixels = new Uint32Array(
        pen?.getImageData(0, 0, width, height).data.buffer ?? new ArrayBuffer(0),
      );
      const colours = new Set<number>();
      for (const pixel of pixels) if (colours.size < 100) colours.add(pixel);
      return { width, height, colours: colours.size };
    },
    [bytes.toString('base64'), type] as const,
  );

describe('an export', () => {
  itInBrowser(
    'as SVG stands by itself, and as PNG is the same at twice the size',
    async () => {
      const { page, complaints } = await crashAndElection(await serveClassroom(), CLIPBOARD);

      for (const pane of ['Arena', 'Space-time diagram', 'Statechart']) {
        const svg = await exportedBytes(page, `${pane} as SVG`);
        const small = await drawn(page, svg, 'image/svg+xml');
        expect(svg.toString()).toContain(`<title>${pane}: `);
        expect(svg.toString()).not.toMatch(/var\(--|<script|class="undefined"/);
        expect(small.colours).toBeGreaterThan(5);
        if (pane !== 'Arena') continue;
        const large = await drawn(page, await exportedBytes(page, `${pane} as PNG`), 'image/png');
        expect(large.colours).toBeGreaterThan(5);
        expect([large.width, large.height]).toEqual([2 * small.width, 2 * small.height]);
      }
      expect(complaints).toEqual([]);
    },
    120_000,
  );

  itInBrowser(
    'as a test passes as it was copied, and as a scenario is what Node plays to the same trace',
    async () => {
      const { page, complaints } = await crashAndElection(await serveClassroom(), CLIPBOARD);
      await choose(page, 'Copy as test');
      await page.getByText('Copied.').waitFor({ timeout: PATIENCE_MS });
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      const script = JSON.parse(await exported(page, 'Scenario as JSON'));
      const trace = (await exported(page, 'Trace as NDJSON')).trimEnd().split('\n').slice(1);

      expect(copied).toContain("4 leads'");
      expect(played(copied)).toBe('passes');
      expect(played(copied.replace('toEqual(["4"])', 'toEqual(["3"])'))).toBe('fails');
      const inNode = headless(script, JSON.parse(trace.at(-1) ?? '{}').t).slice(1);
      expect(trace.length).toBeGreaterThan(100);
      expect(inNode.slice(0, trace.length).map((line) => JSON.parse(line))).toEqual(
        trace.map((line) => JSON.parse(line)),
      );
      expect(complaints).toEqual([]);
    },
    120_000,
  );
});

/** Runs the text of a test file, with what it imports. */
function played(text: string): 'passes' | 'fails' {
  const { code } = transformSync(text.replace(/^import .*$/gm, ''), { loader: 'ts' });
  let outcome: 'passes' | 'fails' | null = null;
  const it = (_name: string, test: () => void) => {
    try {
      test();
      outcome = 'passes';
    } catch {
      outcome = 'fails';
    }
  };
  new Function('headless', 'it', 'expect', code)(headless, it, expect);
  if (outcome === null) throw new Error(`no test in ${text}`);
  return outcome;
}
