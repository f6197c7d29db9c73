/** @jsxImportSource solid-js */
/** Figures of what a live cluster does, around the playhead: charts of the records that are here already, asked of nobody. */
import { createMemo, createSignal, For, Index, Show } from 'solid-js';
import { Chart, type ChartFacts } from '../../sensor/chart.jsx';
import { aligned, type Columns } from '../../sensor/chart-data.js';
import { colourName, dashOf } from '../../sensor/chart-options.js';
import {
  deliveryLags,
  doubtsIn,
  electionsOf,
  heartbeatGaps,
  type Line,
  messageRates,
  OTHER_TYPES,
  recordsIn,
  type Span,
  spanAround,
} from '../history/index.js';
import type { Stage } from '../stage.js';
import { labelOf } from './labels.js';
import { Doubts, Elections } from './live-doubts.jsx';
import { createPaced } from './paced.js';
import './live-figures.css';

/** Stretches to choose from, s; what was recorded, all of it. */
const SPANS: readonly (readonly [words: string, seconds: number])[] = [
  ['10 s', 10],
  ['30 s', 30],
  ['2 min', 120],
  ['all there is', 86_400],
];
const SPAN_AT_FIRST = 30;
/** Messages are counted by the second, and in a long stretch so that there are at most so many points. */
const BIN_MS = 1000;
const BINS_MOST = 240;
const HEIGHT = 118;

export function Figures(props: { readonly stage: Stage }) {
  const { stage } = props;
  const [seconds, setSeconds] = createSignal(SPAN_AT_FIRST);
  const figures = createPaced(
    () => [stage.history(), stage.place(), stage.selectedPeer(), seconds()],
    () => figuresOf(stage, seconds() * 1000),
  );
  return (
    <section class="panel figures" aria-labelledby="figures-title">
      <div class="panel-head">
        <h2 id="figures-title">Figures</h2>
        <span class="head-space" />
        <label class="figures-span">
          <span class="dim">around the playhead</span>{' '}
          <select onChange={({ currentTarget }) => setSeconds(Number(currentTarget.value))}>
            <For each={SPANS}>
              {([words, length]) => (
                <option value={length} selected={length === seconds()}>
                  {words}
                </option>
              )}
            </For>
          </select>
        </label>
      </div>
      <div class="scroll" tabindex="0">
        <Plot
          name={`Heartbeats that reach ${figures().observer ?? 'nobody'}`}
          unit="ms since the one before"
          lines={figures().gaps}
          span={figures().span}
          wordOf={(name) => `of ${name}`}
          digits={0}
          none={
            figures().observer === null
              ? 'No peer is followed.'
              : 'None came in this stretch. Select another peer to see what it hears.'
          }
        />
        <Plot
          name="Messages sent"
          unit="in a second, by all that are followed"
          lines={figures().rates}
          span={figures().span}
          wordOf={typeInWords}
          digits={1}
          none="Less than a second is recorded."
        />
        <Plot
          name="Behind the sequencer"
          unit="entries of the log still to be delivered"
          shows="steps"
          lines={figures().lags}
          span={figures().span}
          digits={0}
          none="Nothing is recorded."
        />
        <Doubts rows={figures().doubts} span={figures().span} />
        <Elections elections={figures().elections} onJump={stage.seekEvent} />
      </div>
    </section>
  );
}

/** Everything at once, for all of it is of the same records. */
function figuresOf(stage: Stage, lengthMs: number) {
  const history = stage.history();
  const span = spanAround(history, stage.time(), lengthMs);
  const records = recordsIn(history, span);
  const observer = observerIn(stage);
  const binMs = BIN_MS * Math.ceil((span.to - span.from) / BIN_MS / BINS_MOST || 1);
  return {
    span,
    observer,
    gaps: observer === null ? [] : heartbeatGaps(records, observer),
    rates: messageRates(records, span, binMs),
    lags: deliveryLags(history, span, records),
    doubts: doubtsIn(history, span, records),
    elections: electionsOf(history),
  };
}

/** The selected peer, else the leader, else the highest: of those that tell anything. */
function observerIn(stage: Stage): string | null {
  const { peers, leaders, ids } = stage.world();
  const telling = (id: string | null | undefined): id is string =>
    typeof id === 'string' && (peers[id]?.lastIndex ?? -1) >= 0;
  return [stage.selectedPeer(), ...leaders, ...ids.toReversed()].find(telling) ?? null;
}

const typeInWords = (type: string): string => {
  if (type === 'heartbeat') return 'heartbeats';
  return type === OTHER_TYPES ? OTHER_TYPES : labelOf(type);
};

interface PlotProps extends Pick<ChartFacts, 'name' | 'unit'> {
  readonly lines: readonly Line[];
  readonly span: Span;
  readonly shows?: ChartFacts['shows'];
  readonly wordOf?: (name: string) => string;
  readonly digits: number;
  /** Said where there is nothing to draw. */
  readonly none: string;
}

/** One chart, and below it what its lines are, with their values where one points, else at the end. */
function Plot(props: PlotProps) {
  const [pointed, setPointed] = createSignal<number | null>(null);
  const columns = createMemo(() => columnsOf(props.lines, props.span));
  const shownAt = (place: number): string => {
    const column = columns()[1 + place] ?? [];
    const at = pointed();
    const value = at === null ? column.findLast((one) => one !== null) : column[at];
    return typeof value === 'number' ? value.toFixed(props.digits) : '·';
  };
  return (
    <Show
      when={props.lines.length > 0}
      fallback={
        <p class="figures-none">
          <b>{props.name}</b> <span class="dim">{props.none}</span>
        </p>
      }
    >
      <Chart
        name={props.name}
        unit={props.unit}
        ids={props.lines.map(({ name }) => name)}
        shows={props.shows ?? 'readings'}
        together="live figures"
        clock="passed"
        isFromZero
        columns={columns()}
        height={HEIGHT}
        onPoint={setPointed}
      />
      <ul class="figures-lines" aria-label={`${props.name}, ${props.unit}`}>
        <Index each={props.lines}>
          {(line, place) => (
            <li>
              <svg class="swatch" viewBox="0 0 22 6" aria-hidden="true">
                <line
                  x1="0"
                  y1="3"
                  x2="22"
                  y2="3"
                  stroke={`var(${colourName(place)})`}
                  stroke-dasharray={dashOf(place).join(' ')}
                />
              </svg>
              {props.wordOf?.(line().name) ?? line().name} <b>{shownAt(place)}</b>
            </li>
          )}
        </Index>
      </ul>
    </Show>
  );
}

/** In seconds, with the whole stretch on the axis, so that all charts show the same one. */
function columnsOf(lines: readonly Line[], { from, to }: Span): Columns {
  const points = lines.map((line) =>
    line.points.map(([ms, value]): readonly [number, number] => [ms / 1000, value]),
  );
  const [times, ...columns] = aligned([
    ...points,
    [
      [from / 1000, 0],
      [to / 1000, 0],
    ],
  ]);
  return [times, ...columns.slice(0, -1)];
}
