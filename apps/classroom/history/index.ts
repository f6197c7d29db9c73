/** What the rest of the classroom may know of history: a trace, and the world at any place in it. */
export type { Bar, BarLook, Lamp, LampName, Mark, Reign, StepKind } from './bands.js';
export { type Cone, coneOf, relationTo } from './causality.js';
export { inWords, isProtocol, isTelling, leafOf, lookOf } from './charts.js';
export { createReader, type Entry, type Header, PRESET_TIMINGS, type TimingName } from './entry.js';
export {
  type Doubt,
  type DoubtRow,
  deliveryLags,
  doubtsIn,
  type ElectionFigure,
  electionsOf,
  heartbeatGaps,
  type Line,
  messageRates,
  OTHER_TYPES,
  recordsIn,
  type Span,
  spanAround,
} from './figures.js';
export { FILTER_FIELDS, FILTER_FLAGS, type Parsed, parseFilter, type Row } from './filter.js';
export type { Fate, Flight } from './flight.js';
export { isRoutine } from './flights.js';
export { timesAt } from './fold.js';
export { createHistory, type History, type Refusals } from './history.js';
export { createLives, type Lives } from './lives.js';
export { type Clocks, historyOf, historyOfRecords, type Merged, mergeTraces } from './merging.js';
export {
  actorInWords,
  causeOf,
  mentionOf,
  reasonOf,
  roleInWords,
  type Sentence,
  stateInWords,
  tell,
} from './narrator.js';
export { placeAbove } from './search.js';
export type {
  ActorFace,
  Aloft,
  Condition,
  Cut,
  Heard,
  PeerFace,
  Place,
  Suspicion,
  TimerFace,
  Trouble,
  World,
} from './world.js';
