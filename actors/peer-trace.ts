/**
 * The trace of a peer: what happens in it, as records that each name the one that led to them.
 *
 * A simulated cluster and a real peer tell the same way; what only a simulator knows it adds itself. Nothing is told, and
 * nothing is lost in speed, while nobody asks for it.
 */
import type { Actor, AnyActorRef } from 'xstate';
import type { PeerId } from '../transport/protocol.js';
import type { Clock } from '../transport/transport.js';
import type { TraceOptions, TraceRecord } from './api.js';
import { actorsOf, chartOf, type Inspected, listen, nameOf, stateOf } from './observer.js';
import type { peerMachine } from './peer.js';
import { standingOf } from './peer-status.js';
import { Timers } from './peer-timers.js';

interface Occurrence {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface Step {
  readonly ref: AnyActorRef;
  readonly event: Occurrence;
  readonly value: unknown;
}

interface Snapshot {
  readonly context: Readonly<Record<string, unknown>>;
}

/** What a status is made of: of these actors, and beside their states. A look at each is cheaper than a status. */
const GROUNDS: Readonly<Record<string, (context: Snapshot['context']) => readonly unknown[]>> = {
  peer: ({ configuration }) => [configuration],
  election: ({ coordinator, term }) => [coordinator, term],
  sequencer: ({ commit, log }) => [commit, (log as { readonly view: unknown } | undefined)?.view],
};

/**
 * Records every transition, send, receive, timer, delivery and change of status, each with the record that led to it.
 *
 * @param isTimed - tells of timers as they are set and taken back, too.
 * @returns what ends it.
 */
export function tracePeer(
  root: Actor<typeof peerMachine>,
  me: PeerId,
  clock: Clock,
  record: (record: TraceRecord) => void,
  { isTimed = false }: TraceOptions = {},
): () => void {
  const tracer = new Tracer(root, me, clock, record);
  tracer.begin();
  const ends = [listen(root, (inspected) => tracer.hear(inspected))];
  if (isTimed) ends.push(tracer.tellTimers());
  return () => {
    for (const end of ends) end();
  };
}

class Tracer {
  readonly #root: Actor<typeof peerMachine>;
  readonly #me: PeerId;
  readonly #clock: Clock;
  readonly #record: (record: TraceRecord) => void;
  readonly #start: number;
  #last = 0;
  readonly #causeOf = new WeakMap<object, number>();
  readonly #presentOf = new WeakMap<AnyActorRef, number>();
  readonly #stateBefore = new WeakMap<AnyActorRef, string>();
  /** A transition is told before what it sends: it is kept until the actor's first send, or its end. */
  #pending: Step | undefined;
  #standing = '';
  readonly #grounds = new Map<string, readonly unknown[]>();

  constructor(
    root: Actor<typeof peerMachine>,
    me: PeerId,
    clock: Clock,
    record: (record: TraceRecord) => void,
  ) {
    this.#root = root;
    this.#me = me;
    this.#clock = clock;
    this.#record = record;
    this.#start = clock.now();
  }

