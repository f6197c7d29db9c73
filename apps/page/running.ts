/** The statecharts that run in the peer: read when actors come and go, kept fresh by the trace in between. */
import { createStore, reconcile } from 'solid-js/store';
import { createBatch } from './batch.js';
import { type ChartState, readChart } from './chart-model.js';
import type { TraceRecord } from './contract.js';
import { readMachines } from './requests.js';
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
    const machines = await readMachines();
    if (!machines) return;
    const running: Record<string, RunningActor> = {};
    for (const { actor, machine, definition, state } of machines) {
      if (!charts.has(machine)) charts.set(machine, readChart(definition));
      running[actor] = { actor, machine, state, last: actors[actor]?.last ?? null };
    }
    setActors(reconcile(running));
  };
  const learn = createBatch<void>(() => void learnNow(), { everyMs: LEARN_EVERY_MS, most: 1 });

  /** Takes over what a record says of its actor. */
  const hear = (record: TraceRecord) => {
    const { a: actor, st: now, was } = record;
    if (record.k === 'actor') learn();
    if (record.k !== 'transition' || actor === undefined || now === undefined) return;
    const known = actors[actor];
    if (!known) return learn();
    if (known.state !== now) setActors(actor, { ...known, state: now });
    if (!changedState(record) || was === undefined) return;
    turn += 1;
    setActors(actor, { ...known, state: now, last: { was, now, event: eventOf(record), turn } });
  };

  /** Takes over what `status` says of every machine: the trace may have had a gap, and tells of no actor's end. */
  const sync = (machines: Readonly<Record<string, string>>) => {
    if (Object.keys(machines).some((actor) => !actors[actor])) learn();
    if (Object.keys(actors).some((actor) => machines[actor] === undefined)) learn();
    for (const [actor, state] of Object.entries(machines)) {
      const known = actors[actor];
      if (known && known.state !== state) setActors(actor, { ...known, state });
    }
  };

  return {
    actors,
    /** The chart of a machine, by the machine's name. */
    chartOf: (machine: string) => charts.get(machine),
    learn,
    hear,
    sync,
  };
}
