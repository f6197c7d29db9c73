/** @jsxImportSource solid-js */
/** The sensors: what each measured last, and a chart of each quantity; the same at every peer. */
import { createMemo, createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { Chart } from './chart.jsx';
import { type Columns, readingColumns, windowColumns } from './chart-data.js';
import { colourName, dashOf } from './chart-options.js';
import { look, NOTHING, type Seen, type SensorNow } from './panel-feed.js';
import { QUANTITIES, QUANTITY_KEYS, type Quantity } from './quantities.js';
import './panel.css';

const LOOK_EVERY_MS = 1000;
const SPANS: readonly (readonly [words: string, seconds: number])[] = [
  ['15 minutes', 900],
  ['1 hour', 3600],
  ['6 hours', 21_600],
  ['24 hours', 86_400],
  ['all there is', Number.POSITIVE_INFINITY],
];
const SPAN_AT_FIRST = 3600;

export function SensorPanel() {
  const [seen, setSeen] = createSignal<Seen>(NOTHING);
  const [shows, setShows] = createSignal<'readings' | 'windows'>('readings');
  const [span, setSpan] = createSignal(SPAN_AT_FIRST);
  const [pointed, setPointed] = createSignal<number | null>(null);

  onMount(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = async () => {
      setSeen(await look(seen(), shows() === 'windows'));
      if (!isOver) timer = setTimeout(again, LOOK_EVERY_MS);
    };
    void again();
    onCleanup(() => {
      isOver = true;
      clearTimeout(timer);
    });
  });

  const ids = createMemo(() => seen().sensors.map(({ id }) => id), [], {
    equals: (a, b) => a.join(' ') === b.join(' '),
  });
  const columns = createMemo(() =>
    shows() === 'windows' ? windowColumns(seen().windows, span()) : readingColumns(seen().tracks, span()),
  );
  // While windows are on their way there are no lines for them yet.
  const drawn = createMemo(() =>
    shows() === 'windows' && seen().windows.length !== ids().length ? [] : ids(),
  );
  const total = () => seen().sensors.reduce((sum, { published }) => sum + published, 0);

  return (
    <section class="panel system sensors" aria-labelledby="sensors-title">
      <div class="panel-head">
        <h2 id="sensors-title">Sensors</h2>
        <p class="dim">
          {total().toLocaleString('en')} readings, in one order at every peer
          {shows() === 'windows' ? `; mean of each ${seen().windowSeconds} s, from least to greatest` : ''}
        </p>
        <div class="sensor-choices">
          <For each={['readings', 'windows'] as const}>
            {(one) => (
              <button type="button" aria-pressed={shows() === one} onClick={() => setShows(one)}>
                {one}
              </button>
            )}
          </For>
          <label>
            <span class="unseen">how far back</span>
            <select onChange={(event) => setSpan(Number(event.currentTarget.value))}>
              <For each={SPANS}>
                {([words, seconds]) => (
                  <option value={seconds} selected={seconds === span()}>
                    {words}
                  </option>
                )}
              </For>
            </select>
          </label>
        </div>
      </div>
      <div class="scroll" tabindex="0">
        <Show when={ids().length > 0} fallback={<p class="empty">No sensor has published yet.</p>}>
          <div class="sensor-charts">
            <For each={QUANTITY_KEYS}>
              {(quantity) => (
                <Chart
                  {...QUANTITIES[quantity]}
                  ids={drawn()}
                  shows={shows()}
                  together="sensors"
                  clock="calendar"
                  isFromZero={false}
                  columns={columns()[quantity]}
                  onPoint={setPointed}
                />
              )}
            </For>
          </div>
          <SensorTable
            sensors={seen().sensors}
            columns={columns()}
            stride={shows() === 'windows' ? 3 : 1}
            pointed={pointed()}
          />
        </Show>
      </div>
    </section>
  );
}

/** What each measured: at the moment that is pointed at in a chart, else last. */
function SensorTable(props: {
  readonly sensors: readonly SensorNow[];
  readonly columns: Readonly<Record<Quantity, Columns>>;
  /** Lines per sensor. */
  readonly stride: number;
  readonly pointed: number | null;
}) {
  const moment = () => {
    const second = props.pointed === null ? undefined : props.columns.temperature_c[0][props.pointed];
    return second === undefined ? undefined : new Date(second * 1000).toISOString();
  };
  const valueAt = (quantity: Quantity, place: number): number | null => {
    const column = props.columns[quantity][1 + place * props.stride];
    return (Array.isArray(column) && props.pointed !== null ? column[props.pointed] : null) ?? null;
  };
  const shown = (sensor: SensorNow, quantity: Quantity, place: number): string => {
    const value = moment() === undefined ? sensor.last[quantity] : valueAt(quantity, place);
    return value === null ? '·' : value.toFixed(1);
  };
  return (
    <table class="sensor-table">
      <thead>
        <tr>
          <th scope="col">sensor</th>
          <For each={QUANTITY_KEYS}>
            {(quantity) => (
              <th scope="col">
                {QUANTITIES[quantity].name} <span class="dim">{QUANTITIES[quantity].unit}</span>
              </th>
            )}
          </For>
          <th scope="col">when</th>
          <th scope="col">readings</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.sensors}>
          {(sensor, place) => (
            <tr classList={{ away: !sensor.isMember }}>
              <th scope="row">
                <Swatch place={place()} />
                {sensor.id}
                <Show when={!sensor.isMember}>
                  <span class="fault"> away</span>
                </Show>
              </th>
              <For each={QUANTITY_KEYS}>{(quantity) => <td>{shown(sensor, quantity, place())}</td>}</For>
              <td>{shortTime(moment() ?? sensor.last.timestamp)}</td>
              <td>{sensor.published.toLocaleString('en')}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

/** The line of a sensor, as its charts draw it. */
function Swatch(props: { readonly place: number }) {
  return (
    <svg class="swatch" viewBox="0 0 22 6" aria-hidden="true">
      <line
        x1="0"
        y1="3"
        x2="22"
        y2="3"
        stroke={`var(${colourName(props.place)})`}
        stroke-dasharray={dashOf(props.place).join(' ')}
      />
    </svg>
  );
}

/** In the reader's own time, as the axis has it. */
const shortTime = (timestamp: string): string => new Date(timestamp).toLocaleTimeString('en-GB');
