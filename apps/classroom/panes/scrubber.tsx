/** @jsxImportSource solid-js */
/** The transport: to and fro, play, how fast, and the whole run on one line with its leaders, elections and faults. */
import { type Accessor, createEffect, createMemo, For, on, onMount, Show } from 'solid-js';
import type { Mark } from '../history/index.js';
import { SPEEDS } from '../playback.js';
import type { Stage } from '../stage.js';
import { lengthInWords, timeInWords } from './kinds.js';
import { createSize } from './size.js';
import { Toggle } from './switches.jsx';
import './scrubber.css';

export interface BranchPoint {
  /** Virtual ms. */
  readonly at: number;
  readonly name: string;
}

/** How far the playhead is behind what goes on, where something does. */
export interface LiveEdge {
  /** Whole seconds; 0 while it is followed. */
  readonly behindS: Accessor<number>;
}

interface ScrubberProps {
  readonly stage: Stage;
  readonly branches?: readonly BranchPoint[];
  readonly edge?: LiveEdge | undefined;
}

export function Scrubber(props: ScrubberProps) {
  const { stage } = props;
  const isRunning = () => stage.isPlaying() || stage.isFollowing();
  return (
    <section class="panel scrubber" aria-label="Time">
      <div class="transport">
        <Key
          label="To the start"
          keys="Home"
          path="M-6-7V7M6-7L-4 0 6 7Z"
          onPress={() => stage.seek(stage.history().startMs)}
        />
        <Key label="Previous event" keys="←" path="M5-7L-5 0 5 7Z" onPress={() => stage.step('event', -1)} />
        <button
          type="button"
          class="key key-play"
          aria-label={isRunning() ? 'Pause' : 'Play'}
          title={`${isRunning() ? 'Pause' : 'Play'} (Space)`}
          onClick={stage.toggle}
        >
          <svg viewBox="-10 -10 20 20" aria-hidden="true">
            <path d={isRunning() ? 'M-6-7H-2V7H-6ZM2-7H6V7H2Z' : 'M-5-8L8 0-5 8Z'} />
          </svg>
        </button>
        <Key label="Next event" keys="→" path="M-5-7L5 0-5 7Z" onPress={() => stage.step('event', 1)} />
        <Key
          label="To the end of what is known"
          keys="End"
          path="M6-7V7M-6-7L4 0-6 7Z"
          onPress={() => {
            stage.seek(stage.history().endMs);
            if (stage.isLive) stage.follow(true);
          }}
        />
      </div>
      <label class="speed">
        <span class="unseen">Speed</span>
        <select
          value={String(stage.speed())}
          onChange={(event) => stage.setSpeed(Number(event.currentTarget.value))}
        >
          <For each={SPEEDS}>{(speed) => <option value={String(speed)}>{speedInWords(speed)}</option>}</For>
        </select>
      </label>
      <span class="clock" classList={{ spinning: stage.skipping() !== null }}>
        {timeInWords(stage.time())}
      </span>
      <Track stage={stage} branches={props.branches ?? []} />
      <div class="quiet-time">
        <Show when={props.edge}>{(edge) => <Edge stage={stage} edge={edge()} />}</Show>
        <Show when={stage.skipping() !== null || stage.stopped() !== null} fallback={<Skip stage={stage} />}>
          <span
            class="chip"
            classList={{ warning: stage.stopped() !== null }}
            title={stage.stopped() ?? undefined}
          >
            {stage.stopped() ?? `skipping ${lengthInWords(stage.skipping() ?? 0)} of silence`}
          </span>
        </Show>
      </div>
    </section>
  );
}

/** Whether one sees what happens now, or how long ago it was; a press goes back to now. */
function Edge(props: { readonly stage: Stage; readonly edge: LiveEdge }) {
  return (
    <Show
      when={!props.stage.isFollowing()}
      fallback={
        <span class="chip live" title="What happens now is shown as it is told">
          ● LIVE
        </span>
      }
    >
      <button
        type="button"
        class="chip live behind"
        title="Recording goes on. Back to what happens now (End)"
        onClick={() => props.stage.follow(true)}
      >
        LIVE −{lengthBehind(props.edge.behindS())}
      </button>
    </Show>
  );
}

/** `12 s`, `3:05`. */
const lengthBehind = (seconds: number): string =>
  seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

export const speedInWords = (speed: number): string =>
  speed < 1 ? `1/${Math.round(1 / speed)}×` : `${speed}×`;

function Skip(props: { readonly stage: Stage }) {
  return (
    <Toggle label="skip quiet time" isOn={props.stage.skipsQuiet()} onChange={props.stage.setSkipsQuiet} />
  );
}

interface KeyProps {
  readonly label: string;
  readonly keys: string;
  readonly path: string;
  readonly onPress: () => void;
}

function Key(props: KeyProps) {
  return (
    <button
      type="button"
      class="key"
      aria-label={props.label}
      title={`${props.label} (${props.keys})`}
      onClick={() => props.onPress()}
    >
      <svg viewBox="-10 -10 20 20" aria-hidden="true">
        <path d={props.path} />
      </svg>
    </button>
  );
}

const HEIGHT = 40;
const BAND_TOP = 11;
const BAND = 18;

