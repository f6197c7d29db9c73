/** The small world that is searched: its peers, its terms, its founding entry, and the changes that may be proposed. */
import { configuration as configurations } from '../../machines/index.js';
import type { Configuration, Entry, Member, PeerId, Term } from '../../transport/index.js';

/** How much is searched. */
export interface Bounds {
  /** Voters at the start. */
  readonly peers: number;
  /** Terms that may be opened. */
  readonly terms: number;
  /** So many behind the founding one, a coordinator orders no more; the entry that opens a term may go beyond. */
  readonly entries: number;
  /** Voters come and go; one more peer is there from the start, and learns. */
  readonly changes: boolean;
  /** The last of an even number of voters breaks the tie at the start; changes may have any other break it, or nobody. */
  readonly tie: boolean;
  /** How often, in all, a peer may lose its disk. */
  readonly losses: number;
  /** Writes take time: others act between a write and the moment it is on the disk. */
  readonly slowDisks: boolean;
  /**
   * `any`: every term may be opened by every peer, and no two terms share their number. `turns`: the peers own the terms in
   * turn, and the first terms of all peers share one number, so that owners decide which is higher.
   */
  readonly owners: 'any' | 'turns';
}

/** Before any life of any peer: the founder is not among those searched, so that all of them are alike. */
const FOUNDER: PeerId = 'founder';

export class Domain {
  readonly bounds: Bounds;
  /** Every peer's id, by its place: voters first, then the learner. */
  readonly ids: readonly PeerId[];
  readonly founding: Entry;

  constructor(bounds: Bounds) {
    this.bounds = bounds;
    this.ids = Array.from({ length: bounds.peers + (bounds.changes ? 1 : 0) }, (_, place) => `${place + 1}`);
    const members = this.ids.map((_, peer) => this.member(peer, 1));
    const tie = bounds.tie ? configurations.tieOf(members.slice(0, bounds.peers)) : undefined;
    this.founding = {
      kind: 'configuration',
      term: { n: 0, owner: FOUNDER },
      at: 0,
      body: {
        clusterId: 'c',
        voters: members.slice(0, bounds.peers),
        outgoing: [],
        learners: members.slice(bounds.peers),
        ...(tie !== undefined && { tie }),
      },
    };
  }

  /** A peer in one life of its disk, the first being 1. */
  member(peer: number, life: number): Member {
    const id = this.ids[peer] ?? FOUNDER;
    return { id, incarnation: `${id}-${life}`, address: `peer:${id}`, priority: 0 };
  }

  lifeOf({ incarnation }: Member): number {
    return Number(incarnation.split('-')[1]);
  }

  peerOf(id: PeerId): number {
    return this.ids.indexOf(id);
  }

  isVoterAtFirst(peer: number): boolean {
    return peer < this.bounds.peers;
  }

  /** The place of a term in the order of all terms, from 1; 0 before all of them. */
  rankOf({ n, owner }: Term): number {
    if (n === 0 || this.bounds.owners === 'any') return n;
    return (n - 1) * this.ids.length + this.peerOf(owner) + 1;
  }

  /** The number of the term at `rank`. */
  numberOf(rank: number): number {
    return this.bounds.owners === 'any' ? rank : Math.floor((rank - 1) / this.ids.length) + 1;
  }

  term(rank: number, owner: number): Term {
    return { n: this.numberOf(rank), owner: this.ids[owner] ?? FOUNDER };
  }

  /**
   * What may be proposed to the coordinator of a log that holds `known`: everything the shipped rules of membership make of
   * any of those configurations, of older ones too, and the same in too much of a hurry, without its joint half. Which of
   * them enters the log is for the coordinator's guard to say.
   */
  draftsOf(known: readonly Configuration[], members: readonly Member[]): readonly Configuration[] {
    const next = (base: Configuration) =>
      configurations.isJoint(base)
        ? [configurations.settle(base)]
        : [...changesOf(base, members), ...(this.bounds.tie ? [configurations.recount(base)] : [])];
    const careful = known.flatMap(next);
    const counted = this.bounds.tie ? [...careful, ...careful.flatMap(tiesOf)] : careful;
    return [...counted, ...counted.filter(configurations.isJoint).map(configurations.settle)];
  }
}

/** The same with every voter breaking the tie of an even number, jointly or not. */
const tiesOf = (draft: Configuration): readonly Configuration[] =>
  draft.voters.length % 2 === 0 ? draft.voters.map(({ id }) => ({ ...draft, tie: id })) : [];

function changesOf(base: Configuration, members: readonly Member[]): readonly Configuration[] {
  const { voters, learners } = base;
  const removed = voters.map(({ id }) => configurations.remove(base, id));
  const admitted = members.map((member) => configurations.admit(base, member));
  const promoted = learners.map((learner) => configurations.promote(base, learner));
  // One for another at once: the shipped register never asks for it, and the coordinator's guard allows it.
  const replaced = promoted.flatMap((joint) =>
    voters.map(({ id }) => ({ ...joint, voters: joint.voters.filter((voter) => voter.id !== id) })),
  );
  // Another life takes the seat of the one before it: nothing of the kind may pass.
  const seated = members.map((member) => {
    const others = voters.filter(({ id }) => id !== member.id);
    return others.length < voters.length ? { ...base, voters: [...others, member] } : undefined;
  });
  return [...removed, ...admitted, ...promoted, ...replaced, ...seated].filter(
    (draft) => draft !== undefined,
  );
}

const byId = (a: Member, b: Member): number => (a.id < b.id ? -1 : 1);

/** The order in which a configuration names its members means nothing: one entry for all of them. */
export function inOrder(entry: Entry): Entry {
  if (entry.kind !== 'configuration') return entry;
  const { voters, outgoing, learners } = entry.body;
  const sorted = (members: readonly Member[]) => [...members].sort(byId);
  return {
    ...entry,
    body: {
      ...entry.body,
      voters: sorted(voters),
      outgoing: sorted(outgoing),
      learners: sorted(learners),
    },
  };
}
