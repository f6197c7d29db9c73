/**
 * The timers of a peer's machines: which are set, and how to move one.
 *
 * XState keeps what it has scheduled in its system, under `_scheduledEvents`, and there is no way in but its scheduler. This
 * is the one place that knows of either (XState 5.33: `createSystem`). Its book is begun by whoever asks first; a peer that
 * nobody asks has none.
 */
import type { AnyActorRef, EventObject } from 'xstate';
import type { Clock } from '../transport/transport.js';
import { nameOf } from './observer.js';

/** A timer that is set. */
export interface PendingTimer {
  /** Whose it is: `failure-detector:7`, or `peer`. */
  readonly actor: string;
  /** XState's event: `xstate.after.…`. */
  readonly event: string;
  /** When it fires, on the peer's own clock, ms. */
  readonly dueMs: number;
}

/** Hears of timers as they are set, and taken back before they fire. */
export interface TimerListener {
  set(owner: AnyActorRef, event: string, dueMs: number): void;
  cleared(owner: AnyActorRef, event: string): void;
}

interface Scheduled {
  readonly id: string;
  readonly event: EventObject;
  readonly delay: number;
  readonly source: AnyActorRef;
  readonly target: AnyActorRef;
}

/** The inside of an actor system, as far as we reach into it. */
interface Inside {
  readonly _snapshot: { readonly _scheduledEvents: Readonly<Record<string, Scheduled | undefined>> };
  readonly scheduler: {
    schedule(source: AnyActorRef, target: AnyActorRef, event: EventObject, delay: number, id?: string): void;
    cancel(source: AnyActorRef, id: string): void;
  };
}

/** What XState does not note: when each timer fires on the peer's own clock. */
interface Book {
  readonly inside: Inside;
  readonly dues: WeakMap<Scheduled, number>;
  readonly listeners: Set<TimerListener>;
}

const books = new WeakMap<object, Book>();

function bookOf(root: AnyActorRef, clock: Clock): Book {
  const known = books.get(root.system);
  if (known !== undefined) return known;
  const inside = root.system as unknown as Inside;
  const book: Book = { inside, dues: new WeakMap(), listeners: new Set() };
  const pending = (source: AnyActorRef, id: string) =>
    inside._snapshot._scheduledEvents[`${source.sessionId}.${id}`];
  const { schedule, cancel } = inside.scheduler;
  inside.scheduler.schedule = (source, target, event, delay, id) => {
    schedule(source, target, event, delay, id);
    const timer = id === undefined ? undefined : pending(source, id);
    if (timer === undefined) return;
    const dueMs = clock.now() + delay;
    book.dues.set(timer, dueMs);
    for (const listener of book.listeners) listener.set(source, event.type, dueMs);
  };
  inside.scheduler.cancel = (source, id) => {
    const timer = pending(source, id);
    cancel(source, id);
    if (timer !== undefined)
      for (const listener of book.listeners) listener.cleared(source, timer.event.type);
  };
  books.set(root.system, book);
  return book;
}

/** The timers of one peer. */
export class Timers {
  readonly #root: AnyActorRef;
  readonly #clock: Clock;

  constructor(root: AnyActorRef, clock: Clock) {
    this.#root = root;
    this.#clock = clock;
  }

  /**
   * Every timer that is set, the earliest first. One that was set before anybody asked counts from the first time that
   * anybody does, since XState does not note the peer's time.
   */
  pending(): readonly PendingTimer[] {
    const { dues } = this.#book;
    const dueOf = (timer: Scheduled) => {
      const dueMs = dues.get(timer) ?? this.#clock.now() + timer.delay;
      dues.set(timer, dueMs);
      return dueMs;
    };
    return this.#scheduled
      .map((timer) => ({ actor: nameOf(timer.source), event: timer.event.type, dueMs: dueOf(timer) }))
      .sort((a, b) => a.dueMs - b.dueMs);
  }

  /** Tells `listener` until the answer is called. */
  watch(listener: TimerListener): () => void {
    const { listeners } = this.#book;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /**
   * Lets a timer fire `inMs` from now in place of when it was due; 0 is at the next opportunity.
   *
   * @returns false when no such timer is set.
   */
  move({ actor, event }: Pick<PendingTimer, 'actor' | 'event'>, inMs: number): boolean {
    const timer = this.#scheduled.find(
      ({ source, event: { type } }) => nameOf(source) === actor && type === event,
    );
    if (timer === undefined) return false;
    const { scheduler } = this.#book.inside;
    scheduler.cancel(timer.source, timer.id);
    scheduler.schedule(timer.source, timer.target, timer.event, inMs, timer.id);
    return true;
  }

  get #book(): Book {
    return bookOf(this.#root, this.#clock);
  }

  get #scheduled(): readonly Scheduled[] {
    const { _scheduledEvents } = this.#book.inside._snapshot;
    return Object.values(_scheduledEvents).filter((timer) => timer !== undefined);
  }
}
