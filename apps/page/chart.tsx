/** @jsxImportSource solid-js */
/** One statechart as nested boxes, its active path lit and its last transition drawn. */
import { For, Show } from 'solid-js';
import type { ChartState } from './chart-model.js';
import type { RunningActor } from './live.js';

interface ChartProps {
  readonly chart: ChartState;
  readonly active: ReadonlySet<string>;
  readonly last: RunningActor['last'];
}

export function Chart(props: ChartProps) {
  return (
    <div class="chart">
      <ul class="states" classList={{ regions: props.chart.kind === 'parallel' }}>
        <For each={props.chart.children}>
          {(state) => <StateBox state={state} active={props.active} last={props.last} />}
        </For>
      </ul>
    </div>
  );
}

function StateBox(props: {
  readonly state: ChartState;
  readonly active: ReadonlySet<string>;
  readonly last: RunningActor['last'];
}) {
  const state = () => props.state;
  const isActive = () => props.active.has(state().path);
  return (
    <li
      class={`state state-${state().kind}`}
      classList={{
        active: isActive(),
        left: props.last?.was === state().path,
        entered: props.last?.now === state().path,
      }}
      data-path={state().path}
      title={state().description ?? undefined}
    >
      <span class="state-name">
        <span class="mark" aria-hidden="true">
          {isActive() ? '●' : state().isInitial ? '▸' : ''}
        </span>
        {state().key}
        <Show when={isActive()}>
          <span class="unseen"> (active)</span>
        </Show>
      </span>
      <Show when={state().children.length > 0}>
        <ul class="states" classList={{ regions: state().kind === 'parallel' }}>
          <For each={state().children}>
            {(child) => <StateBox state={child} active={props.active} last={props.last} />}
          </For>
        </ul>
      </Show>
    </li>
  );
}
