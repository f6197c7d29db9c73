/** The peer's steps that concern readings: how far the log is committed here, and whom this peer obeys. */
import { isSameTerm } from '../machines/values/term.js';
import { sequencerOf, steps } from './peer-step.js';

/** Somebody reads, and takes us for the coordinator. */
export const noteReader = steps(({ event, enqueue, self }) => {
  const sequencer = sequencerOf(self)?.context;
  if (event.type !== 'reads.ask' || sequencer === undefined) return;
  enqueue.sendTo('reads', { ...event, commit: sequencer.commit });
});

/** A promise that is damaged may have been higher: it confirms nothing. */
export const confirmObedience = steps(({ context, event, enqueue, self }) => {
  const sequencer = sequencerOf(self)?.context;
  if (event.type !== 'reads.confirm' || sequencer === undefined) return;
  if (sequencer.damage !== null || !isSameTerm(sequencer.promised, event.term)) return;
  const { id, incarnation } = context.me;
  const { term, round } = event;
  const message = { type: 'reads.confirmed', from: id, term, round, incarnation };
  enqueue.sendTo('link', { type: 'send', to: [event.from], message });
});
