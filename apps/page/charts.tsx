/** @jsxImportSource solid-js */
/** Every statechart that runs in this peer, with its active states lit. */
import { createMemo, createSignal, For, Show } from 'solid-js';
import { Chart } from './chart.jsx';
import { activePaths, type ChartTransition, causeOf, transitionsOf } from './chart-model.js';
import type { Live, RunningActor } from './live.js';
import { byId } from './order.js';
import { labelOf } from './shapes.js';

/** The conversation first, plumbing last. */
const ORDER = [
  'election',
  'sequencer',
  'membership',
  'failure-detector',
  'sessions',
  'journal',
  'connection',
  'peer',
];

const placeOf = ({ actor, machine }: RunningActor): number => {
  const place = ORDER.findIndex((name) => machine.startsWith(name) || actor.startsWith(name));
  return place < 0 ? ORDER.length : place;
};

export function Charts(props: { readonly live: Live }) {
  const actors = createMemo(() =>
    Object.values(props.live.facts.actors)
      .map((one) => ({ actor: one.actor, place: placeOf(one) }))
      .sort((one, other) => one.place - other.place || byId(one.actor, other.actor))
      .map(({ actor }) => actor),
  );
  const [chosen, setChosen] = createSignal('election');
  const selected = () => props.live.facts.actors[chosen()] ?? props.live.facts.actors[actors()[0] ?? ''];

  return (
    <section class="panel charts" aria-labelledby="charts-title">
      <div class="panel-head">
        <h2 id="charts-title">Statecharts</h2>
        <p class="dim">of peer {props.live.facts.status?.id ?? '?'}; active states are lit</p>
      </div>
      <ul class="actors" aria-label="Statecharts">
        <For each={actors()}>
          {(actor) => (
            <Show when={props.live.facts.actors[actor]}>
              {(running) => (
                <li>
                  <ActorButton
                    running={running()}
                    chosen={selected()?.actor === actor}
                    onChoose={() => setChosen(actor)}
                  />
                </li>
              )}
            </Show>
          )}
        </For>
      </ul>
      <Show when={selected()} fallback={<p class="empty">Waiting for the peer to show its machines.</p>}>
        {(running) => <Machine live={props.live} running={running()} />}
      </Show>
    </section>
  );
}

function ActorButton(props: {
  readonly running: RunningActor;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}) {
  return (
    <button type="button" aria-pressed={props.chosen} onClick={() => props.onChoose()}>
      <span class="actor-name">{props.running.actor}</span>
      <Show when={props.running.last?.turn ?? 'never'} keyed>
        <span class="actor-state" classList={{ fresh: props.running.last !== null }}>
          ● {props.running.state || '–'}
        </span>
      </Show>
    </button>
  );
}

function Machine(props: { readonly live: Live; readonly running: RunningActor }) {
  const chart = createMemo(() => props.live.chartOf(props.running.machine));
  const active = createMemo(() => activePaths(props.running.state));
  return (
    <Show when={chart()} fallback={<p class="empty">This one has no statechart.</p>}>
      {(drawn) => (
        <div class="scroll" tabindex="0">
          <Chart chart={drawn()} active={active()} last={props.running.last} />
          <LastTransition running={props.running} />
          <Transitions all={transitionsOf(drawn())} active={active()} last={props.running.last} />
        </div>
      )}
    </Show>
  );
}

function LastTransition(props: { readonly running: RunningActor }) {
  return (
    <p class="last-transition">
      <Show when={props.running.last} fallback={`No change since you opened this page.`}>
        {(last) => (
          <>
            Last change: {last().was} → <b>{last().now}</b>, on {labelOf(last().event)}.
          </>
        )}
      </Show>
    </p>
  );
}

/** The transitions in words; those that may be taken now come first. */
function Transitions(props: {
  readonly all: readonly ChartTransition[];
  readonly active: ReadonlySet<string>;
  readonly last: RunningActor['last'];
}) {
  const possible = () => props.all.filter((one) => props.active.has(one.source));
  const others = () => props.all.filter((one) => !props.active.has(one.source));
  return (
    <>
      <h3>What may happen now</h3>
      <ul class="transitions">
        <For each={possible()}>{(one) => <Transition one={one} />}</For>
      </ul>
      <Show when={others().length > 0}>
        <details>
          <summary>In other states ({others().length})</summary>
          <ul class="transitions">
            <For each={others()}>{(one) => <Transition one={one} />}</For>
          </ul>
        </details>
      </Show>
    </>
  );
}

function Transition(props: { readonly one: ChartTransition }) {
  const one = () => props.one;
  return (
    <li>
      <span class="from">{one().source || 'anywhere'}:</span>{' '}
      <span class={`cause cause-${one().when}`}>{causeOf(one())}</span>
      <Show when={one().guard}>
        <span class="guard"> if {one().guard}</span>
      </Show>
      <Show
        when={one().target !== null}
        fallback={<span class="dim">{one().actions.length > 0 ? '' : ' is ignored'}</span>}
      >
        {' → '}
        <b>{one().target || 'start'}</b>
      </Show>
      <Show when={one().actions.length > 0}>
        <span class="dim"> / {one().actions.join(', ')}</span>
      </Show>
    </li>
  );
}
