/** `bullpen simulate`: looks for seeds that break an invariant, and makes the first one it finds small. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { onShutdown } from '../node/shutdown.js';
import { recordRun } from './ledger.js';
import { planOf } from './plan.js';
import { runSeeds } from './pool.js';
import { Progress, type ProgressOutput } from './progress.js';
import { linesOf, type Report, reportOf } from './report.js';
import { type Outcome, run } from './run.js';
import { describe, FAULT_KINDS, type Scenario } from './scenario.js';
import { type Engine, runSeed, type SeedResult } from './seeds.js';
import type { SimulateSettings } from './settings.js';
import { keeping, shrink } from './shrink.js';

export interface SimulateOutput {
  readonly out: (line: string) => void;
  readonly progress: ProgressOutput;
}

/**
 * Runs what `settings` ask for.
 *
 * @returns the exit code: 1 when an invariant was broken.
 */
export async function runSimulate(settings: SimulateSettings, io: SimulateOutput): Promise<number> {
  return settings.seed === undefined ? hunt(settings, io) : replay(settings, settings.seed, io);
}

const engineOf = ({ core, peers, faults, system }: SimulateSettings): Engine => ({
  core,
  peers,
  kinds: faults,
  system,
});

async function hunt(settings: SimulateSettings, io: SimulateOutput): Promise<number> {
  const { seeds, from, jobs, json, ledger } = settings;
  const engine = engineOf(settings);
  const progress = new Progress(seeds, 'seeds', io.progress);
  const results: SeedResult[] = [];
  let simulatedMs = 0;
  const interrupted = new Promise<void>((resolve) => onShutdown(() => resolve()));
  const all = runSeeds({ engine, from, seeds, jobs }, (result) => {
    results.push(result);
    simulatedMs += result.simulatedMs;
    progress.show(results.length, engine.core ? '' : `${(simulatedMs / 3_600_000).toFixed(2)} h simulated`);
    return result.violation === null ? 'go-on' : 'stop';
  });
  await Promise.race([all, interrupted]);
  progress.clear();
  const report = reportOf(results, progress.seconds);
  const broken = results.find(({ violation }) => violation !== null);
  if (ledger !== undefined) remember(ledger, settings, report, broken);
  const found = broken === undefined ? null : findingOf(engine, broken);
  if (json) io.out(JSON.stringify({ ...report, found }));
  else for (const line of [...linesOf(report), ...(found === null ? [] : wordsOf(found))]) io.out(line);
  return broken === undefined ? EXIT.clean : EXIT.failed;
}

function remember(
  path: string,
  settings: SimulateSettings,
  report: Report,
  broken: SeedResult | undefined,
): void {
  const { core, from, peers, system } = settings;
  const hosted = system === undefined ? '' : ` --system ${system}`;
  recordRun(path, {
    command: `bullpen simulate ${core ? '--core' : `--peers ${peers}${hosted}`} --from ${from} --seeds ${settings.seeds}`,
    amount: `${report.seeds.toLocaleString('en')} seeds, ${report.steps.toLocaleString('en')} steps`,
    ...(core ? {} : { simulatedHours: report.simulatedHours }),
    seconds: report.seconds,
    result:
      broken === undefined ? 'no violation' : `seed ${broken.seed} breaks ${broken.violation?.invariant}`,
  });
}

interface Finding {
  readonly seed: number;
  readonly invariant: string;
  readonly detail: string;
  /** The faults that are left, in words. */
  readonly faults: readonly string[];
  /** The line that plays it again. */
  readonly replay: string;
}

function findingOf(engine: Engine, { seed, violation }: SeedResult): Finding {
  const { invariant = '', detail = '' } = violation ?? {};
  if (engine.core)
    return { seed, invariant, detail, faults: [], replay: `bullpen simulate --core --seed ${seed}` };
  const scenario = planOf(seed, engine);
  const { keep } = shrink(scenario, invariant);
  const small = keeping(scenario, keep);
  const { violation: again } = run(small);
  return {
    seed,
    invariant,
    detail: again?.detail ?? detail,
    faults: small.faults.map(describe),
    replay: `bullpen simulate --seed ${seed} --peers ${engine.peers}${kindsOf(engine)}${systemOf(engine)} --keep ${keep.join(',')}`,
  };
}

