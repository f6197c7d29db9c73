/** One event after the other, folded into the world: pure, so that any place can be reached from any place before it. */
import { byId } from '../../page/order.js';
import type { PeerId } from '../contract.js';
import { isElectionBegun } from './charts.js';
import type { Entry } from './entry.js';
import { foldFault } from './faults.js';
import type { Flight } from './flight.js';
import { isRoutine, loadOf } from './flights.js';
import { foldPeer, newFace } from './peer-fold.js';
import type { Aloft, PeerFace, World } from './world.js';

/** What an event means that does not stand in it. Told by whoever has read the whole history, the same every time. */
export interface Meaning {
  /** The message it sends, receives or loses. */
  readonly flight: Flight | undefined;
  /** Ids of unnamed messages that end with it, because a process does. */
  readonly broken: readonly string[];
  readonly tellsStatus: boolean;
}

/** Leads and is there to lead: one that is paused does not know that it does not. */
const isLeading = ({ role, condition }: PeerFace | { role: string; condition: string }): boolean =>
  role === 'coordinator' && condition === 'up';

export function fold(world: World, entry: Entry, meaning: Meaning): World {
  const placed: World = { ...world, place: { index: entry.index, ms: entry.t } };
  const withPeer = entry.p === '' ? placed : toPeer(placed, entry, meaning.tellsStatus);
  return counted(world, toKind(withPeer, entry, meaning), entry);
}

function toPeer(world: World, entry: Entry, tellsStatus: boolean): World {
  const face = foldPeer(world.peers[entry.p] ?? newFace(entry.p), entry, tellsStatus);
  const ids = world.peers[entry.p] === undefined ? withId(world.ids, entry.p) : world.ids;
  return { ...world, ids, peers: { ...world.peers, [entry.p]: face } };
}

const withId = (ids: readonly PeerId[], id: PeerId): readonly PeerId[] =>
  ids.includes(id) ? ids : [...ids, id].sort(byId);

function toKind(world: World, entry: Entry, { flight, broken }: Meaning): World {
  switch (entry.k) {
    case 'send':
      return flight === undefined ? world : departed(world, entry, flight);
    case 'receive':
      return flight === undefined ? world : landed(world, [flight.id]);
    case 'lost':
      return flight === undefined ? world : { ...landed(world, [flight.id]), lost: world.lost + 1 };
    case 'fault': {
      const next = foldFault(world, entry);
      return broken.length === 0 ? next : { ...landed(next, broken), lost: next.lost + broken.length };
    }
    case 'transition': {
      const { a = '', was = '', st = '', ev = '' } = entry;
      return isElectionBegun(a, was, st, ev) && entry.was !== undefined
        ? { ...world, elections: world.elections + 1 }
        : world;
    }
    default:
      return world;
  }
}

function departed(world: World, entry: Entry, { id, from, to, type, sentAt, due }: Flight): World {
  const aloft: Aloft = { id, from, to, type, sentAt, due };
  const name = isRoutine(type, loadOf(entry)) ? 'heartbeat' : type;
  return {
    ...world,
    aloft: [...world.aloft, aloft],
    said: { ...world.said, [name]: (world.said[name] ?? 0) + 1 },
  };
}

const landed = (world: World, ids: readonly string[]): World => ({
  ...world,
  aloft: world.aloft.filter(({ id }) => !ids.includes(id)),
});

/** Leaders after the event; time without one, and with several, up to it. */
function counted(before: World, after: World, { t }: Entry): World {
  if (before.peers === after.peers) return after;
  const leaders = after.ids.filter((id) => isLeading(after.peers[id] ?? { role: '', condition: '' }));
  const isSame =
    leaders.length === before.leaders.length && leaders.every((id, n) => id === before.leaders[n]);
  if (isSame) return { ...after, leaders: before.leaders };
  return { ...after, leaders, ...timesAt(before, t), countedTo: t };
}

/** Time without a leader, since there was the first, and with several, as of `ms`. */
export function timesAt(
  { leaders, leaderlessMs, rivalryMs, countedTo, hasBegun }: World,
  ms: number,
): { readonly leaderlessMs: number; readonly rivalryMs: number; readonly hasBegun: boolean } {
  const passed = Math.max(0, ms - countedTo);
  return {
    leaderlessMs: leaders.length === 0 && hasBegun ? leaderlessMs + passed : leaderlessMs,
    rivalryMs: leaders.length > 1 ? rivalryMs + passed : rivalryMs,
    hasBegun: true,
  };
}
