/** What people import from `bullpen`. */
export type * from './api.js';
export { createPeer, startPeer } from './create-peer.js';
export type { Environment } from './environment.js';
export { ClusterError, type ClusterErrorCode } from './errors.js';
export { readJournal } from './journal-level.js';
export {
  PeerOptions,
  type PeerOptionsInput,
  PRESETS,
  type PresetName,
  type Timings,
  timingsOf,
} from './options.js';
export { defineReplica } from './replica.js';
