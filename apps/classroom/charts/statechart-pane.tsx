/** @jsxImportSource solid-js */
/** The statecharts of the selected peer: a tab for each actor that runs, and the chart of the chosen one, lit. */
import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js';
import type { ActorFace } from '../history/index.js';
import type { Stage } from '../stage.js';
import { stateInWords } from './active-states.js';
import { ChartView, type ChartViewProps } from './chart-view.jsx';

export interface StatechartPaneProps {
  readonly stage: Stage;
  /** The actor that is shown; without it the pane remembers itself, and begins with the election. */
  readonly actor?: string | null | undefined;
  readonly onActor?: ((actor: string) => void) | undefined;
}

/** The conversation first, plumbing last. */
const ORDER = [
  'election',
  'sequencer',
  'membership',
  'failure-detector',
  'meeting',
  'sessions',
  'reads',
  'journal',
];

const rankOf = (actor: string): number => {
  const place = ORDER.findIndex((name) => actor.startsWith(name));
  return place < 0 ? ORDER.length : place;
};

export function StatechartPane(props: StatechartPaneProps) {
  const [own, setOwn] = createSignal('election');
  const world = () => props.stage.world();
  const peer = () => props.stage.selectedPeer() ?? world().leaders[0] ?? world().ids.at(-1) ?? null;
  const face = () => world().peers[peer() ?? ''];
  const actors = createMemo(
    () =>
      Object.entries(face()?.actors ?? {})
        .filter(([, { machine }]) => machine !== null)
        .map(([name]) => name)
        .sort((one, other) => rankOf(one) - rankOf(other) || (one < other ? -1 : 1)),
    [],
    { equals: (one, other) => one.join() === other.join() },
  );
  const chosen = () => {
    const wanted = props.actor ?? own();
    return actors().includes(wanted) ? wanted : (actors()[0] ?? wanted);
  };
  const choose = (actor: string) => (props.onActor ? props.onActor(actor) : setOwn(actor));
  return (
    <section class="panel chart-panel" aria-labelledby="chart-panel-title">
      <div class="panel-head">
        <h2 id="chart-panel-title">Statechart</h2>
        <p class="dim">
          of process {peer() ?? '–'}
          {face()?.condition === 'crashed'
            ? ', as it was when it crashed; what was active'
            : '; what is active'}{' '}
          is marked ●
        </p>
      </div>
      <div class="chart-tabs" role="tablist" aria-label="Statecharts of this process">
        <For each={actors()}>
          {(actor) => (
            <button
              type="button"
              role="tab"
              class="quiet"
              aria-selected={chosen() === actor}
              onClick={() => choose(actor)}
            >
              {actor} <span class="dim">{stateInWords(face()?.actors[actor]?.state ?? '')}</span>
            </button>
          )}
        </For>
      </div>
      <Show
        when={face()?.actors[chosen()]}
        fallback={<p class="empty">Nothing runs in this process at this moment.</p>}
      >
        {(actor) => <Lit stage={props.stage} peer={peer() ?? ''} name={chosen()} actor={actor()} />}
      </Show>
    </section>
  );
}

interface LitProps {
  readonly stage: Stage;
  readonly peer: string;
  readonly name: string;
  readonly actor: ActorFace;
}

function Lit(props: LitProps) {
  const timers = () =>
    (props.stage.world().peers[props.peer]?.timers ?? []).filter(({ actor }) => actor === props.name);
  const [now, setNow] = createSignal(props.stage.time());
  const quiet = props.stage.onFrame((ms) => {
    if (timers().length > 0) setNow(Math.round(ms));
  });
  onCleanup(quiet);
  createEffect(on(props.stage.time, setNow));
  const last = createMemo((): ChartViewProps['last'] => {
    const { heard, state } = props.actor;
    if (heard === null || heard.was === null) return null;
    return { was: heard.was, now: state, event: heard.event, turn: heard.index };
  });
  const heard = (): ChartViewProps['heard'] => {
    const { heard: one, state } = props.actor;
    return one && { was: one.was ?? state, now: state, event: one.event };
  };
  return (
    <ChartView
      machine={props.actor.machine ?? undefined}
      state={props.actor.state}
      last={last()}
      heard={heard()}
      timers={timers()}
      nowMs={now()}
    />
  );
}
