/** @jsxImportSource solid-js */
/** What is to be said of the state or arrow that is pointed at; else of the innermost active state. */
import { createMemo, For, Show } from 'solid-js';
import { guardsAsked } from './asked.js';
import type { DrawnChart } from './chart-library.js';
import { type ChartState, type ChartTransition, causeOf, statesOf } from './chart-model.js';
import type { Step } from './taken.js';

interface ChartWordsProps {
  readonly drawn: DrawnChart;
  readonly active: ReadonlySet<string>;
  readonly pointed: string | null;
  /** The last event it heard, whether or not anything came of it. */
  readonly heard: Step | null;
  /** Events that may be given now; undefined where none may. */
  readonly enabled: ReadonlySet<string> | undefined;
  readonly onEvent: (event: string) => void;
}

export function ChartWords(props: ChartWordsProps) {
  const states = createMemo(() => new Map(statesOf(props.drawn.chart).map((state) => [state.path, state])));
  const arrow = createMemo(() => props.drawn.drawing.arrows.find(({ id }) => id === props.pointed));
  const state = createMemo(() => {
    const innermost = [...props.active].at(-1) ?? '';
    return states().get(props.pointed ?? innermost) ?? states().get(innermost) ?? props.drawn.chart;
  });
  return (
    <section class="chart-words-pane" aria-label="About this part of the chart" tabindex="0">
      <Show when={props.enabled}>
        {(enabled) => <Events events={[...enabled()]} onEvent={props.onEvent} />}
      </Show>
      <Show when={props.heard}>{(step) => <Asked drawn={props.drawn} step={step()} />}</Show>
      <Show when={arrow()} fallback={<About state={state()} isActive={props.active.has(state().path)} />}>
        {(one) => (
          <ul class="chart-transitions">
            <For each={one().transitions}>
              {(transition) => <Transition one={transition} isSourceSaid={false} />}
            </For>
          </ul>
        )}
      </Show>
    </section>
  );
}

function Events(props: { readonly events: readonly string[]; readonly onEvent: (event: string) => void }) {
  return (
    <p class="chart-events">
      <span class="dim">Events it takes now:</span>
      <For each={props.events} fallback={<span class="dim">none</span>}>
        {(event) => (
          <button type="button" class="quiet" onClick={() => props.onEvent(event)}>
            {event}
          </button>
        )}
      </For>
    </p>
  );
}

/** What the guards said to the last event. */
function Asked(props: { readonly drawn: DrawnChart; readonly step: Step }) {
  const asked = createMemo(() => guardsAsked(props.drawn.chart, props.step));
  return (
    <Show when={asked().length > 0}>
      <p class="chart-asked">
        <span class="dim">Guards asked about</span> {eventInWords(props.step.event)}:
        <For each={asked()}>
          {({ guard, source, isPassed }) => (
            <span title={source === '' ? 'of any state' : `of ${source}`}>
              <span aria-hidden="true">{SIGNS[`${isPassed}`]}</span> <span class="chart-guard">{guard}</span>
              <span class="unseen">: {ANSWERS[`${isPassed}`]}</span>
            </span>
          )}
        </For>
      </p>
    </Show>
  );
}

const SIGNS = { true: '✓', false: '✗', null: '?' } as const;
const ANSWERS = { true: 'true', false: 'false', null: 'its state does not tell' } as const;

/** A delay by its name: `after answerTimeout`. */
const eventInWords = (event: string): string => event.replace(/^xstate\.after\.([^.]+)\..*$/, 'after $1');

function About(props: { readonly state: ChartState; readonly isActive: boolean }) {
  const does = (): readonly (readonly [string, readonly string[]])[] => [
    ['entry', props.state.entry],
    ['exit', props.state.exit],
    ['runs', props.state.invokes],
  ];
  return (
    <>
      <p aria-live="polite">
        <b>{props.state.path || props.state.key}</b>
        <Show when={props.isActive && props.state.path !== ''}>
          <span class="chart-mark"> ● active</span>
        </Show>
        <Show when={props.state.description}>
          <span> {props.state.description}</span>
        </Show>
      </p>
      <For each={props.state.notes}>{(note) => <p class="dim">{note}</p>}</For>
      <For each={does()}>
        {([what, names]) => (
          <Show when={names.length > 0}>
            <p class="dim">
              {what} / {names.join(', ')}
            </p>
          </Show>
        )}
      </For>
      <ul class="chart-transitions">
        <For each={props.state.transitions}>{(one) => <Transition one={one} isSourceSaid={true} />}</For>
      </ul>
    </>
  );
}

function Transition(props: { readonly one: ChartTransition; readonly isSourceSaid: boolean }) {
  const staying = () => (props.one.actions.length > 0 ? 'stays' : 'is ignored');
  return (
    <li>
      <Show when={!props.isSourceSaid}>
        <span class="dim">{props.one.source || 'any state'}: </span>
      </Show>
      <span class={`chart-cause-${props.one.when}`}>{causeOf(props.one)}</span>
      <Show when={props.one.guard}>
        <span class="chart-guard"> [{props.one.guard}]</span>
      </Show>
      <Show when={props.one.target !== null} fallback={<span class="dim"> {staying()}</span>}>
        {' → '}
        <b>{props.one.target || 'start'}</b>
      </Show>
      <Show when={props.one.actions.length > 0}>
        <span class="dim"> / {props.one.actions.join(', ')}</span>
      </Show>
      <Show when={props.one.description}>
        <span class="dim"> ({props.one.description})</span>
      </Show>
    </li>
  );
}
