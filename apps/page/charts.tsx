/** @jsxImportSource solid-js */
/** Every statechart that runs in this peer, with its active states lit. */
import { createMemo, createSignal, For, Show } from 'solid-js';
import { activePaths, changedLeaf, stateInWords } from '../classroom/charts/active-states.js';
import { type ChartTransition, transitionsOf } from '../classroom/charts/chart-model.js';
import { Chart } from './chart.jsx';
import type { Live } from './live.js';
import { byId } from './order.js';
import type { RunningActor } from './running.js';
import { eventInWords } from './sentences.js';
import { Transitions } from './transitions.jsx';

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

interface Family {
  readonly machine: string;
  readonly actors: readonly string[];
}

/** Actors of one machine belong together: one failure detector per member, one connection per peer. */
function familiesOf(actors: readonly RunningActor[]): readonly Family[] {
  const families = new Map<string, string[]>();
  for (const { actor, machine } of actors) families.set(machine, [...(families.get(machine) ?? []), actor]);
  return [...families]
    .map(([machine, names]) => ({ machine, actors: names.sort(byId) }))
    .sort((one, other) => placeOf(one.machine) - placeOf(other.machine) || byId(one.machine, other.machine));
}

function placeOf(machine: string): number {
  const place = ORDER.findIndex((name) => machine.toLowerCase().startsWith(name));
  return place < 0 ? ORDER.length : place;
}

export function Charts(props: { readonly live: Live }) {
  const actors = () => props.live.running.actors;
  const families = createMemo(() => familiesOf(Object.values(actors())));
  const [chosen, setChosen] = createSignal('election');
  const selected = () => actors()[chosen()] ?? actors()[families()[0]?.actors[0] ?? ''];

  return (
    <section class="panel charts" aria-labelledby="charts-title">
      <div class="panel-head">
        <h2 id="charts-title">Statecharts</h2>
        <p class="dim">of peer {props.live.facts.status?.id ?? '?'}; active states are lit</p>
      </div>
      <ul class="actors" aria-label="Running machines">
        <For each={families()}>
          {(family) => (
            <li>
              <Show when={family.actors.length > 1}>
                <span class="family">{family.machine}</span>
              </Show>
              <For each={family.actors}>
                {(actor) => (
                  <ActorButton
                    running={actors()[actor]}
                    name={family.actors.length > 1 ? actor.replace(/^[^:]*:(seed-)?/, '') : actor}
                    chosen={selected()?.actor === actor}
                    onChoose={() => setChosen(actor)}
                  />
                )}
              </For>
            </li>
          )}
        </For>
      </ul>
      <Show when={selected()} fallback={<p class="empty">Waiting for the peer to show its machines.</p>}>
        {(running) => <Machine live={props.live} running={running()} />}
      </Show>
    </section>
  );
}

interface ActorButtonProps {
  readonly running: RunningActor | undefined;
  readonly name: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function ActorButton(props: ActorButtonProps) {
  return (
    <button type="button" aria-pressed={props.chosen} onClick={() => props.onChoose()}>
      <span class="actor-name">{props.name}</span>{' '}
      <Show when={props.running?.last?.turn ?? 'never'} keyed>
        <span class="actor-state" classList={{ fresh: Boolean(props.running?.last) }}>
          ● {stateInWords(props.running?.state ?? '') || '–'}
        </span>
      </Show>
    </button>
  );
}

function Machine(props: { readonly live: Live; readonly running: RunningActor }) {
  const chart = createMemo(() => props.live.running.chartOf(props.running.machine));
  const active = createMemo(() => activePaths(props.running.state));
  return (
    <Show when={chart()} fallback={<p class="empty">This one has no statechart.</p>} keyed>
      {(drawn) => {
        const all = transitionsOf(drawn);
        const possible = createMemo(() => inOrder(all.filter((one) => active().has(one.source))));
        const number = createMemo(() => new Map(possible().map((one, place) => [one, place + 1])));
        return (
          <div class="scroll" tabindex="0">
            <LastTransition running={props.running} />
            <Chart
              chart={drawn}
              active={active()}
              last={props.running.last}
              numberOf={(transition) => number().get(transition)}
            />
            <Transitions possible={possible()} all={all} />
          </div>
        );
      }}
    </Show>
  );
}

const depthOf = (path: string): number => (path === '' ? 0 : path.split('.').length);

/** As XState asks them: the innermost state first. */
const inOrder = (transitions: readonly ChartTransition[]): readonly ChartTransition[] =>
  [...transitions].sort((one, other) => depthOf(other.source) - depthOf(one.source));

function LastTransition(props: { readonly running: RunningActor }) {
  return (
    <p class="last-transition">
      <Show when={props.running.last} fallback="No change of state since you opened this page.">
        {(last) => (
          <>
            Last: {changedLeaf(last().was, last().now)} ➜ <b>{changedLeaf(last().now, last().was)}</b>, on{' '}
            {eventInWords(last().event)}.
          </>
        )}
      </Show>
    </p>
  );
}
