/** Carrying the head of an arrow: the message arrives at another time. One that has arrived makes a branch. */
import { type Accessor, createSignal } from 'solid-js';
import type { Stage } from '../stage.js';
import { arrivalAct, otherArrivalAct } from './acts.js';
import type { Arrow } from './spacetime-arrows.js';

/** How near its head the pointer has to come, CSS pixels: half of a target of 24. */
const NEAR = 12;
/** A drag shorter than this is a click, CSS pixels. */
const DRAG_LEAST = 4;

/** Where the head is held, in the drawing's own pixels. */
export interface HeldHead {
  readonly arrow: Arrow;
  readonly x: number;
  /** What is under it, ms. */
  readonly time: number;
}

export interface HeadCarrying {
  readonly held: Accessor<HeldHead | null>;
  readonly isTaken: () => boolean;
  /** Answers false where there is no head to take. */
  readonly take: (arrow: Arrow | undefined, x: number, y: number) => boolean;
  readonly carry: (x: number) => boolean;
  /** Answers true when something was carried; false after a click. */
  readonly putDown: () => boolean;
  readonly letGo: () => void;
}

export const isAtHead = ({ toX, toY }: Arrow, x: number, y: number): boolean =>
  Math.hypot(toX - x, toY - y) < NEAR;

/** @param timeAt - the time at an x of the drawing, ms. */
export function createHeadCarrying(stage: Stage, timeAt: (x: number) => number): HeadCarrying {
  const [held, setHeld] = createSignal<HeldHead | null>(null);
  let taken: { readonly arrow: Arrow; readonly x: number } | null = null;
  const headAt = (arrow: Arrow, x: number): HeldHead => ({ arrow, x, time: timeAt(x) });
  const letGo = () => {
    taken = null;
    setHeld(null);
  };
  return {
    held,
    isTaken: () => taken !== null,
    take: (arrow, x, y) => {
      if (stage.act === undefined || arrow === undefined || arrow.isLost || !isAtHead(arrow, x, y))
        return false;
      taken = { arrow, x };
      return true;
    },
    carry: (x) => {
      if (taken === null) return false;
      if (held() !== null || Math.abs(x - taken.x) >= DRAG_LEAST)
        setHeld(headAt(taken.arrow, Math.max(taken.arrow.fromX, x)));
      return true;
    },
    putDown: () => {
      const end = held();
      letGo();
      if (end === null) return false;
      const { flight } = end.arrow;
      const aloft = stage.world().aloft.find(({ id }) => id === flight.id);
      const arrival = end.time;
      stage.act?.(
        aloft === undefined ? otherArrivalAct(flight, arrival) : arrivalAct(aloft, stage.now(), arrival),
      );
      return true;
    },
    letGo,
  };
}
