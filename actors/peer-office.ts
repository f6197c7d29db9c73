/** The peer's steps that concern the coordinator's office: having it handed over, laying it down, and saying that it is held. */
import { heirOf } from '../machines/values/neighbourhood.js';
import { electionOf, sequencerOf, steps } from './peer-step.js';

/** Asks whoever coordinates, which may be ourselves, to hand over. The answer is the new coordinator, or a refusal. */
export const askForTransfer = steps(({ context, event, enqueue, self }) => {
  const coordinator = electionOf(self)?.context.coordinator;
  if (event.type !== 'peer.transfer' || coordinator == null) return;
  const message = { type: 'election.transfer', from: context.me.id, to: event.to };
  enqueue.sendTo('link', { type: 'send', to: [coordinator], message });
});

/** Leaving while we coordinate: somebody else must first. */
export const handOver = steps(({ context, enqueue, self }) => {
  const election = electionOf(self);
  if (!election?.matches('coordinating')) return;
  const to = heirOf(context.configuration, election.context.neighbours, context.me, election.context.pace);
  if (to !== undefined) enqueue.sendTo('election', { type: 'election.transfer', from: context.me.id, to });
});

/** As `handOver`, but only to one that says it is healthy: somebody whose disk is as slow would be no better. */
export const handOverToHealthy = steps(({ context, enqueue, self }) => {
  const election = electionOf(self);
  if (!election?.matches('coordinating')) return;
  const healthy = election.context.neighbours.filter((n) => n.healthy);
  const to = heirOf(context.configuration, healthy, context.me, election.context.pace);
  if (to !== undefined) enqueue.sendTo('election', { type: 'election.transfer', from: context.me.id, to });
});

/** As `handOver`; and with nothing to hand over, or nobody to take it, the office counts as vacant. */
export const vacate = steps(({ context, enqueue, self }) => {
  const election = electionOf(self);
  const to =
    election?.matches('coordinating') === true
      ? heirOf(context.configuration, election.context.neighbours, context.me, election.context.pace)
      : undefined;
  if (to === undefined) enqueue.raise({ type: 'office.vacant' });
  else enqueue.sendTo('election', { type: 'election.transfer', from: context.me.id, to });
});

/** From now on what is submitted here is ordered here. The place where the reign began tells it from every other one. */
export const tellServing = steps(({ context, event, self }) => {
  const sequencer = sequencerOf(self)?.context;
  if (event.type !== 'coordination.started' || sequencer === undefined) return;
  const fence = { term: event.term.n, sequence: sequencer.openedAt };
  context.outlet.report({ type: 'serving', fence });
});
