/**
 * The peer's rules: what it remembers, whom it dials and watches, and what its heartbeat says.
 *
 * Pure, but for reading the children's snapshots; the chart and the routing table are in peer.ts.
 */
import type { SnapshotFrom } from 'xstate';
import type { Takeover } from '../machines/election-rules.js';
import {
  foundingConfiguration,
  isSeated,
  memberOf,
  membersOf,
  NO_CONFIGURATION,
} from '../machines/values/configuration.js';
import type { Introduction } from '../machines/values/greeting.js';
import type { Recovered } from '../machines/values/journal-record.js';
import { isFresh, isQuorumConnected, isRepeated, mutual } from '../machines/values/neighbourhood.js';
import { defaultPriority } from '../machines/values/rank.js';
import { isClientId } from '../machines/values/session-table.js';
import {
  type Address,
  type ClientId,
  type Configuration,
  type Entry,
  type Heartbeat,
  type Incarnation,
  LIMITS,
  type Member,
  type PeerId,
  PROTOCOL_VERSION,
} from '../transport/protocol.js';
import type { children } from './children.js';
import { type Environment, nonceOf, type Outlet } from './environment.js';
import type { PeerOptions, Timings } from './options.js';

export interface PeerInput {
  readonly options: PeerOptions;
  readonly timings: Timings;
  readonly takeover: Takeover;
  readonly environment: Environment;
  readonly outlet: Outlet;
}

/** One connection actor: whom it leads to, once known, and where. */
export interface Connection {
  readonly key: string;
  readonly peer: PeerId | null;
  readonly address: Address | null;
  /** Which life of that peer greeted; null until then, and for a client. */
  readonly incarnation: Incarnation | null;
  readonly isOpen: boolean;
}

export interface PeerContext extends PeerInput {
  readonly freshIncarnation: Incarnation;
  readonly nonce: string;
  readonly me: Member;
  readonly recovered: Recovered | null;
  readonly configuration: Configuration;
  readonly connections: readonly Connection[];
  /** Clients that have a desk here. */
  readonly clients: readonly ClientId[];
  /** Detectors that run, by member. */
  readonly watched: readonly PeerId[];
  /** When our own pulse was last felt, by the clock, ms: a late one shows that the process stood still. */
  readonly beatenAt: number;
  readonly delivered: number;
  /** Counts connection actors, for their keys. */
  readonly dialled: number;
  /** Who has refused our id, each as often as it did, since anybody let us in. */
  readonly refusals: readonly Address[];
  /** Addresses that discovery has brought: to be tried, as seeds are. */
  readonly located: readonly Address[];
}

/** The first entry of a new cluster belongs to no term that anybody led. */
export const foundingEntry = ({ me, environment }: PeerContext): Entry => ({
  kind: 'configuration',
  term: { n: 0, owner: me.id },
  at: environment.wallClock(),
  body: foundingConfiguration(nonceOf(environment.random), me),
});

export const initialContext = (input: PeerInput): PeerContext => ({
  ...input,
  freshIncarnation: nonceOf(input.environment.random),
  nonce: nonceOf(input.environment.random),
  me: {
    id: input.options.id,
    incarnation: '-',
    address: input.options.advertise ?? input.options.listen,
    priority: input.options.priority ?? defaultPriority(input.options.id),
  },
  recovered: null,
  configuration: NO_CONFIGURATION,
  connections: [],
  clients: [],
  watched: [],
  beatenAt: 0,
  delivered: 0,
  dialled: 0,
  refusals: [],
  located: [],
});

export const introductionOf = ({ options, configuration, me }: PeerContext): Introduction => ({
  version: PROTOCOL_VERSION,
  cluster: options.cluster,
  // Where nobody votes there is no cluster yet, or only peers that have agreed to found one.
  clusterId: configuration.voters.length === 0 ? null : configuration.clusterId,
  mode: options.mode,
  member: me,
});

export const isMember = ({ configuration, me }: PeerContext): boolean =>
  membersOf(configuration).some((m) => m.id === me.id && m.incarnation === me.incarnation);

export const isClient = (id: string | null): boolean => id !== null && isClientId(id);

/**
 * It speaks, but it is not the member: that one's disk is gone, and with it whatever it led or had promised. Nobody is to
 * take the new life's words for signs of life of the old one.
 */
export const isAnotherLife = ({ configuration, connections }: PeerContext, id: PeerId): boolean => {
  const member = memberOf(configuration, id);
  return (
    member !== undefined &&
    connections.some((c) => c.isOpen && c.peer === id && c.incarnation !== member.incarnation)
  );
};

