/** The statecharts, and the pure values they stand on: what people import from `bullpen/machines`. */
export { connectionMachine } from './connection.js';
export { electionMachine } from './election.js';
export { failureDetectorMachine } from './failure-detector.js';
export { journalMachine } from './journal.js';
export { membershipMachine } from './membership.js';
export { sequencerMachine } from './sequencer.js';
export { sessionsMachine } from './sessions.js';
export { Log } from './values/log.js';
export { compareIds, compareRank, defaultPriority } from './values/rank.js';
export { compareTerms } from './values/term.js';
