/** Real faults on real processes, for a short time each; `npm run faults` does the same for as long as one likes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleProgram } from '../bundle.mjs';
import { judge } from '../history/checker.js';
import type { Delivered, Operation } from '../history/operation.js';
import type { FaultKind } from './faults/fault.js';
import { whyNoNamespaces } from './faults/namespace-network.js';
import { type RoundReport, type RoundSettings, runRound } from './faults/round.js';
import { whyNoSmallDisk } from './faults/small-disk.js';

const folder = mkdtempSync(join(tmpdir(), 'bullpen-faults-test-'));
const obstacle = (await whyNoNamespaces()) ?? (await whyNoSmallDisk());
const unless = (why: string | null) => (why === null ? it : it.skip);

beforeAll(() => {
  execFileSync(process.execPath, ['apps/cli/prepare.mjs', '--quiet'], { stdio: 'pipe' });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Round = Pick<RoundSettings, 'seed' | 'seconds'> &
  Partial<Omit<RoundSettings, 'kinds'>> & { readonly kinds: readonly FaultKind[] };

/** A short round of three peers, in a folder named by its seed. */
function round({ kinds, ...rest }: Round): Promise<RoundReport> {
  return runRound({
    ...{ peers: 3, perSecond: 30, longestFaultMs: 3000, command: resolve('dist/cli.js') },
    ...{ network: kinds.includes('netns') ? 'netns' : 'proxy', kinds: new Set(kinds) },
    folder: join(folder, String(rest.seed)),
    say: () => {},
    ...rest,
  });
}

const linesOf = (seed: number, name: string) =>
  readFileSync(join(folder, String(seed), name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('three processes', () => {
  it('lose, double and reorder nothing while they are killed, held and cut off from each other', async () => {
    const report = await round({ seed: 7, seconds: 10, kinds: ['proxy', 'kill', 'stop'] });

    expect(report.violations).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(50);
    expect(Object.keys(report.faults).length).toBeGreaterThan(0);

    // The same history with one acknowledged message gone is refused.
    const operations = linesOf(7, 'history.ndjson') as readonly Operation[];
    const order = linesOf(7, 'log-1.ndjson') as readonly Delivered[];
    const lost = operations.find((operation) => operation.op === 'submit' && operation.outcome === 'ok');
    const doctored = order.filter(({ key }) => lost?.op !== 'submit' || key !== lost.key);
    const rules = judge({ operations, logs: new Map([['1', doctored]]) }).map(({ rule }) => rule);

    expect(judge({ operations, logs: new Map([['1', order]]) })).toEqual([]);
    expect(rules).toContain('lost');
  }, 180_000);

  unless(obstacle)(
    `do so between network namespaces, and when a disk is full${obstacle === null ? '' : `: ${obstacle}`}`,
    async () => {
      const script = ['fill the disk', 'isolate the coordinator'];
      const report = await round({ seed: 8, seconds: 0, kinds: ['netns', 'disk'], script });

      expect(report.violations).toEqual([]);
      expect(report.faults).toEqual({
        'disk: fill the disk': 1,
        'netns: isolate the coordinator': 1,
      });
    },
    180_000,
  );
});

describe('a coordinator that commits what it alone has', () => {
  // That histories are judged is seen above: this takes a build and half a minute.
  (process.env.FAULTS_LONG === undefined ? it.skip : it)(
    'is found out (FAULTS_LONG asks for it)',
    async () => {
      const command = await bundleProgram('apps/cli/main.ts', {
        mutant: {
          name: 'lone-commit',
          file: 'machines/values/quorum.ts',
          from: '[Math.floor(voters.length / 2)] ?? 0',
          to: '[0] ?? 0',
        },
      });

      const report = await round({
        ...{ seed: 10, seconds: 0, kinds: ['proxy'], script: Array(2).fill('isolate the coordinator') },
        ...{ longestFaultMs: 5000, patienceMs: 3000, perSecond: 60, command: resolve(command) },
      });

      expect(report.violations).toContainEqual(expect.stringMatching(/^lost: /));
    },
    180_000,
  );
});