/**
 * Peers that we are connected with and that do not belong, as far as we know. Whoever slept through a change of voters does not
 * know better; the newer voters need it for their quorum, so while nobody coordinates they are spoken to, and told that they
 * are heard.
 */
export const strangers = (context: PeerContext, coordinator: PeerId | null): readonly PeerId[] => {
  const { configuration, connections } = context;
  if (coordinator !== null || !isMember(context)) return [];
  const ids = connections.flatMap(({ isOpen, peer }) =>
    isOpen && peer !== null && !isClient(peer) && memberOf(configuration, peer) === undefined ? [peer] : [],
  );
  return [...new Set(ids)];
};

/**
 * Whoever refuses us because our id is taken may take our last life's dead channel for a rival: until that has been missed, and
 * for as long again, it is asked at every heartbeat. After so many refusals our id is taken.
 */
export const refusalsMax = ({ timings }: PeerContext): number =>
  2 * Math.ceil(timings.suspectTimeoutMs / timings.heartbeatIntervalMs);

/** Members to be connected with and watched: everybody but us. */
const others = ({ configuration, me }: PeerContext): readonly Member[] =>
  membersOf(configuration).filter((member) => member.id !== me.id);

/** Members no connection leads to, or is about to. */
export const unreached = (context: PeerContext): readonly Member[] =>
  others(context).filter(
    ({ id, address }) =>
      !context.connections.some((c) => c.peer === id || (c.peer === null && c.address === address)),
  );

/** Seeds to be asked, those that discovery has brought too: all of them, until we belong; and whenever no connection is left. */
export const unaskedSeeds = (context: PeerContext): readonly Address[] => {
  const isAlone = !context.connections.some(({ isOpen, peer }) => isOpen && !isClient(peer));
  if (isMember(context) && !isAlone) return [];
  return [...new Set([...context.options.seeds, ...context.located])].filter(
    (seed) => seed !== context.me.address && !context.connections.some((c) => c.address === seed),
  );
};

export const unwatched = (context: PeerContext): readonly PeerId[] =>
  others(context)
    .map((member) => member.id)
    .filter((id) => !context.watched.includes(id));

/** Who is watched and gone from the configuration. A coordinator on its way out is watched to the end: it may die before. */
export const dismissed = (context: PeerContext, coordinator: PeerId | null): readonly PeerId[] =>
  context.watched.filter((id) => id !== coordinator && !others(context).some((member) => member.id === id));

export type ElectionSnapshot = SnapshotFrom<(typeof children)['election']>;
export type SequencerSnapshot = SnapshotFrom<(typeof children)['sequencer']>;

/**
 * A heartbeat mostly says what the one before it said, and our election need not hear that again. But it hears every one
 * while it looks for a coordinator or hears it through others, and every one that names another coordinator than ours: what
 * was believed may have changed since the same was said before.
 */
export const isNews = ({ context }: ElectionSnapshot, heartbeat: Heartbeat): boolean => {
  const { neighbours, coordinator, through } = context;
  const isContent = coordinator !== null && through === null && heartbeat.coordinator === coordinator;
  return !isContent || !isRepeated(neighbours, heartbeat);
};

/** What we say at every heartbeat: whom we hear, whom we follow, how far our log goes. */
export function heartbeatOf(
  context: PeerContext,
  election: ElectionSnapshot,
  sequencer: SequencerSnapshot['context'],
  { isStaying, healthy }: { readonly isStaying: boolean; readonly healthy: boolean },
): Heartbeat {
  const { me, configuration } = context;
  const { neighbours, coordinator, successor, term, mode } = election.context;
  const members = neighbours.map((n) => n.from).filter((id) => id !== me.id);
  const heard = [...members, ...strangers(context, coordinator)].slice(0, LIMITS.membersMax);
  return {
    type: 'failure.heartbeat',
    from: me.id,
    term,
    // Nobody leads yet whom we have handed over to; who hears so will wait for it, and not run.
    coordinator: election.matches('handedOver') ? successor : coordinator,
    coordinatorFresh: coordinator === me.id || isFresh(neighbours, coordinator),
    quorumConnected: mode === 'classic' || isQuorumConnected(configuration, mutual(neighbours, me.id), me.id),
    fit: isStaying && sequencer.damage === null && isSeated(configuration, me.id, me.incarnation),
    healthy,
    heard,
    lastIndex: sequencer.log.lastIndex,
  };
}
