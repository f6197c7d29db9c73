/** What of this room runs in any JavaScript, a browser too: it touches neither sockets nor disks. */
export type * from './api.js';
export type { CausalChannel, CausalDelivery, CausalStatus } from './broadcasts.js';
export { clientMachine } from './client.js';
export type { ClientHandle } from './client-handle.js';
export { ClientOptions, type ClientOptionsInput } from './client-options.js';
export type { ClientEnvironment, Environment } from './environment.js';
export { ClusterError, type ClusterErrorCode } from './errors.js';
export { applyWrite, emptyMemory, type JournalMemory, memoryJournal } from './journal-memory.js';
export type { JournalStore, WantedJournal } from './journal-store.js';
export type { Postmark } from './link.js';
export { definitionOf } from './observer.js';
export {
  discoveryOf,
  OwnTimings,
  PeerOptions,
  type PeerOptionsInput,
  PRESETS,
  type PresetName,
  type Timings,
  timingsOf,
} from './options.js';
export { peerMachine } from './peer.js';
export type { PeerHandle } from './peer-handle.js';
export { type Core, coreIn, type Standing } from './peer-status.js';
export type { PendingTimer } from './peer-timers.js';
export { neededOf } from './quorum-words.js';
export { defineReplica } from './replica.js';
export { startClient } from './start-client.js';
export { startPeer } from './start-peer.js';
export { SESSION_EXPIRED } from './submissions.js';
