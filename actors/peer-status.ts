/** What a peer can say of itself at any moment, read from its actors; nothing is kept for it. */
import type { Actor, AnyActorRef } from 'xstate';
import { inOrder, isVoter, membersOf } from '../machines/values/configuration.js';
import type { Log } from '../machines/values/log.js';
import { isQuorumConnected } from '../machines/values/neighbourhood.js';
import { termZero } from '../machines/values/term.js';
import type { Entry, Term } from '../transport/protocol.js';
import type * as api from './api.js';
import type { Causality } from './broadcasts.js';
import { actorsOf, chartOf, definitionOf, nameOf, stateOf } from './observer.js';
import type { PeerOptions } from './options.js';
import type { peerMachine } from './peer.js';
import { type ElectionSnapshot, isMember, type PeerContext, type SequencerSnapshot } from './peer-rules.js';
import { neededOf } from './quorum-words.js';

interface Parts {
  readonly life: string;
  readonly context: PeerContext;
  readonly election: ElectionSnapshot | undefined;
  readonly sequencer: SequencerSnapshot | undefined;
  /** State of its chart. */
  readonly journal: unknown;
}

function partsOf(actor: Actor<typeof peerMachine>): Parts {
  const snapshot = actor.getSnapshot();
  const children = snapshot.children as Record<string, AnyActorRef | undefined>;
  return {
    life: stateOf(snapshot.value),
    context: snapshot.context,
    election: children.election?.getSnapshot(),
    sequencer: children.sequencer?.getSnapshot(),
    journal: children.journal?.getSnapshot().value,
  };
}

function roleOf({ life, context, election, sequencer }: Parts): api.Status['role'] {
  if (life.startsWith('stop') || life.startsWith('failed')) return 'stopped';
  if (life.includes('leaving')) return 'leaving';
  if (!isMember(context) || election === undefined) return 'unjoined';
  if (sequencer?.matches('coordinating')) return 'coordinator';
  if (!isVoter(context.configuration, context.me.id)) return 'learner';
  return election.matches('following') ? 'follower' : 'candidate';
}

/** Why the peer is not ready, in words; null when it is. */
function hindrance({ life, context, election, sequencer, journal }: Parts): string | null {
  if (life.startsWith('stop') || life.startsWith('failed')) return 'this peer has stopped';
  if (election === undefined || sequencer === undefined) return 'this peer is starting';
  if (journal === 'full' || journal === 'retrying') return 'there is no room on the disk of this peer';
  if (!isMember(context)) return 'this peer has not joined a cluster yet';
  if (sequencer.matches('damaged'))
    return 'part of what was on its disk is gone: this peer recovers, and has no vote';
  const { coordinator, through } = election.context;
  if (coordinator === null) return leaderless(context, election);
  if (through !== null && !sequencer.matches({ replica: { relayed: 'level' } }))
    return `the coordinator ${coordinator} is out of reach: this peer is catching up through ${through}`;
  if (through !== null) return null;
  if (sequencer.matches('coordinating'))
    return sequencer.context.commit >= sequencer.context.openedAt ? null : 'this peer is taking office';
  if (sequencer.context.known === 0) return 'this peer has not heard from the coordinator yet';
  if (sequencer.context.commit < sequencer.context.known) return 'this peer is catching up';
  return null;
}

function leaderless({ configuration, me }: PeerContext, election: ElectionSnapshot): string {
  const voters = configuration.voters.map((voter) => voter.id);
  const heard = [me.id, ...election.context.neighbours.map((n) => n.from)].filter((id) =>
    voters.includes(id),
  );
  const reached = [...new Set(heard)];
  if (isQuorumConnected(configuration, election.context.neighbours, me.id)) return 'an election is under way';
  const needed = neededOf(voters.length, configuration.tie ?? null, reached);
  return `no coordinator: ${reached.length} of ${voters.length} voters (${reached.join(', ')}) reach each other, ${needed}`;
}

/** What others may believe of a peer, and it of others: the fields of a trace's `status`. */
export interface Standing {
  readonly role: api.Status['role'];
  readonly coordinator: string | null;
  readonly term: number;
  readonly view: number;
  readonly members: readonly string[];
  readonly commit: number;
}

export function standingOf(actor: Actor<typeof peerMachine>): Standing {
  const parts = partsOf(actor);
  const { context, election, sequencer } = parts;
  return {
    role: roleOf(parts),
    coordinator: election?.context.coordinator ?? null,
    term: election?.context.term.n ?? 0,
    view: sequencer?.context.log.view?.number ?? 0,
    members: inOrder(context.configuration).map(({ id }) => id),
    commit: sequencer?.context.commit ?? 0,
  };
}

