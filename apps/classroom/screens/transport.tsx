/** @jsxImportSource solid-js */
/** Time: play and pause, steps, speed, the clock, the scrubber, and the branches below it. */
import { For, Show } from 'solid-js';
import { Scrubber } from '../panes/index.js';
import { SPEEDS } from '../playback.js';
import type { Stage } from '../stage.js';
import { Branches } from './branch-strip.jsx';
import type { Run } from './run.js';
import { stepOn } from './stage-keys.js';

interface TransportProps {
  readonly stage: Stage;
  readonly run?: Run | undefined;
  /** Compares this branch with the current one. */
  readonly onCompare?: ((branch: string | null) => void) | undefined;
  readonly compared?: string | null | undefined;
}

export function Transport(props: TransportProps) {
  const stage = () => props.stage;
  const step = (direction: 1 | -1) => void stepOn(stage(), props.run, 'event', direction);
  return (
    <section class="panel transport" aria-label="Time">
      <div class="transport-row">
        <div class="transport-buttons">
          <Button words="To the start" onClick={() => stage().seek(stage().history().startMs)} path="M2 2V14M14 2L5 8 14 14Z" />
          <Button words="Previous event" onClick={() => step(-1)} path="M12 2L3 8 12 14Z" />
          <button
            type="button"
            class="quiet play"
            aria-label={stage().isPlaying() ? 'Pause' : 'Play'}
            title={stage().isPlaying() ? 'Pause (Space)' : 'Play (Space)'}
            onClick={() => stage().toggle()}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d={stage().isPlaying() ? 'M3 2H6.500V14H3ZM9.500 2H13V14H9.500Z' : 'M3 1L14 8 3 15Z'} />
            </svg>
          </button>
          <Button words="Next event" onClick={() => step(1)} path="M4 2L13 8 4 14Z" />
        </div>
        <Speed stage={stage()} />
        <Clock stage={stage()} />
        <Scrubber stage={stage()} branches={forksOf(props.run)} />
        <label class="skip-quiet">
          <input
            type="checkbox"
            checked={stage().skipsQuiet()}
            onChange={({ currentTarget }) => stage().setSkipsQuiet(currentTarget.checked)}
          />
          skip quiet time
        </label>
      </div>
      <Show when={props.run}>
        {(run) => <Branches run={run()} onCompare={props.onCompare} compared={props.compared ?? null} />}
      </Show>
    </section>
  );
}

/** Where branches leave, for marks on the scrubber, virtual ms. */
const forksOf = (run: Run | undefined): readonly { readonly at: number; readonly name: string }[] =>
  (run?.branches() ?? []).flatMap(({ atMs, name }) => (atMs === null ? [] : [{ at: atMs, name }]));

function Button(props: { readonly words: string; readonly path: string; readonly onClick: () => void }) {
  return (
    <button type="button" class="quiet" aria-label={props.words} title={props.words} onClick={() => props.onClick()}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={props.path} />
      </svg>
    </button>
  );
}

const speedInWords = (speed: number): string => (speed < 1 ? `1/${Math.round(1 / speed)}×` : `${speed}×`);

function Speed(props: { readonly stage: Stage }) {
  return (
    <select
      class="speed"
      aria-label="Speed"
      title="Virtual time against real time ([ and ])"
      value={String(props.stage.speed())}
      onChange={({ currentTarget }) => props.stage.setSpeed(Number(currentTarget.value))}
    >
      <For each={SPEEDS}>
        {(speed) => (
          <option value={String(speed)} selected={speed === props.stage.speed()}>
            {speedInWords(speed)}
          </option>
        )}
      </For>
    </select>
  );
}

/** `0:00.630`, and what is skipped. */
function Clock(props: { readonly stage: Stage }) {
  return (
    <p class="clock" classList={{ skipping: props.stage.skipping() !== null }}>
      <span class="clock-time">{clockText(props.stage.time())}</span>
      <Show when={props.stage.skipping()}>
        {(ms) => <span class="chip">skipping {ms()} ms of silence</span>}
      </Show>
      <Show when={props.stage.stopped()}>{(why) => <span class="chip">stopped: {why()}</span>}</Show>
      <Show when={props.stage.isFollowing()}>
        <span class="chip">live</span>
      </Show>
    </p>
  );
}

/** Minutes, seconds, thousandths. */
export function clockText(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const seconds = Math.floor(whole / 1000);
  const pad = (value: number, digits: number) => String(value).padStart(digits, '0');
  return `${Math.floor(seconds / 60)}:${pad(seconds % 60, 2)}.${pad(whole % 1000, 3)}`;
}
