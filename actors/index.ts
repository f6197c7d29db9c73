/** What people import from `bullpen`. */
export * from './anywhere.js';
export { createPeer } from './create-peer.js';
export { readJournal } from './journal-level.js';
