/**
 * What an XState program tells of itself in the frames of `@statelyai/inspect`, kept so that it can be looked at live and
 * at any earlier place. Frames come from outside: what is not one is left out, and everything is bounded.
 */
import { stateText } from './active-states.js';

/** One frame as it is kept. */
export interface InspectionRecord {
  /** Counted from 0, over all that was ever heard. */
  readonly index: number;
  readonly kind: 'actor' | 'event' | 'snapshot';
  readonly session: string;
  /** Who sent the event, where it was told. */
  readonly source: string | null;
  readonly event: { readonly type: string } | null;
  /** Of a registration or a snapshot. */
  readonly face: Face | null;
}

/** How an actor stands. */
export interface Face {
  readonly status: string;
  readonly state: string;
  readonly context: unknown;
}

export interface InspectedActor {
  readonly session: string;
  readonly name: string;
  readonly parent: string | null;
  /** XState's configuration; null for an actor without a chart. */
  readonly definition: unknown;
  /** The place of its registration. */
  readonly since: number;
}

/** Records beyond it are forgotten, the oldest first; how each actor stood then is kept. */
const RECORDS_MAX = 20_000;
const ACTORS_MAX = 2000;
const NAME_CHARACTERS_MAX = 200;
const CONTEXT_CHARACTERS_MAX = 16_384;

type Json = { readonly [field: string]: unknown };

export interface Inspection {
  /** Takes one frame. Whether it was one. */
  keep(frame: unknown): boolean;
  /** Actors by session, parents first; none is forgotten when it ends. */
  actors(): readonly InspectedActor[];
  /** The newest records before a place, oldest first; of one actor, what it sent and got, when one is named. */
  recent(place: number, most: number, session: string | null): readonly InspectionRecord[];
  /** The oldest place that is kept, and the one behind the newest. */
  first(): number;
  end(): number;
  /** How an actor stands once everything before `place` has happened; null when it is not there yet. */
  faceAt(session: string, place: number): Face | null;
  /** The last change of an actor's state before `place`. */
  stepAt(session: string, place: number): StepTold | null;
}

export interface StepTold {
  readonly was: string;
  readonly now: string;
  readonly event: string;
  /** The place of the snapshot that told of it. */
  readonly turn: number;
}

interface Life {
  readonly actor: InspectedActor;
  /** Its registration and snapshots that are kept; the first may be older than the oldest record. */
  readonly faces: { readonly index: number; readonly face: Face; readonly step: StepTold | null }[];
}

export function createInspection(): Inspection {
  const lives = new Map<string, Life>();
  let records: InspectionRecord[] = [];
  let end = 0;

  const keep = (given: unknown): boolean => {
    const frame = json(given);
    const session = words(frame.sessionId);
    if (session === null) return false;
    const record = recordOf(frame, session, end);
    if (record === null) return false;
    if (record.kind === 'actor' && !lives.has(session)) {
      if (lives.size >= ACTORS_MAX) return false;
      lives.set(session, { actor: actorOf(frame, session, end), faces: [] });
    }
    noteFace(lives.get(session), record);
    records.push(record);
    end += 1;
    if (records.length > RECORDS_MAX * 1.25) forget();
    return true;
  };
  const forget = () => {
    records = records.slice(-RECORDS_MAX);
    const first = end - records.length;
    for (const { faces } of lives.values()) {
      const older = faces.filter(({ index }) => index < first).length;
      if (older > 1) faces.splice(0, older - 1);
    }
  };
  /** The newest before a place: most who ask are near the end. */
  const faceBefore = (session: string, place: number) => {
    const faces = lives.get(session)?.faces ?? [];
    for (let at = faces.length - 1; at >= 0; at -= 1) {
      const face = faces[at];
      if (face !== undefined && face.index < place) return face;
    }
    return null;
  };
  return {
    keep,
    actors: () => inTree([...lives.values()].map(({ actor }) => actor)),
    recent: (place, most, session) => {
      const found: InspectionRecord[] = [];
      const first = end - records.length;
      for (let at = Math.min(place, end) - first - 1; at >= 0 && found.length < most; at -= 1) {
        const record = records[at];
        if (record && (session === null || record.session === session || record.source === session))
          found.push(record);
      }
      return found.reverse();
    },
    first: () => end - records.length,
    end: () => end,
    faceAt: (session, place) => faceBefore(session, place)?.face ?? null,
    stepAt: (session, place) => faceBefore(session, place)?.step ?? null,
  };
}

