/** How an election comes into each of its states, as peer 2 of four sees it. */
import { type ElectionEvent, type ElectionInput, electionMachine } from '../../machines/election.js';
import type { Heartbeat, PeerId, Term } from '../../transport/protocol.js';
import { elapsed, having as havingIn } from './event-table.js';
import { configurationOf, member, term } from './members.js';
import type { Effect } from './step.js';

export const peers = ['1', '2', '3', '4'];
export const term1 = term(1, '4');
export const term2 = term(2, '2');
export const term3 = term(3, '3');

export const peer = (id: PeerId, rest: Partial<ElectionInput> = {}): ElectionInput => ({
  me: member(id),
  configuration: configurationOf(peers),
  takeover: 'afterSync',
  jitterSeed: 1,
  timings: {
    joinGraceMs: 250,
    answerTimeoutMs: 75,
    coordinatorTimeoutMs: 250,
    collectTimeoutMs: 250,
    takeoverStableMs: 500,
    handoverTimeoutMs: 200,
    holdDownMs: 2000,
    holdDownMaxMs: 8000,
    flapWindowMs: 2000,
  },
  ...rest,
});
/** Peer 2 of four, unless told otherwise. */
export const us = peer('2');

/** What a member says that hears everybody, and knows no coordinator. */
export const heartbeat = (from: PeerId, said: Partial<Heartbeat> = {}): ElectionEvent => ({
  type: 'failure.heartbeat',
  from,
  term: term1,
  coordinator: null,
  coordinatorFresh: false,
  quorumConnected: true,
  fit: true,
  healthy: true,
  heard: peers.filter((id) => id !== from),
  lastIndex: 0,
  ...said,
});
/** How far the others have come, as the sequencer has it: all but those named are level. */
export const measured = (lags: Readonly<Record<PeerId, number>> = {}): ElectionEvent => ({
  type: 'followers.measured',
  commit: 10_000,
  followers: peers.map((id) => ({ id, match: 10_000 - (lags[id] ?? 0) })),
});
export const hears4 = { coordinator: '4', coordinatorFresh: true };
export const suspected = (id: PeerId): ElectionEvent => ({ type: 'member.suspected', member: id });
export const followed = (coordinator: PeerId, of: Term): ElectionEvent => ({
  type: 'coordinator.followed',
  coordinator,
  term: of,
});
export const challenge = (from: PeerId): ElectionEvent => ({ type: 'election.start', from, round: 7 });
export const answer = (from: PeerId, fit: boolean, round = 1): ElectionEvent => ({
  type: 'election.answer',
  from,
  round,
  fit,
});
export const alive = (coordinator: PeerId, of: Term): ElectionEvent => ({
  type: 'election.alive',
  from: '3',
  term: of,
  coordinator,
});
export const announcement = (from: PeerId, of: Term): ElectionEvent => ({
  type: 'election.coordinator',
  from,
  term: of,
});
export const reconfigured = (voters: readonly PeerId[]): ElectionEvent => ({
  type: 'configuration.changed',
  configuration: configurationOf(voters),
});
export const handoverOffered: ElectionEvent = { type: 'handover.offered', term: term1 };
export const handoverFailed: ElectionEvent = { type: 'handover.failed' };
export const transfer = (to: PeerId, from: PeerId = '1'): ElectionEvent => ({
  type: 'election.transfer',
  from,
  to,
});
export const established: ElectionEvent = { type: 'term.established', term: term2 };
export const abandoned: ElectionEvent = { type: 'term.abandoned', term: term2 };
export const ended: ElectionEvent = { type: 'term.ended', term: term2 };

/** How peer 2 comes into each state. Peer 4 coordinates, then falls silent; 3 is higher, 1 is lower. */
export const everybodyHeard = [...peers.map((id) => heartbeat(id)), measured()];
export const following = [...everybodyHeard, followed('4', term1)];
export const relayed = [...following, heartbeat('3', hears4), suspected('4')];
export const isolated = [...following, suspected('1'), suspected('3'), suspected('4')];
export const challenging = [...following, suspected('4')];
export const awaiting = [...challenging, answer('3', true)];
export const winning = [...challenging, elapsed('answerTimeout', 'election.challenging')];
export const resting = [...winning, abandoned];
/** Nobody higher is there. */
export const unrivalled = [...winning, established, suspected('3')];
export const rivalled = [...unrivalled, heartbeat('3')];
export const yielding = [...rivalled, elapsed('takeoverStable', 'election.coordinating.rivalled')];
export const holding = [...yielding, handoverFailed];

export const having = (...events: readonly ElectionEvent[]) => havingOf(us, ...events);
export const havingOf = (input: ElectionInput, ...events: readonly ElectionEvent[]) => {
  const [snapshot, effects] = havingIn(electionMachine, input, events);
  return { state: nameOf(snapshot), effects, context: snapshot.context };
};
export const nameOf = ({ value }: { value: unknown }): string =>
  typeof value === 'string' ? value : (Object.values(value as object)[0] as string);
export const sent = (effects: readonly Effect[]) => effects.filter(({ type }) => type === 'send');
