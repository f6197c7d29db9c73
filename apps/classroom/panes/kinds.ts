/** Messages for the eye: their shape, their label, and how far they have come at a time. */
import { type Kind, kindOf, labelOf } from '../../page/shapes.js';
import { type Flight, isRoutine } from '../history/index.js';

export { Glyph } from '../../page/glyph.jsx';
export { drawShape, KINDS, type Kind, labelOf, meaningOf } from '../../page/shapes.js';

export const kindOfFlight = ({ type, load }: Pick<Flight, 'type' | 'load'>): Kind =>
  isRoutine(type, load) ? 'heartbeat' : kindOf(type);

/** How far a message that is lost gets: to a dead peer's edge, to the wall, or half-way. */
export function reachOf({ fate, why }: Flight): number {
  if (fate !== 'lost') return 1;
  if (why === 'down') return 0.9;
  return why === 'no-channel' ? 0.16 : 0.5;
}

/** Where on its way a message is, from 0 to 1; one whose end nobody knows yet keeps to when it was due. */
export function progressOf(flight: Flight, now: number): number {
  const end = flight.endAt ?? flight.due;
  if (end === null) return Math.min(0.5, Math.max(0, (now - flight.sentAt) / 100));
  const passed = end <= flight.sentAt ? 1 : (now - flight.sentAt) / (end - flight.sentAt);
  return Math.min(1, Math.max(0, passed)) * reachOf(flight);
}

/** Without gliding: sent, half-way, arrived. */
export const still = (progress: number): number => (progress <= 0.05 ? 0 : progress >= 0.95 ? 1 : 0.5);

const WHERE = ['just sent', 'half-way', 'arriving'];

/** A message under way, as one sentence. */
export function messageInWords(flight: Flight, now: number): string {
  const where = WHERE[Math.round(still(progressOf(flight, now)) * 2)] ?? '';
  return `${labelOf(flight.type)} from ${flight.from} to ${flight.to}, ${where}`;
}

/** Virtual time as people read it: `0:00.630`, to the ms. */
export function timeInWords(ms: number): string {
  const sign = ms < 0 ? '−' : '';
  const whole = Math.floor(Math.abs(ms));
  const minutes = Math.floor(whole / 60_000);
  const seconds = Math.floor(whole / 1000) % 60;
  return `${sign}${minutes}:${String(seconds).padStart(2, '0')}.${String(whole % 1000).padStart(3, '0')}`;
}

/** `0.600` seconds, as the log's first column has it. */
export const secondsOf = (ms: number): string => (ms / 1000).toFixed(3);

/** A length of time: `20 ms`, `1.4 s`. */
export const lengthInWords = (ms: number): string => {
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
};
