/** The statecharts, and the pure values they stand on: what people import from `bullpen/machines`. */
export { connectionMachine } from './connection.js';
export { electionMachine } from './election.js';
export { failureDetectorMachine } from './failure-detector.js';
export { journalMachine } from './journal.js';
export { membershipMachine } from './membership.js';
export { type SequencerEvent, sequencerMachine } from './sequencer.js';
export { sessionsMachine } from './sessions.js';
export { draw } from './values/chance.js';
export * as configuration from './values/configuration.js';
export type { JournalWrite } from './values/journal-record.js';
export { LIMITS } from './values/limits.js';
export { Log } from './values/log.js';
export { isMajority, isQuorum } from './values/quorum.js';
export { compareIds, compareRank, defaultPriority } from './values/rank.js';
export type { Letter } from './values/sequencing.js';
export { hashOf, type Snapshot } from './values/snapshot.js';
export { compareTerms, isSameTerm, termZero } from './values/term.js';
