/**
 * `npm run partitions`: real processes in every shape of partial partition, and how long they take to serve again, in suspect
 * time-outs. Ends with 1, and keeps everything, when something acknowledged was lost, when the coordinator that can lead
 * does not or does not stay, or when it took longer than the limit.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../../apps/bench/statistics.js';
import { recordRun } from '../../../apps/simulator/ledger.js';
import { settingsOrEnd } from '../../support/settings.js';
import { freeze } from '../faults/frozen-build.js';
import { whyNoNamespaces } from '../faults/namespace-network.js';
import type { Network } from '../faults/network.js';
import { type PartitionSettings, readSettings, USAGE } from './settings.js';
import { runTrial, type TrialReport } from './trial.js';

async function main(settings: PartitionSettings, folder: string): Promise<number> {
  const { shapes, times, suspectMs, seed, isTraced, isKept, isJson, ledger, limit } = settings;
  const say = (line: string) => void (isJson ? process.stderr : process.stdout).write(`${line}\n`);
  const networks = await possible(settings.networks, (why) => say(`skipped: ${why}`));
  const command = await freeze(folder);
  say(`partitions: everything is in ${folder}`);
  const begun = performance.now();
  const reports: TrialReport[] = [];
  for (const network of networks)
    for (const shape of shapes)
      for (let time = 1; time <= times; time++) {
        const place = join(folder, `${network}-${shape.name}-${time}`);
        const trial = { shape, network, suspectMs, command, isTraced, say, seed: seed + time, folder: place };
        const report = await runTrial(trial);
        reports.push(report);
        if (isGood(report, settings) && !isKept) rmSync(place, { recursive: true, force: true });
      }
  const seconds = (performance.now() - begun) / 1000;
  for (const line of tableOf(reports, settings)) say(line);
  const shown = { suspectMs, limit, networks, seconds, reports };
  if (isJson) process.stdout.write(`${JSON.stringify(shown)}\n`);
  if (ledger !== undefined)
    recordRun(ledger, { command: commandOf(settings, networks), seconds, ...outcomeOf(reports, settings) });
  const isClean = reports.length > 0 && reports.every((report) => isGood(report, settings));
  if (!isClean) say(`partitions: what peers said, trails and journals are kept in ${folder}`);
  else if (!isKept) rmSync(folder, { recursive: true, force: true });
  return isClean ? 0 : 1;
}

async function possible(
  wanted: readonly Network['kind'][],
  skip: (why: string) => void,
): Promise<readonly Network['kind'][]> {
  const why = wanted.includes('netns') ? await whyNoNamespaces() : null;
  if (why !== null) skip(`netns: ${why}`);
  return wanted.filter((network) => network !== 'netns' || why === null);
}

const isLate = ({ servedMs }: TrialReport, { limit, suspectMs }: PartitionSettings): boolean =>
  servedMs === null || servedMs > limit * suspectMs;

const isGood = (report: TrialReport, settings: PartitionSettings): boolean =>
  report.violations.length === 0 && !isLate(report, settings);

/** One row for each shape and network. */
function tableOf(reports: readonly TrialReport[], settings: PartitionSettings): readonly string[] {
  const { suspectMs } = settings;
  const inSuspects = (times: readonly (number | null)[]): string => {
    const known = times.filter((ms) => ms !== null);
    if (known.length < times.length) return 'never';
    const show = (ms: number) => (ms / suspectMs).toFixed(2);
    return known.length > 1
      ? `${show(median(known))} (max ${show(Math.max(...known))})`
      : show(known[0] ?? 0);
  };
  const rows = groupsOf(reports).map((group) => [
    `${group[0]?.shape} (${group[0]?.network})`,
    inSuspects(group.map(({ servedMs }) => servedMs)),
    inSuspects(group.map(({ steppedDownMs }) => steppedDownMs)),
    inSuspects(group.map(({ ledMs }) => ledMs)),
    group.map(({ reigns }) => reigns.length).join(' '),
    group.map(({ laterTerms }) => laterTerms).join(' '),
    group.map(({ keptUp }) => keptUp.length).join(' '),
    inSuspects(group.map(({ healedMs }) => healedMs)),
    `${group.reduce((sum, report) => sum + report.violations.length, 0)}`,
  ]);
  const head = [
    'shape',
    'served',
    'stepped down',
    'led',
    'reigns',
    'later',
    'kept up',
    'healed',
    'violations',
  ];
  return [
    `after the cut, in suspect time-outs of ${suspectMs} ms:`,
    ...[head, ...rows].map((cells) => `  ${cells.map((cell) => cell.padEnd(19)).join('')}`.trimEnd()),
  ];
}

function groupsOf(reports: readonly TrialReport[]): readonly (readonly TrialReport[])[] {
  const groups = new Map<string, TrialReport[]>();
  for (const report of reports) {
    const name = `${report.shape} ${report.network}`;
    groups.set(name, [...(groups.get(name) ?? []), report]);
  }
  return [...groups.values()];
}

function outcomeOf(reports: readonly TrialReport[], settings: PartitionSettings) {
  const violations = reports.reduce((sum, report) => sum + report.violations.length, 0);
  const late = reports.filter((report) => isLate(report, settings)).length;
  const worst = groupsOf(reports).map((group) => {
    const most = Math.max(...group.map(({ servedMs }) => servedMs ?? Number.POSITIVE_INFINITY));
    return `${group[0]?.shape} ${(most / settings.suspectMs).toFixed(2)}`;
  });
  return {
    amount: `${reports.length} partial partitions; served at the latest after, × suspect: ${worst.join(', ')}`,
    result: [
      violations === 0 ? 'no violation' : `${violations} violations`,
      ...(late === 0 ? [] : [`${late} later than ${settings.limit} × suspect`]),
    ].join(', '),
  };
}

const commandOf = (
  { shapes, times, suspectMs, limit, seed }: PartitionSettings,
  networks: readonly string[],
): string =>
  `npm run partitions -- --shapes ${shapes.map(({ name }) => name).join(',')} --networks ${networks.join(',')} --times ${times} --suspect-ms ${suspectMs} --limit ${limit} --seed ${seed}`;

// What was started is ended, and what was mounted let go, by `exit` listeners, however this ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
const settings = settingsOrEnd('partitions', USAGE, readSettings);
const folder = mkdtempSync(join(tmpdir(), 'bullpen-partitions-'));
main(settings, folder).then(
  (code) => process.exit(code),
  (problem) => {
    process.stderr.write(
      `partitions: ${problem instanceof Error ? problem.stack : problem}; see ${folder}\n`,
    );
    process.exit(1);
  },
);