  /** Who is there already. */
  begin(): void {
    for (const ref of actorsOf(this.#root)) {
      if (chartOf(ref)) this.#stateBefore.set(ref, stateOf(ref.getSnapshot().value));
      this.#tellActor(ref, { st: this.#stateBefore.get(ref) ?? '' });
    }
    this.#tellStanding(undefined);
  }

  hear(inspected: Inspected): void {
    const ref = inspected.actorRef as AnyActorRef;
    if (inspected.type === '@xstate.microstep') {
      const event = inspected.event as Occurrence;
      if (this.#pending !== undefined && (this.#pending.ref !== ref || this.#pending.event !== event))
        this.#flush();
      this.#pending = { ref, event, value: (inspected.snapshot as { value?: unknown }).value };
    } else if (inspected.type === '@xstate.event') {
      this.#flush();
      const source = inspected.sourceRef as AnyActorRef | undefined;
      this.#tellEvent(ref, source, inspected.event as Occurrence);
    } else if (inspected.type === '@xstate.snapshot') {
      this.#flush();
      if (this.#hasNewGrounds(ref, inspected.snapshot as Snapshot | object))
        this.#tellStanding(this.#presentOf.get(ref));
    } else if (inspected.type === '@xstate.actor') this.#tellActor(ref, {});
  }

  /** Those that are set, and from now on those that are set or taken back. */
  tellTimers(): () => void {
    const timers = new Timers(this.#root, this.#clock);
    for (const { actor, event, dueMs } of timers.pending())
      this.#write('timer-set', undefined, { a: actor, ev: event, due: this.#sinceStart(dueMs) });
    return timers.watch({
      set: (ref, event, dueMs) => {
        this.#flush();
        const timer = { a: nameOf(ref), ev: event, due: this.#sinceStart(dueMs) };
        this.#write('timer-set', this.#presentOf.get(ref), timer);
      },
      cleared: (ref, event) => {
        this.#flush();
        this.#write('timer-cleared', this.#presentOf.get(ref), { a: nameOf(ref), ev: event });
      },
    });
  }

  #tellEvent(ref: AnyActorRef, source: AnyActorRef | undefined, event: Occurrence): void {
    let cause = source && this.#presentOf.get(source);
    if (event.type.startsWith('xstate.after.'))
      cause = this.#write('timer', cause, { a: nameOf(ref), ev: event.type });
    else if (ref.id === 'link' && event.type === 'send') this.#tellSent(event, cause);
    else if (source?.id === 'link' && typeof event.from === 'string')
      cause = this.#write('receive', undefined, { ev: event.type, fr: event.from, ...gistOf(event) });
    else if (event.type === 'entries.committed') {
      const { first, entries } = event as { first?: unknown; entries?: unknown };
      this.#write('delivery', cause, { first, count: (entries as readonly unknown[]).length });
    }
    if (cause !== undefined) this.#causeOf.set(event, cause);
  }

  #tellSent(event: Occurrence, cause: number | undefined): void {
    const message = event.message as Occurrence;
    for (const peer of event.to as readonly PeerId[])
      this.#write('send', cause, { ev: message.type, to: peer, ...gistOf(message) });
  }

  #tellActor(ref: AnyActorRef, fields: object): void {
    this.#write('actor', undefined, { a: nameOf(ref), machine: chartOf(ref)?.id ?? null, ...fields });
  }

  #hasNewGrounds(ref: AnyActorRef, snapshot: Snapshot | object): boolean {
    const name = nameOf(ref);
    const groundsOf = GROUNDS[name];
    if (groundsOf === undefined || !('context' in snapshot)) return false;
    const grounds = [this.#stateBefore.get(ref), ...groundsOf(snapshot.context)];
    const before = this.#grounds.get(name);
    this.#grounds.set(name, grounds);
    return grounds.some((ground, place) => ground !== before?.[place]);
  }

  /** What others may believe of this peer, and it of others; when it has changed. */
  #tellStanding(cause: number | undefined): void {
    const standing = standingOf(this.#root);
    const text = JSON.stringify(standing);
    if (text === this.#standing) return;
    this.#standing = text;
    this.#write('status', cause, standing);
  }

  #flush(): void {
    if (this.#pending === undefined) return;
    const { ref, event, value } = this.#pending;
    this.#pending = undefined;
    const st = stateOf(value);
    const was = this.#stateBefore.get(ref);
    this.#stateBefore.set(ref, st);
    const changed = was !== undefined && was !== st ? { was } : {};
    const fields = { a: nameOf(ref), ev: event.type, st, ...changed };
    this.#presentOf.set(ref, this.#write('transition', this.#causeOf.get(event), fields));
  }

  #write(k: TraceRecord['k'], cause: number | undefined, fields: object): number {
    this.#last += 1;
    const t = this.#sinceStart(this.#clock.now());
    this.#record({ s: this.#last, t, p: this.#me, k, ...(cause && { c: cause }), ...fields });
    return this.#last;
  }

  #sinceStart(time: number): number {
    return Math.round((time - this.#start) * 1000) / 1000;
  }
}

/** What a record tells of a message besides its type: its term, and how many entries or submissions it carries. */
const gistOf = (message: Occurrence): object => {
  const term = message.term as { n: number } | undefined;
  const load = message.entries ?? message.submissions;
  return { ...(term && { term: term.n }), ...(Array.isArray(load) && { n: load.length }) };
};
