/** What single events say of a peer's actors and timers, kept as lists of places and read when somebody asks. */
import type { PeerId } from '../contract.js';
import { chartNamed, isOver } from './charts.js';
import type { Entry } from './entry.js';
import { placeAbove } from './search.js';
import type { ActorFace, PeerCore, PeerFace, TimerFace } from './world.js';

interface ActorTrack {
  /** Places of its start and of every event it heard; and of those of them that changed its state. */
  readonly heard: number[];
  readonly changed: number[];
}

interface PeerTrack {
  readonly events: number[];
  readonly actors: Map<string, ActorTrack>;
  /** Per actor and event: places where a timer was set, cleared or fired. */
  readonly timers: Map<string, number[]>;
  readonly deliveries: number[];
  /** Per sender: places where something of it was received. */
  readonly hearings: Map<PeerId, number[]>;
}

export interface Tracks {
  readonly note: (entry: Entry) => void;
  /** The peer at the place of that index. */
  readonly faceOf: (core: PeerCore, index: number) => PeerFace;
  /** When `observer` last received anything of `subject`, ms; null when it never did. */
  readonly heardAt: (observer: PeerId, subject: PeerId, index: number) => number | null;
}

const same = (value: number): number => value;

/** The last of the places that is not after `index`. */
const lastOf = (places: readonly number[], index: number): number | undefined =>
  places[placeAbove(places, index, same) - 1];

/** @param at - the entry of a place. */
export function createTracks(at: (index: number) => Entry | undefined): Tracks {
  const tracks = new Map<PeerId, PeerTrack>();
  const trackOf = (id: PeerId): PeerTrack => {
    const known = tracks.get(id);
    if (known !== undefined) return known;
    const fresh: PeerTrack = {
      events: [],
      actors: new Map(),
      timers: new Map(),
      deliveries: [],
      hearings: new Map(),
    };
    tracks.set(id, fresh);
    return fresh;
  };
  return {
    note: (entry) => {
      if (entry.p === '') return;
      const track = trackOf(entry.p);
      track.events.push(entry.index);
      noteKind(track, entry, at);
    },
    heardAt: (observer, subject, index) =>
      at(lastOf(tracks.get(observer)?.hearings.get(subject) ?? [], index) ?? -1)?.t ?? null,
    faceOf: (core, index) => {
      const track = trackOf(core.id);
      const last = lastOf(track.events, index);
      let actors: PeerFace['actors'] | undefined;
      let timers: PeerFace['timers'] | undefined;
      return {
        ...core,
        get actors() {
          actors ??= actorsAt(track, core, index, at);
          return actors;
        },
        get timers() {
          timers ??= timersAt(track, core, index, at);
          return timers;
        },
        get delivered() {
          const entry = at(lastOf(track.deliveries, index) ?? -1);
          return entry === undefined ? 0 : deliveredBy(entry);
        },
        lastIndex: last ?? -1,
        lastMs: at(last ?? -1)?.t ?? 0,
      };
    },
  };
}

function noteKind(track: PeerTrack, entry: Entry, at: (index: number) => Entry | undefined): void {
  const { k, a = '', ev = '', index } = entry;
  switch (k) {
    case 'actor':
    case 'transition': {
      const known = track.actors.get(a) ?? { heard: [], changed: [] };
      track.actors.set(a, known);
      const before = at(known.heard.at(-1) ?? -1);
      known.heard.push(index);
      if (before === undefined || k === 'actor' || before.st !== entry.st) known.changed.push(index);
      return;
    }
    case 'timer-set':
    case 'timer-cleared':
    case 'timer': {
      const key = `${a} ${ev}`;
      const known = track.timers.get(key) ?? [];
      track.timers.set(key, known);
      known.push(index);
      return;
    }
    case 'receive': {
      const { fr = '' } = entry;
      const known = track.hearings.get(fr) ?? [];
      track.hearings.set(fr, known);
      known.push(index);
      return;
    }
    case 'delivery':
      if (deliveredBy(entry) > 0) track.deliveries.push(index);
      return;
    default:
  }
}

/** The highest number in the total order that a record tells of; 0 for one of the causal channel. */
export function deliveredBy({ first, count, sequence, channel }: Entry): number {
  if (channel === 'causal') return 0;
  if (typeof sequence === 'number') return sequence;
  return typeof first === 'number' && typeof count === 'number' ? first + count - 1 : 0;
}

function actorsAt(
  { actors }: PeerTrack,
  { bornIndex }: PeerCore,
  index: number,
  at: (index: number) => Entry | undefined,
): Readonly<Record<string, ActorFace>> {
  const faces: Record<string, ActorFace> = {};
  for (const [name, { heard, changed }] of actors) {
    const entry = at(lastOf(heard, index) ?? -1);
    if (entry === undefined || entry.index < bornIndex) continue;
    const { st = '', was, ev = '', k } = entry;
    if (isOver(name, st)) continue;
    const isChange = was !== undefined && was !== st;
    faces[name] = {
      machine: machineOf(name, at(heard[0] ?? -1)),
      state: st,
      since: at(lastOf(changed, index) ?? -1)?.t ?? entry.t,
      heard: k === 'actor' ? null : { index: entry.index, event: ev, was: isChange ? was : null },
    };
  }
  return faces;
}

/** As its `actor` record tells; where the trace begins later, by its name, for only charts have states. */
function machineOf(name: string, first: Entry | undefined): string | null {
  if (first?.k === 'transition') return chartNamed(name);
  return typeof first?.machine === 'string' ? first.machine : null;
}

function timersAt(
  { timers }: PeerTrack,
  { bornIndex, condition }: PeerCore,
  index: number,
  at: (index: number) => Entry | undefined,
): readonly TimerFace[] {
  if (condition !== 'up' && condition !== 'paused') return [];
  const pending: TimerFace[] = [];
  for (const places of timers.values()) {
    const entry = at(lastOf(places, index) ?? -1);
    if (entry?.k !== 'timer-set' || entry.index < bornIndex || typeof entry.due !== 'number') continue;
    pending.push({ actor: entry.a ?? '', event: entry.ev ?? '', setAt: entry.t, due: entry.due });
  }
  return pending;
}
