/**
 * Partial partitions of real processes: the coordinator that can lead does, serves, and stays. How long it takes is printed
 * and is no matter of this test; `npm run partitions` judges it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleProgram } from '../bundle.mjs';
import { whyNoNamespaces } from './faults/namespace-network.js';
import { shapeNamed } from './partitions/shapes.js';
import { runTrial, type TrialReport, type TrialSettings } from './partitions/trial.js';

const SUSPECT_MS = 1000;
/** Every shape takes half a minute of several processes; all are played in virtual time too (scenarios/partial.test.ts). */
const PLAYED = (process.env.PARTITION_SHAPES ?? 'deaf').split(',');
const folder = mkdtempSync(join(tmpdir(), 'bullpen-partitions-test-'));
const isAsked = process.env.PARTITION_SHAPES !== undefined;
const obstacle = isAsked ? await whyNoNamespaces() : 'PARTITION_SHAPES asks for it';

beforeAll(() => {
  execFileSync(process.execPath, ['apps/cli/prepare.mjs', '--quiet'], { stdio: 'pipe' });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function trial(settings: Pick<TrialSettings, 'shape' | 'network'> & Partial<TrialSettings>) {
  const { shape, network } = settings;
  const place = join(folder, `${network}-${shape.name}-${settings.command === undefined ? '' : 'mutant'}`);
  return runTrial({
    ...{ suspectMs: SUSPECT_MS, perSecond: 30, seed: 1, folder: place, command: resolve('dist/cli.js') },
    say: () => {},
    ...settings,
  });
}

function print({ shape, network, servedMs, steppedDownMs, ledMs }: TrialReport): void {
  const show = (ms: number | null) => (ms === null ? 'never' : `${(ms / SUSPECT_MS).toFixed(2)}`);
  process.stdout.write(
    `${shape} (${network}): served after ${show(servedMs)}, old coordinator out after ${show(steppedDownMs)}, new one seen after ${show(ledMs)} × suspect\n`,
  );
}

describe('a partial partition of real processes', () => {
  it.each(PLAYED.map(shapeNamed))(
    'ends with a coordinator that serves and stays, and loses nothing: $name ($story)',
    async (shape) => {
      const report = await trial({ shape, network: 'proxy' });

      print(report);
      expect(report.violations).toEqual([]);
      expect(report.reigns.at(-1)?.split('/')[1]).toBe(shape.successor);
      expect(report.laterTerms).toBe(0);
      expect(report.acknowledged).toBeGreaterThan(100);
    },
    300_000,
  );

  // In namespaces a coordinator is cut off in faults.test.ts, too.
  (obstacle === null ? it : it.skip)(
    `ends so between network namespaces${obstacle === null ? '' : `: ${obstacle}`}`,
    async () => {
      const report = await trial({ shape: shapeNamed('quorum-loss'), network: 'netns' });

      print(report);
      expect(report.violations).toEqual([]);
    },
    300_000,
  );
});

describe('an answer of a higher peer that cannot lead', () => {
  // PROTOCOL E5: it is alive, and that alone must not silence those below it.
  (isAsked ? it : it.skip)(
    'stands in everybody’s way when it counts like any other (PARTITION_SHAPES asks for it)',
    async () => {
      const command = await bundleProgram('apps/cli/main.ts', {
        mutant: {
          name: 'unfit-silences',
          file: 'machines/election-rules.ts',
          from: "event.type === 'election.answer' && event.fit && event.round === round",
          to: "event.type === 'election.answer' && event.round === round",
        },
      });

      const report = await trial({
        ...{ shape: shapeNamed('quorum-loss'), network: 'proxy', patienceMs: 6000 },
        command: resolve(command),
      });

      expect(report.servedMs).toBeNull();
      expect(report.violations).toContainEqual(expect.stringContaining('2 to lead'));
    },
    300_000,
  );
});
