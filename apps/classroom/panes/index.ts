/** The panes: each a section that shows a stage, and keeps nothing of its own but how it is looked at. */
export { beliefInWords } from './appearance.js';
export { Arena } from './arena.jsx';
export { Beliefs } from './beliefs.jsx';
export { Counters } from './counters.jsx';
export { Inspector } from './inspector.jsx';
export { lengthInWords, timeInWords } from './kinds.js';
export { MessageLog } from './message-log.jsx';
export { Narrator } from './narrator.jsx';
export { type BranchPoint, type LiveEdge, Scrubber, speedInWords } from './scrubber.jsx';
export { SpaceTime } from './spacetime.jsx';
