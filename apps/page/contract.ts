/** The peer's public types, which the page reads as JSON. Types only: none of the peer's code reaches the browser. */
export type { Belief, Delivery, Status, TraceRecord } from '../../actors/index.js';
export type { PeerId, Term } from '../../transport/index.js';
