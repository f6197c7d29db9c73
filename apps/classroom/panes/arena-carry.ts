/** Carrying a message along its way: ahead it arrives sooner, back it arrives later, past its receiver it arrives now. */
import { type Accessor, createSignal } from 'solid-js';
import type { Stage } from '../stage.js';
import { arrivalAct } from './acts.js';
import { laneBetween, type Plan } from './plan.js';

/** A drag shorter than this is a click, CSS pixels. */
const DRAG_LEAST = 6;
/** So many times its way back, at most: it arrives that much later. */
const BACK_MOST = 4;
/** The way of a message that is held is taken to last so long, ms. */
const HELD_MS = 100;

type Point = readonly [number, number];

export interface Carried {
  readonly id: string;
  /** Where on its way, 1 at its end; negative behind its sender. */
  readonly progress: number;
  /** When it will arrive if it is put down there, ms. */
  readonly arrival: number;
}

export interface Carrying {
  /** Null until something has been carried further than a click trembles. */
  readonly carried: Accessor<Carried | null>;
  /** Answers false where that message cannot be carried. */
  readonly take: (id: string, at: Point) => boolean;
  /** Answers whether something is being carried. */
  readonly carry: (to: Point) => boolean;
  readonly putDown: () => void;
  readonly letGo: () => void;
}

export function createCarrying(stage: Stage, planOf: () => Plan): Carrying {
  const [carried, setCarried] = createSignal<Carried | null>(null);
  let taken: { readonly id: string; readonly at: Point } | null = null;

  const aloft = (id: string) => stage.world().aloft.find((one) => one.id === id);
  const carriedTo = (id: string, from: Point, to: Point): Carried | null => {
    const message = aloft(id);
    const { spots } = planOf();
    const [sender, receiver] = [spots.get(message?.from ?? ''), spots.get(message?.to ?? '')];
    if (message === undefined || sender === undefined || receiver === undefined) return null;
    const { fromX, fromY, toX, toY } = laneBetween(sender, receiver);
    const [wayX, wayY] = [toX - fromX, toY - fromY];
    const moved = ((to[0] - from[0]) * wayX + (to[1] - from[1]) * wayY) / (wayX * wayX + wayY * wayY || 1);
    const now = stage.now();
    const lastsMs = Math.max(1, (message.due ?? message.sentAt + HELD_MS) - message.sentAt);
    const before = message.due === null ? 0.5 : 1 - (message.due - now) / lastsMs;
    const progress = Math.min(1, Math.max(-BACK_MOST, before + moved));
    return { id, progress, arrival: now + (1 - progress) * lastsMs };
  };

  const letGo = () => {
    taken = null;
    setCarried(null);
  };

  return {
    carried,
    letGo,
    take: (id, at) => {
      if (stage.act === undefined || aloft(id) === undefined) return false;
      taken = { id, at };
      return true;
    },
    carry: (to) => {
      if (taken === null) return false;
      const { id, at } = taken;
      if (carried() === null && Math.hypot(to[0] - at[0], to[1] - at[1]) < DRAG_LEAST) return false;
      stage.pause();
      setCarried(carriedTo(id, at, to));
      return true;
    },
    putDown: () => {
      const end = carried();
      letGo();
      const message = end === null ? undefined : aloft(end.id);
      if (end !== null && message !== undefined) stage.act?.(arrivalAct(message, stage.now(), end.arrival));
    },
  };
}
