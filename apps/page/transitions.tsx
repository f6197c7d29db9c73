/** @jsxImportSource solid-js */
/** A statechart's transitions in words; those that may be taken now come first, numbered as the arrows are. */
import { For, Show } from 'solid-js';
import { type ChartTransition, causeOf } from '../classroom/charts/chart-model.js';

interface TransitionsProps {
  readonly possible: readonly ChartTransition[];
  readonly all: readonly ChartTransition[];
}

export function Transitions(props: TransitionsProps) {
  const others = () => props.all.filter((one) => !props.possible.includes(one));
  return (
    <>
      <Show when={props.possible.length > 0}>
        <h3>
          What may happen now <span class="dim">(of one event, the first that fits)</span>
        </h3>
        <ol class="transitions numbered">
          <For each={props.possible}>{(one) => <Transition one={one} />}</For>
        </ol>
      </Show>
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
  const staying = () => (props.one.actions.length > 0 ? ' stays' : ' is ignored');
  return (
    <li>
      <span class="from">{props.one.source || 'anywhere'}:</span>{' '}
      <span class={`cause cause-${props.one.when}`}>{causeOf(props.one)}</span>
      <Show when={props.one.guard}>
        <span class="guard"> if {props.one.guard}</span>
      </Show>
      <Show when={props.one.target !== null} fallback={<span class="dim">{staying()}</span>}>
        {' → '}
        <b>{props.one.target || 'start'}</b>
      </Show>
      <Show when={props.one.actions.length > 0}>
        <span class="dim"> / {props.one.actions.join(', ')}</span>
      </Show>
    </li>
  );
}
