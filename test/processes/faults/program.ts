/**
 * `npm run faults -- --minutes 10`: real processes of the built command under real faults, and a checker for what their
 * clients saw. Ends with 1, and keeps everything, when something acknowledged was lost, doubled or reordered, or when the
 * cluster did not come back.
 *
 * Left out: a wall clock that jumps. It cannot be moved for one process without a library that pretends to be the system.
 */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordRun } from '../../../apps/simulator/ledger.js';
import { perform } from './command.js';
import type { FaultKind } from './fault.js';
import { whyNoNamespaces } from './namespace-network.js';
import type { Network } from './network.js';
import { type RoundReport, runRound, summaryOf } from './round.js';
import { type FaultSettings, readSettings, USAGE } from './settings.js';
import { whyNoSmallDisk } from './small-disk.js';

/** A log is kept whole in memory, so a longer run is several rounds, each with a new cluster. */
const ROUND_MINUTES_MAX = 10;
/** Of the time, when both networks are asked for. */
const PROXY_SHARE = 0.6;

async function main(words: readonly string[]): Promise<number> {
  const settings = readSettings(words);
  const say = (line: string) => void (settings.isJson ? process.stderr : process.stdout).write(`${line}\n`);
  const skipped: string[] = [];
  const kinds = await possibleKinds(settings.kinds, (why) => {
    skipped.push(why);
    say(`skipped: ${why}`);
  });
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-faults-'));
  const command = await freeze(folder);
  say(`faults: everything is in ${folder}`);
  const begun = performance.now();
  const reports: RoundReport[] = [];
  for (const [i, { network, minutes }] of roundsOf(settings, kinds).entries()) {
    const report = await runRound({
      ...{ network, kinds, command, say, seconds: 60 * minutes, seed: settings.seed + i },
      ...{ peers: settings.peers, perSecond: settings.rate, isTraced: settings.isTraced },
      folder: join(folder, `round-${i + 1}`),
    });
    reports.push(report);
    for (const line of summaryOf(report)) say(line);
    const isClean = report.violations.length === 0 && !settings.isKept;
    if (isClean) rmSync(join(folder, `round-${i + 1}`), { recursive: true, force: true });
  }
  const seconds = (performance.now() - begun) / 1000;
  const violations = reports.flatMap((report) => report.violations);
  if (settings.isJson)
    process.stdout.write(`${JSON.stringify({ settings: words, skipped, seconds, reports })}\n`);
  if (settings.ledger !== undefined) enter(settings.ledger, settings, reports, seconds);
  if (violations.length > 0)
    say(`faults: ${violations.length} violations; logs, histories and journals are kept in ${folder}`);
  else if (!settings.isKept) rmSync(folder, { recursive: true, force: true });
  return violations.length > 0 ? 1 : 0;
}

async function possibleKinds(
  wanted: ReadonlySet<FaultKind>,
  skip: (why: string) => void,
): Promise<ReadonlySet<FaultKind>> {
  const kinds = new Set(wanted);
  const obstacles = [
    ['netns', kinds.has('netns') ? await whyNoNamespaces() : null],
    ['disk', kinds.has('disk') ? await whyNoSmallDisk() : null],
  ] as const;
  for (const [kind, why] of obstacles)
    if (why !== null) {
      kinds.delete(kind);
      skip(`${kind}: ${why}`);
    }
  return kinds;
}

/** A copy of the built command: whoever builds while we run does not change what we test. */
async function freeze(folder: string): Promise<string> {
  await perform(process.execPath, 'apps/cli/prepare.mjs', '--quiet');
  const build = join(folder, 'build');
  cpSync('dist', join(build, 'dist'), { recursive: true });
  cpSync('package.json', join(build, 'package.json'));
  symlinkSync(join(process.cwd(), 'node_modules'), join(build, 'node_modules'));
  return join(build, 'dist/cli.js');
}

interface Turn {
  readonly network: Network['kind'];
  readonly minutes: number;
}

/** One network after the other, none for longer than ten minutes at a stretch. */
function roundsOf({ minutes }: FaultSettings, kinds: ReadonlySet<FaultKind>): readonly Turn[] {
  const hasBoth = kinds.has('proxy') && kinds.has('netns');
  if (!hasBoth) return turnsOf(kinds.has('netns') ? 'netns' : 'proxy', minutes);
  const proxied = turnsOf('proxy', minutes * PROXY_SHARE);
  const spaced = turnsOf('netns', minutes * (1 - PROXY_SHARE));
  return proxied.flatMap((turn, i) => [turn, ...spaced.slice(i, i + 1)]);
}

function turnsOf(network: Network['kind'], minutes: number): readonly Turn[] {
  const count = Math.ceil(minutes / ROUND_MINUTES_MAX);
  return Array.from({ length: count }, () => ({ network, minutes: minutes / count }));
}

function enter(
  ledger: string,
  settings: FaultSettings,
  reports: readonly RoundReport[],
  seconds: number,
): void {
  const { minutes, peers, seed, kinds, rate } = settings;
  const total = (count: (report: RoundReport) => number) =>
    reports.reduce((sum, report) => sum + count(report), 0);
  const acknowledged = total((report) => report.acknowledged).toLocaleString('en');
  const faults = total((report) => Object.values(report.faults).reduce((sum, count) => sum + count, 0));
  const violations = total((report) => report.violations.length);
  recordRun(ledger, {
    command: `npm run faults -- --minutes ${minutes} --peers ${peers} --seed ${seed} --faults ${[...kinds].join(',')} --rate ${rate}`,
    amount: `${acknowledged} acknowledged under ${faults} faults`,
    seconds,
    result: violations === 0 ? 'no violation' : `${violations} violations`,
  });
}

/** A stray rejection is our own mistake; what was started is ended by the `exit` listeners. */
function fail(problem: unknown): never {
  process.stderr.write(`faults: ${problem instanceof Error ? problem.message : problem}\n${USAGE}`);
  process.exit(64);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
main(process.argv.slice(2)).then((code) => process.exit(code), fail);
