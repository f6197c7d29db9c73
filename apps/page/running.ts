/** The statecharts that run in the peer: read when actors come and go, kept fresh by the trace in between. */
import { createStore, reconcile } from 'solid-js/store';
import { type ChartState, readChart } from '../classroom/charts/chart-model.js';
import { createBatch } from './batch.js';
import type { TraceRecord } from './contract.js';
import { type RunningMachine, readMachines } from './requests.js';
import { changedState, eventOf } from './sentences.js';

export interface RunningActor {
  readonly actor: string;
  readonly machine: string;
  readonly state: string;
  /** The last change of state; `turn` tells two of the same apart. */
  readonly last: {
    readonly was: string;
    readonly now: string;
    readonly event: string;
    readonly turn: number;
  } | null;
}

const LEARN_EVERY_MS = 300;

export function createRunning() {
  const [actors, setActors] = createStore<Record<string, RunningActor>>({});
  const charts = new Map<string, ChartState>();
  let turn = 0;

  const learnNow = async () => {
    const machines = (await readMachines()) ?? [];
    for (const { machine, definition } of machines)
      if (!charts.has(machine)) charts.set(machine, readChart(definition));
    if (machines.length > 0) setActors(reconcile(runningOf(machines, actors)));
  };
  const learn = createBatch<void>(learnNow, { everyMs: LEARN_EVERY_MS, most: 1 });
  const change = (actor: string, what: Partial<RunningActor>) => {
    const known = actors[actor];
    if (known) setActors(actor, { ...known, ...what });
  };

  /** Takes over what a record says of its actor. */
  const hear = (record: TraceRecord) => {
    const { a: actor, st: state, was } = record;
    if (record.k === 'actor') learn();
    if (record.k !== 'transition' || actor === undefined || state === undefined) return;
    if (!actors[actor]) learn();
    else if (changedState(record) && was !== undefined) {
      turn += 1;
      change(actor, { state, last: { was, now: state, event: eventOf(record), turn } });
    } else if (actors[actor].state !== state) change(actor, { state });
  };

  /** Takes over what `status` says of every machine: the trace may have had a gap, and tells of no actor's end. */
  const sync = (machines: Readonly<Record<string, string>>) => {
    if (Object.keys(machines).sort().join() !== Object.keys(actors).sort().join()) learn();
    for (const [actor, state] of Object.entries(machines))
      if (actors[actor] && actors[actor].state !== state) change(actor, { state });
  };

  return { actors, chartOf: (machine: string) => charts.get(machine), learn, hear, sync };
}

/** What runs now; an actor that ran before keeps its last change. */
function runningOf(
  machines: readonly RunningMachine[],
  before: Readonly<Record<string, RunningActor>>,
): Record<string, RunningActor> {
  return Object.fromEntries(
    machines.map(({ actor, machine, state }) => [
      actor,
      { actor, machine, state, last: before[actor]?.last ?? null },
    ]),
  );
}
