/** @jsxImportSource solid-js */
/** The space-time diagram: a row for every peer, the highest on top, time to the right, and an arrow for every message. */
import { createMemo, createSignal, Show } from 'solid-js';
import type { Stage } from '../stage.js';
import { labelOf } from './kinds.js';
import { Diagram, type Pointed } from './spacetime-diagram.jsx';
import { createWindow, type Window } from './spacetime-view.js';
import { Choice } from './switches.jsx';
import './spacetime.css';

interface SpaceTimeProps {
  readonly stage: Stage;
  /** Its heading: a branch's name, where two are compared. Default `Space-time`. */
  readonly name?: string;
  /** Virtual ms at which two branches part. */
  readonly marked?: number;
}

export function SpaceTime(props: SpaceTimeProps) {
  const { stage } = props;
  const [pointed, setPointed] = createSignal<Pointed | null>(null);
  const time = createWindow(
    stage,
    createMemo(() => ({ from: stage.history().startMs, to: stage.history().endMs })),
    stage.time,
  );
  const order = createWindow(
    stage,
    createMemo(() => ({ from: 0, to: lastNumber(stage) + 1 })),
    createMemo(() => numberAt(stage)),
  );
  const window = () => (stage.axis() === 'time' ? time : order);
  return (
    <section class="panel spacetime" aria-label={props.name ?? 'Space-time'}>
      <div class="panel-head">
        <h2>{props.name ?? 'Space-time'}</h2>
        <p class="dim pointed-at">
          <Show when={pointed()} fallback={<Hint stage={stage} />}>
            {(one) => <PointedAt pointed={one()} />}
          </Show>
        </p>
        <Choice
          label="Axis"
          options={[
            { value: 'time', label: 'time' },
            { value: 'logical', label: 'order' },
          ]}
          value={stage.axis()}
          onChange={stage.setAxis}
        />
        <Zoom window={window()} />
      </div>
      <Show when={stage.axis()} keyed>
        {(axis) => (
          <Diagram
            stage={stage}
            axis={axis}
            window={axis === 'time' ? time : order}
            marked={props.marked}
            onPoint={setPointed}
          />
        )}
      </Show>
    </section>
  );
}

function Zoom(props: { readonly window: Window }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: three buttons side by side need no box around them
    <div class="choice-of" role="group" aria-label="Zoom">
      <button
        type="button"
        class="quiet"
        title="Closer"
        aria-label="Closer"
        onClick={() => props.window.zoom(0.6)}
      >
        +
      </button>
      <button
        type="button"
        class="quiet"
        title="Wider"
        aria-label="Wider"
        onClick={() => props.window.zoom(1.7)}
      >
        −
      </button>
      <button type="button" class="quiet" title="All of it" onClick={() => props.window.fit()}>
        all
      </button>
    </div>
  );
}

function Hint(props: { readonly stage: Stage }) {
  return (
    <Show
      when={props.stage.axis() === 'time'}
      fallback="by cause: an event stands right of all that led to it"
    >
      point at an arrow: what led to it, what came of it
    </Show>
  );
}

function PointedAt(props: { readonly pointed: Pointed }) {
  const flight = () => props.pointed.hit.arrow.flight;
  const isArrival = () => props.pointed.hit.index !== flight().sentIndex;
  return (
    <>
      {labelOf(flight().type)} {flight().from} → {flight().to},{' '}
      {isArrival() ? 'as it arrives' : 'as it is sent'}: <span class="cone-key cone-past">led to it</span>{' '}
      <span class="cone-key cone-future">came of it</span> the rest is concurrent
    </>
  );
}

const lastNumber = (stage: Stage): number => {
  const history = stage.history();
  return history
    .stops('event')
    .slice(-40)
    .reduce((most, index) => Math.max(most, history.lamportOf(index) ?? 0), 0);
};

/** Lamport's number of the last stop at or before the playhead. */
function numberAt(stage: Stage): number {
  const history = stage.history();
  const index = stage.index();
  const at = history.lamportOf(index) === null ? history.next('event', index, -1) : index;
  return at === null ? 0 : (history.lamportOf(at) ?? 0);
}