/** A seed draws its faults from the kinds that were allowed. */
const kindsOf = ({ kinds }: Engine): string =>
  kinds.length === FAULT_KINDS.length ? '' : ` --faults ${kinds.length === 0 ? 'none' : kinds.join(',')}`;

const systemOf = ({ system }: Engine): string => (system === undefined ? '' : ` --system ${system}`);

const wordsOf = ({ seed, detail, faults, replay: line }: Finding): readonly string[] => [
  '',
  `seed ${seed} breaks ${detail}`,
  ...(faults.length === 0
    ? []
    : [`with ${faults.length === 1 ? 'this fault' : `these ${faults.length} faults`} alone:`]),
  ...faults.map((fault) => `  ${fault}`),
  `play it again: ${line}`,
];

/** One seed, with its story. */
function replay(settings: SimulateSettings, seed: number, io: SimulateOutput): number {
  const { keep, trace, json } = settings;
  const engine = engineOf(settings);
  if (engine.core) return replayCore(engine, seed, io, json);
  const whole = planOf(seed, engine);
  const beyond = keep?.find((place) => place >= whole.faults.length);
  if (beyond !== undefined)
    throw new ProgramFailure(
      EXIT.usage,
      `--keep: seed ${seed} has ${whole.faults.length} faults, none at place ${beyond}`,
    );
  const scenario = keep === undefined ? whole : keeping(whole, keep);
  const file = trace === undefined ? undefined : openTrace(trace);
  const outcome = run(scenario, file === undefined ? undefined : (line) => void writeSync(file, `${line}\n`));
  if (file !== undefined) closeSync(file);
  if (json) io.out(JSON.stringify({ scenario, ...outcome }));
  else for (const line of storyOf(scenario, outcome)) io.out(line);
  return outcome.violation === null ? EXIT.clean : EXIT.failed;
}

function replayCore(engine: Engine, seed: number, io: SimulateOutput, json: boolean): number {
  const result = runSeed(engine, seed);
  const { violation, reigns, committed, cuts } = result;
  if (json) io.out(JSON.stringify(result));
  else
    io.out(
      violation?.detail ??
        `seed ${seed}: ${reigns} coordinators, ${committed} entries committed, ${cuts} logs cut: no violation`,
    );
  return violation === null ? EXIT.clean : EXIT.failed;
}

function storyOf(scenario: Scenario, outcome: Outcome): readonly string[] {
  const { seed, peers, options, faults } = scenario;
  const { violation, simulatedMs, steps, reigns, committed, acknowledged, healedAfterMs, traceHash } =
    outcome;
  const { effects } = outcome;
  return [
    `seed ${seed}: peers ${peers.join(', ')}, preset ${options.preset}, takeover ${options.takeover}`,
    ...faults.map((fault, place) => `  ${place}: ${describe(fault)}`),
    `${(simulatedMs / 1000).toFixed(1)} s simulated in ${steps.toLocaleString('en')} steps: ${reigns} coordinators, ` +
      `${committed} entries committed, ${acknowledged} submissions acknowledged` +
      (healedAfterMs === null ? '' : `, whole again ${Math.round(healedAfterMs)} ms after the last fault`),
    ...(scenario.system === null ? [] : [`${scenario.system}: ${effects} things took effect`]),
    ...(traceHash === null ? [] : [`trace ${traceHash}`]),
    violation === null ? 'no violation' : `at ${Math.round(violation.atMs)} ms: ${violation.detail}`,
  ];
}

/** Opens the file before anything is simulated: who mistyped its name need not wait. */
function openTrace(path: string): number {
  try {
    return openSync(path, 'w', 0o600);
  } catch (problem) {
    throw new ProgramFailure(EXIT.configuration, `--trace: ${(problem as Error).message}`);
  }
}
