/**
 * The peer's steps that concern who is there: which members are watched, what is made of their silence, and how peers ask
 * one another before anybody is suspected.
 */
import { memberOf } from '../machines/values/configuration.js';
import { questioned } from '../machines/values/neighbourhood.js';
import { children } from './children.js';
import * as rules from './peer-rules.js';
import { childOf, electionOf, forward, steps, update } from './peer-step.js';

/** One failure detector for every other member, and none for those that are gone. */
export const watch = steps(({ context, event, enqueue, self }) => {
  const followed = event.type === 'coordinator.followed' ? event : electionOf(self)?.context;
  const gone = rules.dismissed(context, followed?.coordinator ?? null);
  const added = rules.unwatched(context);
  const { detector, lastManStandingMs } = context.options;
  for (const id of gone) enqueue.stopChild(`failure-detector:${id}`);
  enqueue.assign(({ spawn }) => {
    for (const member of added)
      spawn(children.failureDetector, {
        id: `failure-detector:${member}`,
        input: { ...context.timings, detector, absenceMs: lastManStandingMs, me: context.me.id, member },
      });
    return { watched: [...context.watched.filter((id) => !gone.includes(id)), ...added] };
  });
});

/** Its last channel is gone and its kernel accepts no other: there is no process. */
export const noteGone = steps(({ context, event, enqueue, self }) => {
  if (event.type !== 'connection.lost' || event.reason !== 'refused') return;
  const member = context.connections.find((c) => c.key === event.connection)?.peer ?? null;
  if (member === null || context.connections.some((c) => c.isOpen && c.peer === member)) return;
  const detector = `failure-detector:${member}`;
  if (childOf(self, detector) !== undefined) enqueue.sendTo(detector, { type: 'member.gone' });
});

/** We do not hear it: some of the others are asked whether they do. */
export const verify = steps(({ event, enqueue, self }) => {
  const election = electionOf(self)?.context;
  if (event.type !== 'member.doubted' || election === undefined) return;
  const { member, round } = event;
  const asked = questioned(election.neighbours, [election.me.id, member], round);
  const message = { type: 'failure.probe', from: election.me.id, member, round };
  enqueue.sendTo('link', { type: 'send', to: asked, message });
  enqueue.sendTo(`failure-detector:${member}`, { type: 'probe.sent', asked });
});

/** Asked after ourselves, we answer; asked after another, its detector does. */
export const answerProbe = steps(({ context, event, enqueue, self }) => {
  if (event.type !== 'failure.probe') return;
  const { from, member, round } = event;
  const detector = `failure-detector:${member}`;
  if (member === context.me.id) {
    const message = { type: 'failure.probe-result', from: member, member, round, alive: true };
    enqueue.sendTo('link', { type: 'send', to: [from], message });
  } else if (childOf(self, detector) !== undefined && member !== from)
    enqueue.sendTo(detector, { type: 'probe.asked', by: from, round });
});

/** The link between us is bad, and the member is not: it counts as unheard, and nobody is told that it is gone. */
export const unreach = steps(({ event, enqueue }) => {
  if (event.type !== 'member.unreached') return;
  enqueue.sendTo('election', { type: 'member.suspected', member: event.member });
});

/** A member is missed: everybody who counts on it hears so, its sequencer only if it is the coordinator, and heard by us. */
export const suspect = steps(({ context, event, enqueue, self }) => {
  if (event.type !== 'member.suspected') return;
  const { coordinator = null, through = null } = electionOf(self)?.context ?? {};
  if (coordinator === event.member && through === null)
    enqueue.sendTo('sequencer', { type: 'coordinator.suspected' });
  for (const id of ['membership', 'election']) enqueue.sendTo(id, event);
  context.outlet.report({ type: 'suspected', member: event.member });
});

/** Its channel may be dead without either kernel knowing; a new one will tell. That of its next life, which asks to join, is not. */
export const redial = steps(({ context, event, enqueue }) => {
  if (event.type !== 'member.missed' || rules.isAnotherLife(context, event.member)) return;
  const silent = context.connections.filter((c) => c.peer === event.member && c.isOpen);
  for (const { key } of silent) enqueue.sendTo(key, { type: 'connection.drop' });
});

export const redialAll = steps(({ context, enqueue }) => {
  for (const { key, isOpen, peer } of context.connections)
    if (isOpen && !rules.isClient(peer)) enqueue.sendTo(key, { type: 'connection.drop' });
});

/** Members alone send heartbeats: whoever does so and is none has not heard that it was taken out. */
export const noteStranger = steps(({ context, event, enqueue }) => {
  if (event.type !== 'failure.heartbeat' || memberOf(context.configuration, event.from) !== undefined) return;
  enqueue.sendTo('membership', { type: 'stranger.heard', member: event.from });
});

/** Our timer is late by more than a heartbeat: what was not heard meanwhile was not listened to. */
export const feelPulse = steps(({ context, enqueue }) => {
  const lateMs = context.environment.clock.now() - context.beatenAt - context.timings.heartbeatIntervalMs;
  if (lateMs > context.timings.heartbeatIntervalMs) enqueue.raise({ type: 'self.stalled' });
});

export const notePulse = update(({ context }) => ({ beatenAt: context.environment.clock.now() }));

/** Nobody is suspected for silence that was ours. */
export const excuseOthers = steps(({ context, enqueue, self }) => {
  for (const member of context.watched) {
    const detector = `failure-detector:${member}`;
    if (childOf(self, detector) !== undefined) enqueue.sendTo(detector, { type: 'self.stalled' });
  }
});

/**
 * Whatever a member says is a sign of life; an answer to a probe is one even where it was heard a moment ago. Heartbeats are
 * what comes regularly: their gaps tell how long a silence may last.
 */
export const toDetector = steps(({ context, event, enqueue, self }) => {
  const from = 'from' in event ? event.from : null;
  if (typeof from !== 'string' || rules.isAnotherLife(context, from)) return;
  const detector = `failure-detector:${from}`;
  if (childOf(self, detector) === undefined) return;
  const time = event.type === 'failure.heartbeat' ? { at: context.environment.clock.now() } : {};
  enqueue.sendTo(detector, { type: 'member.heard', ...time });
});

/** What another one knows of a member; the member's own word has been taken as a sign of life already. */
export const toAsker = forward(
  (event) =>
    event.type === 'failure.probe-result' && event.from !== event.member
      ? `failure-detector:${event.member}`
      : undefined,
  (event) => ({ ...event, type: 'probe.answered', by: 'from' in event ? event.from : '' }),
);
