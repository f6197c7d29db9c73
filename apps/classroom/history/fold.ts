/** One event after the other, folded into what changes seldom: pure, and the same object where nothing has changed. */
import { byId } from '../../page/order.js';
import type { PeerId } from '../contract.js';
import type { Entry } from './entry.js';
import { foldFault } from './faults.js';
import { foldPeer, newCore } from './peer-fold.js';
import type { Core, PeerCore } from './world.js';

/** @param tellsStatus - this peer has told its status before, so that its role need not be read off its charts. */
export function fold(core: Core, entry: Entry, tellsStatus: boolean): Core {
  const next = entry.k === 'fault' ? foldFault(core, entry) : toPeer(core, entry, tellsStatus);
  return next === core ? core : counted(core, next, entry.t);
}

function toPeer(core: Core, entry: Entry, tellsStatus: boolean): Core {
  const { p } = entry;
  if (p === '') return core;
  const known = core.peers[p];
  const before = known ?? newCore(p);
  const after = foldPeer(before, entry, tellsStatus);
  if (known !== undefined && after === before) return core;
  return { ...core, ids: withId(core.ids, p), peers: { ...core.peers, [p]: after } };
}

const withId = (ids: readonly PeerId[], id: PeerId): readonly PeerId[] =>
  ids.includes(id) ? ids : [...ids, id].sort(byId);

/** Leads and is there to lead: one that is paused does not know that it does not. */
const isLeading = (peer: PeerCore | undefined): boolean =>
  peer?.role === 'coordinator' && peer.condition === 'up';

/** Leaders after the event; time without one, and with several, up to it. */
function counted(before: Core, after: Core, t: number): Core {
  const leaders = after.ids.filter((id) => isLeading(after.peers[id]));
  const isSame =
    leaders.length === before.leaders.length && leaders.every((id, n) => id === before.leaders[n]);
  if (isSame) return after;
  return { ...after, leaders, ...timesAt(before, t), countedTo: t, hasBegun: true };
}

/** Time without a leader, since there was the first, and with several, as of `ms`. */
export function timesAt(
  { leaders, leaderlessMs, rivalryMs, countedTo, hasBegun }: Core,
  ms: number,
): { readonly leaderlessMs: number; readonly rivalryMs: number } {
  const passed = Math.max(0, ms - countedTo);
  return {
    leaderlessMs: leaders.length === 0 && hasBegun ? leaderlessMs + passed : leaderlessMs,
    rivalryMs: leaders.length > 1 ? rivalryMs + passed : rivalryMs,
  };
}