function noteFace(life: Life | undefined, { index, face, event }: InspectionRecord): void {
  if (life === undefined || face === null) return;
  const before = life.faces.at(-1);
  const changed = before !== undefined && before.face.state !== face.state;
  const step = changed
    ? { was: before.face.state, now: face.state, event: event?.type ?? '', turn: index }
    : (before?.step ?? null);
  life.faces.push({ index, face, step });
}

const json = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const words = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, NAME_CHARACTERS_MAX) : null;

function recordOf(frame: Json, session: string, index: number): InspectionRecord | null {
  const type = words(json(frame.event).type);
  const event = type === null ? null : { ...json(shortened(frame.event)), type };
  const source = words(frame.sourceId);
  switch (frame.type) {
    case '@xstate.actor':
      return { index, kind: 'actor', session, source, event: null, face: faceOf(frame.snapshot) };
    case '@xstate.event':
      return event === null ? null : { index, kind: 'event', session, source, event, face: null };
    case '@xstate.snapshot':
      return { index, kind: 'snapshot', session, source, event, face: faceOf(frame.snapshot) };
    default:
      return null;
  }
}

const faceOf = (snapshot: unknown): Face => {
  const { status, value, context } = json(snapshot);
  return { status: words(status) ?? 'active', state: stateText(value), context: shortened(context) };
};

/** A value as it may be kept many times over. */
function shortened(value: unknown): unknown {
  const length = JSON.stringify(value)?.length ?? 0;
  return length <= CONTEXT_CHARACTERS_MAX ? value : { shortened: `${length} characters` };
}

function actorOf(frame: Json, session: string, since: number): InspectedActor {
  const definition = definitionIn(frame.definition);
  return { session, name: words(frame.name) ?? session, parent: words(frame.parentId), definition, since };
}

/** It is told as text. A definition without states is that of an actor without a chart. */
function definitionIn(text: unknown): unknown {
  try {
    const definition: unknown = typeof text === 'string' ? JSON.parse(text) : text;
    return Object.keys(json(json(definition).states)).length > 0 ? definition : null;
  } catch {
    return null;
  }
}

/** Parents before their children, each child below its parent; who names a parent that is not there stands at the top. */
function inTree(actors: readonly InspectedActor[]): readonly InspectedActor[] {
  const known = new Set(actors.map(({ session }) => session));
  const childrenOf = new Map<string | null, InspectedActor[]>();
  for (const actor of actors) {
    const { parent, session } = actor;
    const above = parent !== null && parent !== session && known.has(parent) ? parent : null;
    childrenOf.set(above, [...(childrenOf.get(above) ?? []), actor]);
  }
  const placed = new Set<string>();
  const below = (parent: string | null): readonly InspectedActor[] =>
    (childrenOf.get(parent) ?? []).flatMap((actor) => {
      if (placed.has(actor.session)) return [];
      placed.add(actor.session);
      return [actor, ...below(actor.session)];
    });
  return below(null);
}

/** How deep an actor stands in the tree. */
export function depthOf(actor: InspectedActor, actors: readonly InspectedActor[]): number {
  const bySession = new Map(actors.map((one) => [one.session, one]));
  let [depth, at] = [0, actor.parent];
  while (at !== null && bySession.has(at) && depth < 20) {
    depth += 1;
    at = bySession.get(at)?.parent ?? null;
  }
  return depth;
}
