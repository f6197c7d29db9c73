/** What people import from `bullpen`. */
export * from './anywhere.js';
export { createClient } from './create-client.js';
export { createPeer } from './create-peer.js';
export { findPeers } from './hosted-environment.js';
export { readJournal, writeJournal } from './journal-level.js';
