/** What the rest of the classroom may know of history: a trace, and the world at any place in it. */
export type { Bar, BarLook, Lamp, LampName, Mark, Reign, StepKind } from './bands.js';
export { inWords, isProtocol, isTelling, leafOf, lookOf } from './charts.js';
export type { Entry, Header } from './entry.js';
export type { Fate, Flight } from './flight.js';
export { isRoutine } from './flights.js';
export { timesAt } from './fold.js';
export { createHistory, type History, type Refusals } from './history.js';
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
