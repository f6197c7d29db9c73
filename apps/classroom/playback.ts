/** Time: one animation loop that moves the playhead while it plays, and tells whoever draws what moves. */
import { type Accessor, createSignal, getOwner, onCleanup, type Setter, untrack } from 'solid-js';
import type { History, Place } from './history/index.js';

/** Virtual ms that pass in one real ms; the default shows a hop of 20 ms for a second. */
export const SPEEDS = [1 / 500, 1 / 200, 1 / 100, 1 / 50, 1 / 20, 1 / 10, 1 / 4, 1, 4] as const;
export const SPEED_DEFAULT = 1 / 50;

/** Silence passes so many times faster. */
const QUIET_FACTOR = 20;
/** Longer silence than this, ms, is worth skipping. */
const QUIET_MS = 12;
/** With less than this much ahead, real ms, the engine is asked for more. */
const AHEAD_MS = 2500;
/** Signals that follow the clock change this often between events, real ms. */
const TICK_MS = 100;
/** A picture that comes later than this was not waited for: the page was hidden, say. */
const PICTURE_MOST_MS = 100;
/** At most 60 pictures a second, however fast the screen is; real ms, and a bit less, for pictures never come to the very ms. */
const PICTURE_LEAST_MS = 1000 / 60 - 2;

export interface Playback {
  readonly isPlaying: Accessor<boolean>;
  readonly play: () => void;
  readonly pause: () => void;
  readonly toggle: () => void;
  /** Virtual ms in one real ms. */
  readonly speed: Accessor<number>;
  readonly setSpeed: (speed: number) => void;
  /** To the next faster, or slower, of `SPEEDS`. */
  readonly changeSpeed: (direction: 1 | -1) => void;
  readonly skipsQuiet: Accessor<boolean>;
  readonly setSkipsQuiet: (on: boolean) => void;
  /** How much silence is being skipped, ms; null when none is. */
  readonly skipping: Accessor<number | null>;
  /** At the end of what is known, and kept there as it grows: live. */
  readonly isFollowing: Accessor<boolean>;
  readonly follow: (on: boolean) => void;
  /** Virtual ms, to the picture; not tracked. */
  readonly now: () => number;
  /** Called for every picture while time moves, and once after each jump. Answers how to stop; ends with its owner. */
  readonly onFrame: (draw: (now: number) => void) => () => void;
  /** True when nothing may glide: messages jump from sent to half-way to arrived. */
  readonly isStill: Accessor<boolean>;
  readonly setStill: (on: boolean) => void;
  /** Why it stopped by itself, in words; null when somebody stopped it. */
  readonly stopped: Accessor<string | null>;
  readonly stopFor: (why: string) => void;
}

interface Parts {
  readonly history: Accessor<History>;
  readonly place: Accessor<Place>;
  readonly setPlace: Setter<Place>;
  readonly wantMore?: ((ms: number) => void) | undefined;
  readonly isStill?: boolean | undefined;
}

const isHidden = (): boolean => typeof document !== 'undefined' && document.hidden;

const prefersStill = (): boolean =>
  typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Only for the stage, which adds the rest. */
