/** What a peer stands on: one clock, one random source, one network and one disk, all injected. */
import type { Broadcast } from '../machines/causal-rules.js';
import type { Reluctance } from '../machines/election-office.js';
import type { Discovery } from '../transport/discovery.js';
import type { ClientId, Incarnation, PeerId, Term, View } from '../transport/protocol.js';
import type { Clock, Transport } from '../transport/transport.js';
import type { Delivery, Fence, Receipt } from './api.js';
import type { Deliveries } from './deliveries.js';
import type { ClusterErrorCode } from './errors.js';
import type { JournalStore } from './journal-store.js';
import type { Postmark } from './link.js';

export interface Environment {
  readonly clock: Clock;
  /** Milliseconds since 1970: only ever written into entries, never compared with a time-out. */
  readonly wallClock: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly transport: Transport;
  readonly journal: (freshIncarnation: Incarnation) => JournalStore;
  readonly pid: number | null;
  /** How others are found where no address is known; null where it is not wanted. */
  readonly discovery?: Discovery | null;
  /** For simulators: what names the messages that this peer sends. */
  readonly postmark?: Postmark;
}

/** What a client stands on: it has no disk, and nobody dials it. */
export type ClientEnvironment = Pick<Environment, 'clock' | 'random' | 'transport'>;

/** What the peer actor tells the public handle, besides deliveries. */
export type Report =
  | { readonly type: 'coordinator'; readonly coordinator: PeerId | null; readonly term: Term }
  | { readonly type: 'view'; readonly view: View }
  | { readonly type: 'suspected'; readonly member: PeerId }
  | { readonly type: 'trusted'; readonly member: PeerId }
  | { readonly type: 'lost'; readonly lost: readonly Delivery[] }
  | { readonly type: 'warning'; readonly code: string; readonly detail: string }
  /** Delivered on the causal channel. */
  | { readonly type: 'broadcasts'; readonly messages: readonly Broadcast[] }
  /** This peer coordinates: deadlines that have passed are to be submitted. */
  | { readonly type: 'deadlines' }
  /** Readings up to that number may be answered once the log is applied up to there. */
  | { readonly type: 'readable'; readonly upTo: number; readonly index: number }
  /** A client wants to read: answered by `client.read`, or `client.unread`. */
  | { readonly type: 'reading'; readonly client: ClientId; readonly id: number }
  /** The session is gone: what was offered under it has no outcome that anybody could tell. */
  | { readonly type: 'expired' }
  /** Something may have changed that the handle derives from states: role, readiness. */
  | { readonly type: 'pulse' }
  /** The coordinator did not hand over. */
  | { readonly type: 'declined'; readonly to: PeerId; readonly reason: Reluctance }
  /** We coordinate, and serve; and no more. */
  | { readonly type: 'serving'; readonly fence: Fence }
  | { readonly type: 'unseated' }
  | { readonly type: 'drained' }
  | { readonly type: 'failed'; readonly code: ClusterErrorCode; readonly detail: string }
  | { readonly type: 'left' }
  | { readonly type: 'stopped' };

/** The handle's side of the peer actor: where deliveries and reports go. */
export interface Outlet {
  readonly deliveries: Deliveries;
  settled(number: number, receipt: Receipt): void;
  /** Ours up to that number have taken effect, at places that a snapshot has passed over. */
  skipped(upTo: number): void;
  report(report: Report): void;
  count(name: string, by?: number): void;
}

/** A word nobody else has drawn: 16 characters of the injected random source. */
export const nonceOf = (random: () => number): string =>
  Array.from({ length: 16 }, () => Math.floor(random() * 36).toString(36)).join('');

export const seedOf = (random: () => number): number => Math.floor(random() * 2 ** 31);
