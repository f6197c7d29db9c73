/**
 * The nemesis: one fault after the other, at times two at once, and after each of them the proof that the cluster works
 * again. What it does follows from its seed; whom it hits also depends on who leads.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { DISK_FAULTS } from './disk-faults.js';
import type { Fault, FaultKind, Stage } from './fault.js';
import type { Load } from './load.js';
import { networkFaults } from './network-faults.js';
import { PROCESS_FAULTS } from './process-faults.js';

const LOOK_EVERY_MS = 50;
/** Now and then the cluster comes to rest, with the highest leading, before it is harmed again. */
const RESTS = 0.15;
/** Two faults at once. */
const DOUBLES = 0.3;

/** What was going on when, ms of the trail; a step is over when the cluster has recovered. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly faults: readonly string[];
}

export interface NemesisReport {
  /** How often each fault was put in, by kind and name. */
  readonly applied: ReadonlyMap<string, number>;
  readonly steps: readonly Step[];
  /** From the end of a fault to the acknowledgement of something offered after it, ms: the longest. */
  readonly slowestRecoveryMs: number;
}

export interface NemesisOrders {
  readonly kinds: ReadonlySet<FaultKind>;
  /** Names of faults to be put in one after the other, once, instead of what chance chooses. */
  readonly script: readonly string[] | undefined;
  /** Milliseconds of the trail; a script is played to its own end. */
  readonly endsAt: number;
}

/** Works until the end, or until the cluster does not recover. */
export async function harm(
  stage: Stage,
  chance: Chance,
  load: Load,
  { kinds, script, endsAt }: NemesisOrders,
): Promise<NemesisReport> {
  const { cluster, network, trail, patienceMs, complain } = stage;
  const catalogue = [...PROCESS_FAULTS, ...DISK_FAULTS, ...networkFaults(network.kind)].filter(({ kind }) =>
    kinds.has(kind),
  );
  const scripted = script?.map((name) => named(catalogue, name));
  const applied = new Map<string, number>();
  const steps: Step[] = [];
  let slowestRecoveryMs = 0;
  let faults: string[] = [];

  const apply = async (fault: Fault, own: Chance) => {
    const name = `${fault.kind}: ${fault.name}`;
    faults.push(name);
    if (await fault.apply(stage, own)) applied.set(name, (applied.get(name) ?? 0) + 1);
  };
  await recovery(load, stage, trail.now());
  while (scripted === undefined ? trail.now() < endsAt && catalogue.length > 0 : scripted.length > 0) {
    const from = trail.now();
    faults = [];
    const first = apply(scripted?.shift() ?? chosen(catalogue, chance), chance.fork());
    const isDouble = scripted === undefined && chance.happens(DOUBLES);
    const second = isDouble ? delayed(chance.fork(), catalogue, apply) : undefined;
    await Promise.all([first, second]);
    await network.mendAll();
    cluster.reviveAll();
    const healedAt = trail.now();
    const recoveredAt = await recovery(load, stage, healedAt);
    if (recoveredAt === null) {
      complain(
        `nothing offered after ${Math.round(healedAt / 1000)} s, when every fault was over, was acknowledged within ${patienceMs / 1000} s: ${await cluster.unrest()}`,
      );
      break;
    }
    steps.push({ from, to: recoveredAt, faults });
    slowestRecoveryMs = Math.max(slowestRecoveryMs, recoveredAt - healedAt);
    if (chance.happens(RESTS)) await rest(stage);
    await pause(chance.between(0, 4000));
  }
  return { applied, steps, slowestRecoveryMs };
}

async function delayed(
  chance: Chance,
  catalogue: readonly Fault[],
  apply: (fault: Fault, chance: Chance) => Promise<void>,
): Promise<void> {
  await pause(chance.between(0, 3000));
  await apply(chosen(catalogue, chance), chance);
}

function named(catalogue: readonly Fault[], name: string): Fault {
  const fault = catalogue.find((one) => one.name === name);
  if (fault === undefined) throw new Error(`there is no fault "${name}" of these kinds`);
  return fault;
}

function chosen(catalogue: readonly Fault[], chance: Chance): Fault {
  return chance.oneOf(catalogue.flatMap((fault) => Array.from({ length: fault.weight }, () => fault)));
}

/** When something offered after `healedAt` was known to be acknowledged; null when nothing was, for too long. */
async function recovery(load: Load, { trail, patienceMs }: Stage, healedAt: number): Promise<number | null> {
  while (load.latestAcknowledgedStart <= healedAt) {
    if (trail.now() - healedAt > patienceMs) return null;
    await pause(LOOK_EVERY_MS);
  }
  return trail.now();
}

async function rest({ cluster, trail, patienceMs, complain }: Stage): Promise<void> {
  const since = trail.now();
  for (;;) {
    const unrest = await cluster.unrest();
    if (unrest === null) break;
    if (trail.now() - since > patienceMs) {
      complain(`${patienceMs / 1000} s without a fault, and not all follow ${cluster.highest.id}: ${unrest}`);
      break;
    }
    await pause(LOOK_EVERY_MS);
  }
  trail.note(`at rest after ${((trail.now() - since) / 1000).toFixed(1)} s`);
}
