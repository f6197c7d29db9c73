/** @jsxImportSource solid-js */
/** How much was said, how long nobody led or several did, and what has to hold. */
import { createMemo, createSignal, Index, Show } from 'solid-js';
import { type Lamp, timesAt, type World } from '../history/index.js';
import type { Stage } from '../stage.js';
import { classes } from './classes.js';
import { Glyph, type Kind, kindOfFlight, labelOf, lengthInWords } from './kinds.js';
import './counters.css';

export function Counters(props: { readonly stage: Stage }) {
  const { stage } = props;
  /** What is broken comes first. */
  const lamps = createMemo(() =>
    stage
      .history()
      .lampsAt(stage.place())
      .toSorted((one, other) => Number(other.state === 'broken') - Number(one.state === 'broken')),
  );
  return (
    <section class="panel counters" aria-labelledby="counters-title">
      <div class="panel-head">
        <h2 id="counters-title">Counters</h2>
        <span class="head-space" />
        <LampRow stage={stage} lamps={lamps()} />
      </div>
      <div class="scroll">
        <Numbers stage={stage} />
        <ul class="lamps" aria-label="What has to hold">
          <Index each={lamps()}>{(lamp) => <LampLine stage={stage} lamp={lamp()} />}</Index>
        </ul>
        <Types world={stage.world()} />
      </div>
    </section>
  );
}

const sumOf = (world: World, kind: Kind): number =>
  Object.entries(world.said).reduce(
    (sum, [type, count]) =>
      type !== 'heartbeat' && kindOfFlight({ type, load: 1 }) === kind ? sum + count : sum,
    0,
  );

function Numbers(props: { readonly stage: Stage }) {
  const world = () => props.stage.world();
  const said = (type: string) => world().said[type] ?? 0;
  const times = createMemo(() => timesAt(world(), props.stage.time()));
  return (
    <dl class="numbers">
      <Figure label="ELECTION" kind="election" value={said('election.start')} />
      <Figure label="OK" kind="ok" value={said('election.answer')} />
      <Figure label="COORD." kind="coordinator" value={said('election.coordinator')} />
      <Figure label="data" kind="data" value={sumOf(world(), 'data')} />
      <Figure label="lost" kind="fault" value={world().lost} />
      <Figure label="elections" value={world().elections} />
      <Figure label="no leader" look="bad" value={lengthInWords(times().leaderlessMs)} />
      <Figure label="several leaders" look="bad" value={lengthInWords(times().rivalryMs)} />
    </dl>
  );
}

interface FigureProps {
  readonly label: string;
  readonly value: number | string;
  readonly kind?: Kind;
  readonly look?: 'bad';
}

function Figure(props: FigureProps) {
  const isZero = () => props.value === 0 || props.value === '0 ms';
  return (
    <div class={classes(`figure figure-${props.kind ?? props.look ?? 'plain'}`, { zero: isZero() })}>
      <dd>{props.value}</dd>
      <dt>
        <Show when={props.kind}>{(kind) => <Glyph kind={kind()} />}</Show> {props.label}
      </dt>
    </div>
  );
}

const SIGNS: Readonly<Record<Lamp['state'], { readonly sign: string; readonly word: string }>> = {
  holds: { sign: '✓', word: 'holds' },
  'not yet': { sign: '…', word: 'not yet' },
  broken: { sign: '✕', word: 'broken' },
  unknown: { sign: '?', word: 'not known' },
};

/** All lamps at a glance, for the list below may be out of sight. */
function LampRow(props: { readonly stage: Stage; readonly lamps: readonly Lamp[] }) {
  const inOrder = () => props.lamps.toSorted((one, other) => one.name.localeCompare(other.name));
  return (
    <span class="lamp-row">
      <Index each={inOrder()}>
        {(lamp) => (
          <button
            type="button"
            class={`quiet lamp lamp-${lamp().state.replace(' ', '-')}`}
            title={`${lamp().words}: ${SIGNS[lamp().state].word}${lamp().detail === '' ? '' : ` – ${lamp().detail}`}`}
            aria-label={`${lamp().words}: ${SIGNS[lamp().state].word}`}
            onClick={() => {
              const { index } = lamp();
              if (index !== null) props.stage.seekEvent(index);
            }}
          >
            <span class="lamp-sign" aria-hidden="true">
              {SIGNS[lamp().state].sign}
            </span>
          </button>
        )}
      </Index>
    </span>
  );
}

function LampLine(props: { readonly stage: Stage; readonly lamp: Lamp }) {
  const sign = () => SIGNS[props.lamp.state];
  return (
    <li class={`lamp lamp-${props.lamp.state.replace(' ', '-')}`}>
      <span class="lamp-sign" aria-hidden="true">
        {sign().sign}
      </span>
      <span class="lamp-words">
        {props.lamp.words}
        <span class="unseen">: {sign().word}</span>
        <Show when={props.lamp.detail}>
          <span class="lamp-detail">{props.lamp.detail}</span>
        </Show>
      </span>
      <Show when={props.lamp.index}>
        {(index) => (
          <button type="button" class="quiet" onClick={() => props.stage.seekEvent(index())}>
            show
          </button>
        )}
      </Show>
    </li>
  );
}

/** Every type there was, for who counts along. */
function Types(props: { readonly world: World }) {
  const [isOpen, setOpen] = createSignal(false);
  const list = createMemo(() => Object.entries(props.world.said).sort(([, a], [, b]) => b - a));
  return (
    <details class="types" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {list().reduce((sum, [, count]) => sum + count, 0)} messages of {list().length} types
      </summary>
      <ul>
        <Index each={isOpen() ? list() : []}>
          {(one) => (
            <li>
              {one()[0] === 'heartbeat' ? 'heartbeats' : labelOf(one()[0])} <b>{one()[1]}</b>
            </li>
          )}
        </Index>
      </ul>
    </details>
  );
}
