/**
 * `npm run faults -- --minutes 10`: real processes of the built command under real faults, and a checker for what their
 * clients saw. Ends with 1, and keeps everything, when something acknowledged was lost, doubled or reordered, or when the
 * cluster did not come back.
 *
 * Left out: a wall clock that jumps. It cannot be moved for one process without a library that pretends to be the system.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordRun } from '../../../apps/simulator/ledger.js';
import { settingsOrEnd } from '../../support/settings.js';
import type { FaultKind } from './fault.js';
import { freeze } from './frozen-build.js';
import { whyNoNamespaces } from './namespace-network.js';
import type { Network } from './network.js';
import { type RoundReport, runRound, summaryOf } from './round.js';
import { type FaultSettings, readSettings, USAGE } from './settings.js';
import { whyNoSmallDisk } from './small-disk.js';

/** Of the time, when both networks are asked for. */
const PROXY_SHARE = 0.6;

async function main(settings: FaultSettings, folder: string): Promise<number> {
  const say = (line: string) => void (settings.isJson ? process.stderr : process.stdout).write(`${line}\n`);
  const skipped: string[] = [];
  const kinds = await possibleKinds(settings.kinds, (why) => {
    skipped.push(why);
    say(`skipped: ${why}`);
  });
  const command = await freeze(folder);
  say(`faults: everything is in ${folder}`);
  const begun = performance.now();
  const reports: RoundReport[] = [];
  for (const [i, { network, minutes }] of roundsOf(settings, kinds).entries()) {
    const place = join(folder, `round-${i + 1}`);
    const report = await runRound({
      ...{ network, kinds, command, say, seconds: 60 * minutes, seed: settings.seed + i, folder: place },
      ...{ peers: settings.peers, perSecond: settings.rate, isTraced: settings.isTraced },
    });
    reports.push(report);
    for (const line of summaryOf(report)) say(line);
    if (report.violations.length === 0 && !settings.isKept) rmSync(place, { recursive: true, force: true });
  }
  const seconds = (performance.now() - begun) / 1000;
  if (settings.isJson)
    process.stdout.write(
      `${JSON.stringify({ ...settings, kinds: [...kinds], skipped, seconds, reports })}\n`,
    );
  const outcome = outcomeOf(reports);
  say(`faults: ${outcome.amount}: ${outcome.result}`);
  if (settings.ledger !== undefined)
    recordRun(settings.ledger, { command: commandOf(settings), seconds, ...outcome });
  const isClean = reports.every(({ violations }) => violations.length === 0);
  if (!isClean) say(`faults: logs, histories and journals are kept in ${folder}`);
  else if (!settings.isKept) rmSync(folder, { recursive: true, force: true });
  return isClean ? 0 : 1;
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

interface Turn {
  readonly network: Network['kind'];
  readonly minutes: number;
}

/** One network after the other, in rounds as long as they may be. */
function roundsOf({ minutes, roundMinutes }: FaultSettings, kinds: ReadonlySet<FaultKind>): readonly Turn[] {
  const hasBoth = kinds.has('proxy') && kinds.has('netns');
  if (!hasBoth) return turnsOf(kinds.has('netns') ? 'netns' : 'proxy', minutes, roundMinutes);
  const proxied = turnsOf('proxy', minutes * PROXY_SHARE, roundMinutes);
  const spaced = turnsOf('netns', minutes * (1 - PROXY_SHARE), roundMinutes);
  return [...proxied, ...spaced];
}

function turnsOf(network: Network['kind'], minutes: number, minutesMax: number): readonly Turn[] {
  const count = Math.ceil(minutes / minutesMax);
  return Array.from({ length: count }, () => ({ network, minutes: minutes / count }));
}

/** What all rounds together come to. */
function outcomeOf(reports: readonly RoundReport[]): { readonly amount: string; readonly result: string } {
  const total = (count: (report: RoundReport) => number) =>
    reports.reduce((sum, report) => sum + count(report), 0);
  const acknowledged = total((report) => report.acknowledged).toLocaleString('en');
  const faults = total((report) => Object.values(report.faults).reduce((sum, count) => sum + count, 0));
  const violations = total((report) => report.violations.length);
  return {
    amount: `${reports.length} histories, ${acknowledged} acknowledged under ${faults} faults`,
    result: violations === 0 ? 'no violation' : `${violations} violations`,
  };
}

const commandOf = ({ minutes, roundMinutes, peers, seed, kinds, rate }: FaultSettings): string =>
  `npm run faults -- --minutes ${minutes} --round-minutes ${roundMinutes} --peers ${peers} --seed ${seed} --faults ${[...kinds].join(',')} --rate ${rate}`;

// What was started is ended, and what was mounted let go, by `exit` listeners, however this ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
const settings = settingsOrEnd('faults', USAGE, readSettings);
const folder = mkdtempSync(join(tmpdir(), 'bullpen-faults-'));
main(settings, folder).then(
  (code) => process.exit(code),
  (problem) => {
    process.stderr.write(`faults: ${problem instanceof Error ? problem.stack : problem}; see ${folder}\n`);
    process.exit(1);
  },
);