/** What `GET /v1/status` answers. */
export function statusOf(
  actor: Actor<typeof peerMachine>,
  options: PeerOptions,
  pid: number | null,
  sequence: number,
): api.Status {
  const parts = partsOf(actor);
  const { context, election, sequencer } = parts;
  const none = termZero(context.me.id);
  const notReady = hindrance(parts);
  const { configuration, me } = context;
  const children = actor.getSnapshot().children as Record<string, AnyActorRef | undefined>;
  const isSuspected = (id: string) => believed(children[`failure-detector:${id}`]) === 'suspected';
  return {
    id: me.id,
    pid,
    incarnation: me.incarnation,
    cluster: options.cluster,
    clusterId: membersOf(configuration).length === 0 ? null : configuration.clusterId,
    mode: options.mode,
    durable: options.data !== undefined,
    address: me.address,
    role: roleOf(parts),
    term: election?.context.term ?? none,
    coordinator: election?.context.coordinator ?? null,
    view: {
      number: sequencer?.context.log.view?.number ?? 0,
      members: inOrder(configuration).map(({ id, address }) => ({
        id,
        address,
        role: isVoter(configuration, id) ? ('voter' as const) : ('learner' as const),
        state: isSuspected(id) ? ('suspected' as const) : ('alive' as const),
      })),
    },
    tie: configuration.tie ?? null,
    commit: sequencer?.context.commit ?? 0,
    applied: context.delivered,
    last: sequencer?.context.log.lastIndex ?? 0,
    sequence,
    promised: sequencer?.context.promised ?? none,
    ready: notReady === null,
    notReady,
    machines: Object.fromEntries(
      actorsOf(actor)
        .filter((ref) => chartOf(ref) !== undefined)
        .map((ref) => [nameOf(ref), stateOf(ref.getSnapshot().value)]),
    ),
  };
}

/** The causal channel's clock, and what it holds back; nothing before the peer is a member. */
export function causalityOf(actor: Actor<typeof peerMachine>): Causality {
  const { causal } = actor.getSnapshot().children as Record<string, AnyActorRef | undefined>;
  return causal?.getSnapshot().context ?? { clock: [], held: [] };
}

/** What the invariants speak of. */
export interface Core {
  readonly promised: Term;
  readonly log: Log;
  readonly commit: number;
  readonly isCoordinating: boolean;
  /** While it hands over: whether its successor has been told, and what waits for a number meanwhile. */
  readonly handover: { readonly isOffered: boolean; readonly held: readonly Entry[] } | null;
}

/** What the invariants see of a sequencer. */
export function coreIn(snapshot: SequencerSnapshot): Core {
  const { promised, log, commit, held } = snapshot.context;
  const isOffered = snapshot.matches({ coordinating: { office: 'handing' } });
  const isHandingOver = isOffered || snapshot.matches({ coordinating: { office: 'levelling' } });
  return {
    promised,
    log,
    commit,
    isCoordinating: snapshot.matches('coordinating'),
    handover: isHandingOver ? { isOffered, held: held.entries } : null,
  };
}

const sequencerOf = (children: unknown): AnyActorRef | undefined =>
  (children as Record<string, AnyActorRef | undefined>).sequencer;

export function coreOf(actor: Actor<typeof peerMachine>): Core | null {
  const sequencer = sequencerOf(actor.getSnapshot().children);
  return sequencer === undefined ? null : coreIn(sequencer.getSnapshot());
}

/** Calls `listener` after every step of the peer's sequencer, within that step; the first time once the journal is open. */
export function watchCore(actor: Actor<typeof peerMachine>, listener: (core: Core) => void): void {
  let watched: AnyActorRef | undefined;
  const tell = (snapshot: SequencerSnapshot) => listener(coreIn(snapshot));
  actor.subscribe({
    next: ({ children }) => {
      const sequencer = sequencerOf(children);
      if (sequencer === undefined || sequencer === watched) return;
      watched = sequencer;
      tell(sequencer.getSnapshot());
      sequencer.subscribe({ next: tell, error: () => {} });
    },
    error: () => {},
  });
}

/** A member that is being asked after has not lost its trust yet. */
function believed(detector: AnyActorRef | undefined): api.Belief['state'] {
  if (detector === undefined) return 'unknown';
  const [state] = stateOf(detector.getSnapshot().value).split('.');
  return state === 'suspected' || state === 'unreachable' || state === 'failed' ? state : 'trusted';
}

/** Each member as this peer sees it: its own detector's word, and the member's last heartbeat. */
export function beliefsOf(actor: Actor<typeof peerMachine>): readonly api.Belief[] {
  const { context, election } = partsOf(actor);
  const children = actor.getSnapshot().children as Record<string, AnyActorRef | undefined>;
  return membersOf(context.configuration).map(({ id }) => {
    const said = election?.context.neighbours.find((n) => n.from === id);
    return {
      id,
      state: id === context.me.id ? 'self' : believed(children[`failure-detector:${id}`]),
      follows: said?.coordinator ?? null,
      term: said?.term ?? null,
      hears: said?.heard ?? [],
      fit: said?.fit ?? false,
      healthy: said?.healthy ?? true,
      lastIndex: said?.lastIndex ?? null,
    };
  });
}

export const machinesOf = (actor: Actor<typeof peerMachine>): ReturnType<api.Peer['machines']> =>
  actorsOf(actor).flatMap((ref) => {
    const chart = chartOf(ref);
    if (chart === undefined) return [];
    const state = stateOf(ref.getSnapshot().value);
    return [{ actor: nameOf(ref), machine: chart.id, definition: definitionOf(chart.config), state }];
  });
