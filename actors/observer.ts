/**
 * The observer: the stream of everything the actors do, as inspectors and traces want it.
 *
 * Attached only while somebody looks: even an empty one halves the event rate.
 */
import type { AnyActorRef, InspectionEvent } from 'xstate';
import type { InspectedEvent, InspectedSnapshot } from './api.js';

/** An actor's name within its peer: `election`, `failure-detector:2`; the root is `peer`. */
export const nameOf = (ref: AnyActorRef): string =>
  (ref as { _parent?: AnyActorRef })._parent ? ref.id : 'peer';

interface Chart {
  readonly id: string;
  readonly config: object;
}
export const chartOf = (ref: AnyActorRef): Chart | undefined => {
  const { logic } = ref as unknown as { logic?: Partial<Chart> };
  return logic?.id !== undefined && logic.config !== undefined
    ? { id: logic.id, config: logic.config }
    : undefined;
};

/** `following.direct`; regions of a parallel state side by side: `coordinating.{office.serving,pulse.beating}`. */
export function stateOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const parts = Object.entries(value).map(([key, inner]) => {
    const rest = stateOf(inner);
    return rest === '' ? key : `${key}.${rest}`;
  });
  return parts.length === 1 ? (parts[0] ?? '') : `{${parts.join(',')}}`;
}

/** A chart's definition as plain JSON: functions by their names. */
export const definitionOf = (config: object): unknown =>
  JSON.parse(
    JSON.stringify(config, (key, value: unknown) => {
      if (key === 'context') return undefined;
      return typeof value === 'function' ? { type: value.name || 'computed' } : value;
    }),
  );

const SHORT_LIST = 16;
const SHORT_TEXT = 200;

/** A context as an inspector may see it: logs and long lists shortened, what is no data left out. */
function trimmed(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > SHORT_TEXT ? `${value.slice(0, SHORT_TEXT)}…` : value;
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return trimmed(value.toJSON(), depth);
  if (depth > 5) return '…';
  if (Array.isArray(value)) {
    const shown = value.slice(0, SHORT_LIST).map((item) => trimmed(item, depth + 1));
    return value.length > SHORT_LIST ? [...shown, `… ${value.length - SHORT_LIST} more`] : shown;
  }
  const plain = Object.getPrototypeOf(value) === Object.prototype;
  if (!plain) return `[${value.constructor?.name ?? 'object'}]`;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, trimmed(inner, depth + 1)]));
}

/** The peer's own context holds its environment; what is worth seeing of it is this. */
const PEER_FIELDS = ['me', 'configuration', 'connections', 'watched', 'delivered'];

export function snapshotOf(ref: AnyActorRef, snapshot: unknown): InspectedSnapshot {
  const { status, value, context, tags } = snapshot as {
    status: InspectedSnapshot['status'];
    value?: unknown;
    context?: Readonly<Record<string, unknown>>;
    tags?: Iterable<string>;
  };
  const isRoot = nameOf(ref) === 'peer';
  const shown = Object.entries(context ?? {}).filter(([key]) => !isRoot || PEER_FIELDS.includes(key));
  return { status, value, context: trimmed(Object.fromEntries(shown)) as never, tags: [...(tags ?? [])] };
}

/** What XState tells of one actor. */
export type Inspected = Extract<InspectionEvent, { actorRef: unknown }>;

const walk = (ref: AnyActorRef): readonly AnyActorRef[] => [
  ref,
  ...Object.values((ref.getSnapshot().children ?? {}) as Record<string, AnyActorRef | undefined>).flatMap(
    (child) => (child === undefined ? [] : walk(child)),
  ),
];

/** Every actor of the peer that runs, parents first. */
export const actorsOf = walk;

/** XState tells of an actor before it has its first snapshot; that follows as an event of its own. */
const NOT_YET = { status: 'active' };

const registration = (ref: AnyActorRef): InspectedEvent => {
  const parent = (ref as { _parent?: AnyActorRef })._parent;
  const chart = chartOf(ref);
  return {
    type: 'actor',
    actor: nameOf(ref),
    parent: parent === undefined ? null : nameOf(parent),
    machine: chart?.id ?? ref.id,
    definition: chart === undefined ? null : definitionOf(chart.config),
    snapshot: snapshotOf(ref, ref.getSnapshot() ?? NOT_YET),
  };
};

/** Hears all that XState tells of the actors of a peer, until the answer is called. */
export const listen = (root: AnyActorRef, next: (event: Inspected) => void): (() => void) => {
  const subscription = root.system.inspect({ next: (event: InspectionEvent) => next(event as Inspected) });
  return () => subscription.unsubscribe();
};

/** Tells `observer` of every actor that runs, then of what happens. */
export function inspectPeer(root: AnyActorRef, observer: (event: InspectedEvent) => void): () => void {
  for (const ref of walk(root)) observer(registration(ref));
  return listen(root, (event) => {
    const ref = event.actorRef as AnyActorRef;
    if (event.type === '@xstate.actor') observer(registration(ref));
    else if (event.type === '@xstate.event') {
      const source = event.sourceRef as AnyActorRef | undefined;
      const told = trimmed(event.event) as { type: string };
      observer({ type: 'event', actor: nameOf(ref), source: source ? nameOf(source) : null, event: told });
    } else if (event.type === '@xstate.snapshot') {
      const snapshot = snapshotOf(ref, event.snapshot);
      observer({
        type: 'snapshot',
        actor: nameOf(ref),
        event: trimmed(event.event) as { type: string },
        snapshot,
      });
    }
  });
}