export function createPlayback(parts: Parts): Playback & { readonly jump: (place: Place) => void } {
  const { history, place, setPlace } = parts;
  const [isPlaying, setPlaying] = createSignal(false);
  const [speed, setSpeed] = createSignal<number>(SPEED_DEFAULT);
  const [skipsQuiet, setSkipsQuiet] = createSignal(true);
  const [skipping, setSkipping] = createSignal<number | null>(null);
  const [isFollowing, setFollowing] = createSignal(false);
  const [isStill, setStill] = createSignal(parts.isStill ?? prefersStill());
  const [stopped, setStopped] = createSignal<string | null>(null);
  const drawers = new Set<(now: number) => void>();
  let exact = 0;
  let frame: number | undefined;
  let pictureAt: number | undefined;
  let toldAt = 0;

  const draw = () => {
    for (const one of drawers) one(exact);
  };
  const settle = (next: Place) => {
    exact = next.ms;
    setPlace(next);
  };
  const jump = (next: Place) => {
    setStopped(null);
    setFollowing(false);
    setSkipping(null);
    settle(next);
    draw();
  };
  const advance = (realMs: number, at: number) => {
    const known = history();
    const quietUntil = skipsQuiet() ? known.quietUntil(exact) : exact;
    const isQuiet = quietUntil - exact > QUIET_MS;
    setSkipping(isQuiet ? Math.round(quietUntil - exact) : null);
    const target = exact + realMs * speed() * (isQuiet ? QUIET_FACTOR : 1);
    exact = Math.min(isQuiet ? Math.min(target, quietUntil) : target, known.endMs);
    const next = known.placeAt(exact);
    const broken = known.breaks.find(({ index }) => index > place().index && index <= next.index);
    if (broken !== undefined) {
      settle({ index: broken.index, ms: known.at(broken.index)?.t ?? exact });
      halt(broken.detail);
      return;
    }
    if (next.index !== place().index || at - toldAt > TICK_MS) {
      toldAt = at;
      setPlace(next);
    }
    if (known.endMs - exact < AHEAD_MS * speed()) parts.wantMore?.(exact + 2 * AHEAD_MS * speed());
  };
  const halt = (why: string) => {
    setPlaying(false);
    setSkipping(null);
    setStopped(why);
  };
  const picture = (at: number) => {
    frame = undefined;
    if (pictureAt !== undefined && at > pictureAt && at - pictureAt < PICTURE_LEAST_MS) return schedule();
    const passed = pictureAt === undefined ? 0 : Math.min(PICTURE_MOST_MS, at - pictureAt);
    pictureAt = at;
    untrack(() => {
      if (isFollowing()) keepUp();
      else if (isPlaying()) {
        advance(passed, at);
        draw();
      }
    });
    if (isPlaying() || isFollowing()) schedule();
  };
  /** What is followed stands still between two histories, and so does its picture. */
  const keepUp = () => {
    const end = history().placeAt(history().endMs);
    if (end.index === place().index && end.ms === place().ms && exact === end.ms) return;
    settle(end);
    draw();
  };
  const schedule = () => {
    if (frame === undefined && typeof requestAnimationFrame === 'function' && !isHidden())
      frame = requestAnimationFrame(picture);
  };
  /** While nobody can see it no picture is made; the next one is asked for when somebody can. */
  const wake = () => {
    if (!isHidden() && untrack(() => isPlaying() || isFollowing())) {
      pictureAt = undefined;
      schedule();
    } else if (isHidden() && frame !== undefined) {
      cancelAnimationFrame(frame);
      frame = undefined;
    }
  };
  const play = () => {
    setStopped(null);
    setPlaying(true);
    pictureAt = undefined;
    exact = place().ms;
    schedule();
  };
  const pause = () =>
    untrack(() => {
      // Between two steps of one moment the place says more than the time.
      if (isPlaying() || isFollowing()) setPlace(history().placeAt(exact));
      setPlaying(false);
      setSkipping(null);
      setFollowing(false);
    });
  const owner = getOwner();
  if (typeof document !== 'undefined') document.addEventListener('visibilitychange', wake);
  if (owner !== null)
    onCleanup(() => {
      if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', wake);
      if (frame !== undefined) cancelAnimationFrame(frame);
      setPlaying(false);
      drawers.clear();
    });

  return {
    isPlaying,
    play,
    pause,
    toggle: () => (isPlaying() || isFollowing() ? pause() : play()),
    speed,
    setSpeed: (next) => void setSpeed(next),
    changeSpeed: (direction) => void setSpeed((now) => neighbourOf(now, direction)),
    skipsQuiet,
    setSkipsQuiet: (on) => void setSkipsQuiet(on),
    skipping,
    isFollowing,
    follow: (on) => {
      setFollowing(on);
      if (on) schedule();
    },
    now: () => exact,
    onFrame: (one) => {
      drawers.add(one);
      const stop = () => void drawers.delete(one);
      if (getOwner() !== null) onCleanup(stop);
      return stop;
    },
    isStill,
    setStill: (on) => void setStill(on),
    stopped,
    stopFor: (why) => {
      pause();
      halt(why);
    },
    jump,
  };
}

function neighbourOf(speed: number, direction: 1 | -1): number {
  const nearest = SPEEDS.reduce(
    (best, one, place) =>
      Math.abs(Math.log(one / speed)) < Math.abs(Math.log((SPEEDS[best] ?? 1) / speed)) ? place : best,
    0,
  );
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, nearest + direction))] ?? speed;
}