function Track(props: { readonly stage: Stage; readonly branches: readonly BranchPoint[] }) {
  const { stage } = props;
  const [size, watch] = createSize({ width: 600, height: HEIGHT });
  const range = createMemo(() => {
    const { startMs, endMs } = stage.history();
    return { from: startMs, span: Math.max(1, endMs - startMs) };
  });
  const x = (ms: number) => 7 + ((ms - range().from) / range().span) * (size().width - 14);
  let knob: SVGGElement | undefined;
  let past: SVGRectElement | undefined;
  let isHeld = false;
  const draw = (now: number) => {
    const at = x(now);
    knob?.setAttribute('transform', `translate(${at.toFixed(1)} ${BAND_TOP + BAND / 2})`);
    past?.setAttribute('width', Math.max(0, at - 7).toFixed(1));
  };
  onMount(() => {
    stage.onFrame(draw);
    createEffect(on([stage.place, range, size], () => draw(stage.now())));
  });
  const seek = (event: PointerEvent & { readonly currentTarget: HTMLElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const ms = range().from + ((event.clientX - box.left - 7) / (size().width - 14)) * range().span;
    stage.pause();
    stage.seek(ms);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (step !== undefined && !event.shiftKey) stage.step('event', step === 1 ? 1 : -1);
    else if (event.key === 'PageUp' || event.key === 'PageDown')
      stage.step('state', event.key === 'PageUp' ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const reigns = createMemo(() => {
    stage.history();
    return stage.history().reigns.map((reign) => {
      const from = x(reign.from);
      return { ...reign, x: from, width: Math.max(1.5, x(reign.to ?? range().from + range().span) - from) };
    });
  });
  const marks = createMemo(() => thinned(stage.history().marks, x));
  /** Those that are in the trace are among its marks already. */
  const bookmarks = createMemo(() =>
    stage.bookmarks().flatMap(({ place, words, isSaved }) =>
      place === null || isSaved
        ? []
        : [
            {
              mark: { at: place.ms, index: place.index, kind: 'bookmark' as const, peer: null, words },
              x: x(place.ms),
            },
          ],
    ),
  );
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: it has a tabindex, in the spelling of Solid
    <div
      class="track"
      ref={watch}
      role="slider"
      tabindex="0"
      aria-label="Playhead"
      aria-valuemin={Math.round(range().from)}
      aria-valuemax={Math.round(range().from + range().span)}
      aria-valuenow={Math.round(stage.time())}
      aria-valuetext={`${timeInWords(stage.time())}, ${leadersInWords(stage)}`}
      onPointerDown={(event) => {
        isHeld = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        seek(event);
      }}
      onPointerMove={(event) => {
        if (isHeld) seek(event);
      }}
      onPointerUp={() => {
        isHeld = false;
      }}
      onPointerCancel={() => {
        isHeld = false;
      }}
      onKeyDown={press}
    >
      <svg width={size().width} height={HEIGHT} aria-hidden="true">
        <rect class="groove" x="7" y={BAND_TOP} width={Math.max(0, size().width - 14)} height={BAND} rx="5" />
        <For each={reigns()}>
          {(reign) => (
            <g class="reign" transform={`translate(${reign.x.toFixed(1)} ${BAND_TOP})`}>
              <title>{`${reign.leader} leads, term ${reign.term}, from ${timeInWords(reign.from)}`}</title>
              <rect width={reign.width.toFixed(1)} height={BAND} rx="3" />
              <Show when={reign.width > 16}>
                <text x={Math.min(reign.width / 2, 60)} y={BAND / 2 + 4.4}>
                  {reign.leader}
                </text>
              </Show>
            </g>
          )}
        </For>
        <rect
          class="past"
          x="7"
          y={BAND_TOP + BAND + 2}
          height="3"
          rx="1.500"
          ref={(element) => (past = element)}
        />
        <For each={marks()}>{(mark) => <MarkShape mark={mark.mark} x={mark.x} />}</For>
        <For each={bookmarks()}>{(mark) => <MarkShape mark={mark.mark} x={mark.x} />}</For>
        <For each={props.branches}>
          {(branch) => (
            <g class="branch" transform={`translate(${x(branch.at)} ${HEIGHT - 5})`}>
              <title>{`branch ${branch.name}`}</title>
              <path d="M0-5L5 0 0 5-5 0Z" />
            </g>
          )}
        </For>
        <g class="knob" ref={(element) => (knob = element)}>
          <path d="M0-17V17" />
          <circle r="7.500" />
        </g>
      </svg>
    </div>
  );
}

function MarkShape(props: { readonly mark: Mark; readonly x: number }) {
  const shape = () => {
    switch (props.mark.kind) {
      case 'candidate':
        return 'M0-5L4 3H-4Z';
      case 'violation':
        return 'M0-6V1M0 4V5';
      case 'fault-end':
        return 'M-3-3H3V3H-3Z';
      case 'bookmark':
        return 'M-3 6V-5H4L2-2L4 1H-3';
      case 'gap':
        return 'M-3-5V5M3-5V5';
      default:
        return 'M-4-4L4 4M4-4L-4 4';
    }
  };
  return (
    <g class={`mark mark-${props.mark.kind}`} transform={`translate(${props.x.toFixed(1)} 0)`}>
      <title>{`${timeInWords(props.mark.at)}: ${props.mark.words}`}</title>
      <path class="stem" d={`M0 9V${BAND_TOP + BAND}`} />
      <path class="sign" d={shape()} transform="translate(0 5)" />
    </g>
  );
}

/** Marks of one kind nearer than a few pixels would be one blot. */
function thinned(marks: readonly Mark[], x: (ms: number) => number) {
  const lastAt = new Map<string, number>();
  return marks.flatMap((mark) => {
    const at = x(mark.at);
    const before = lastAt.get(mark.kind);
    if (before !== undefined && at - before < 3) return [];
    lastAt.set(mark.kind, at);
    return [{ mark, x: at }];
  });
}

function leadersInWords(stage: Stage): string {
  const { leaders } = stage.world();
  if (leaders.length === 0) return 'no leader';
  return leaders.length === 1 ? `leader ${leaders.join()}` : `leaders ${leaders.join(' and ')}`;
}
