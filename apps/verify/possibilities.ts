/**
 * What may happen to one peer, as events its chart hears: from its own side, and from what others may have sent. Every
 * letter is written by the shipped chart of whoever sends it.
 */
import { LIMITS, type SequencerEvent } from '../../machines/index.js';
import type { Answer, Snapshot } from './chart.js';
import type { Reign } from './history.js';
import { PairTable } from './integers.js';
import { isSameDisk, type PeerState, wake } from './peer-state.js';
import type { Peer, Peers } from './peers.js';
import { distinct, type Step, strongest } from './step.js';

/** A candidate's wish for more of the best log. */
export interface Fetch {
  readonly event: number;
  /** The place of the peer whose log that is. */
  readonly donor: number;
}

const TIMERS = ['stickiness', 'collectTimeout', 'supportWindow', 'heartbeatInterval'];
/** Writes a slow disk may be behind: a peer that has asked for so many does nothing that asks for more. */
const PENDING_MAX = 3;
/** As small as batches can be, and as large. */
const BATCHES = [1, 256];

export class Possibilities {
  readonly #peers: Peers;
  readonly #own: (readonly Step[])[] = [];
  readonly #losses: (readonly Step[])[] = [];
  readonly #stands: (readonly Step[])[] = [];
  readonly #fetches: (Fetch | undefined)[] = [];
  readonly #lists: (readonly Step[])[] = [];
  readonly #collects = new PairTable();
  readonly #appends = new PairTable();
  readonly #letters = new Map<string, readonly number[]>();

  constructor(peers: Peers) {
    this.#peers = peers;
    Object.assign(LIMITS, { batchEntriesMax: 1 });
  }

  /** What a peer does by itself: crash and start again, give up, let its disk finish, order entries, change voters. */
  own(peer: number): readonly Step[] {
    this.#own[peer] ??= this.#useful(peer, this.#allOwn(this.#peers.at(peer)));
    return this.#own[peer] as readonly Step[];
  }

  losses(peer: number): readonly Step[] {
    this.#losses[peer] ??= this.#peers.losses(this.#peers.at(peer).state);
    return this.#losses[peer] as readonly Step[];
  }

  /** Standing for a term, for each there is above its promise. */
  stands(peer: number): readonly Step[] {
    this.#stands[peer] ??= this.#useful(peer, this.#allStands(this.#peers.at(peer)));
    return this.#stands[peer] as readonly Step[];
  }

  /** Hearing the wish of `owner` to lead the term at `rank`. */
  collects(peer: number, rank: number, owner: number): readonly Step[] {
    const steps = () => this.#allCollects(this.#peers.at(peer), rank, owner);
    return this.#remembered(this.#collects, peer, rank * 16 + owner, steps);
  }

  /** Hearing anything that the coordinator of this reign may have sent as yet. */
  appends(peer: number, reign: Reign): readonly Step[] {
    return this.#remembered(this.#appends, peer, reign.number, () =>
      this.#allAppends(this.#peers.at(peer), reign),
    );
  }

  fetch(peer: number): Fetch | undefined {
    if (!(peer in this.#fetches)) this.#fetches[peer] = this.#wish(this.#peers.at(peer));
    return this.#fetches[peer];
  }

  #remembered(table: PairTable, peer: number, key: number, all: () => readonly Step[]): readonly Step[] {
    const known = table.get(peer, key);
    if (known !== undefined) return this.#lists[known] as readonly Step[];
    const steps = this.#useful(peer, all());
    table.set(peer, key, this.#lists.push(steps) - 1);
    return steps;
  }

  #allOwn({ state, isCoordinating }: Peer): readonly Step[] {
    const hear = (take: (snapshot: Snapshot) => Answer | undefined) => this.#peers.hear(state, take);
    const timers = TIMERS.flatMap((delay) => hear((snapshot) => this.#peers.chart.expire(snapshot, delay)));
    const orders = isCoordinating
      ? this.#orders(state).flatMap((event) => hear((now) => this.#peers.chart.hear(now, event)))
      : [];
    return [...this.#peers.restarts(state), ...timers, ...this.#peers.syncs(state), ...orders];
  }

  #orders({ me, log }: PeerState): readonly SequencerEvent[] {
    const { domain, logs } = this.#peers;
    if (log.lastIndex > domain.bounds.entries) return [];
    const submissions = [{ number: 1, topic: 't', payload: null }];
    const submit: SequencerEvent = { type: 'sequencer.submit', from: me.id, session: 1, submissions, at: 0 };
    if (!domain.bounds.changes && domain.bounds.losses === 0) return [submit];
    const lives = domain.bounds.losses + 1;
    const members = domain.ids.flatMap((_, peer) =>
      Array.from({ length: lives }, (__, life) => domain.member(peer, life + 1)),
    );
    const drafts = domain.draftsOf(logs.configurationsIn(logs.numberOf(log)), members);
    return [
      submit,
      ...drafts.map((body) => ({
        type: 'entry.proposed' as const,
        at: 0,
        draft: { kind: 'configuration' as const, body },
      })),
    ];
  }

  #allStands({ state }: Peer): readonly Step[] {
    const { domain, chart } = this.#peers;
    const ranks = Array.from({ length: domain.bounds.terms }, (_, place) => place + 1);
    const steps = ranks.flatMap((rank) =>
      this.#peers.hear(state, (snapshot) => {
        // It may have heard of any term below the one it opens.
        const seen = { n: domain.numberOf(rank) - 1, owner: state.me.id };
        const context = { ...snapshot.context, seen };
        return chart.hear(chart.at(snapshot.value, context), { type: 'collect.requested', handoverOf: null });
      }),
    );
    return steps.filter(({ opened }) => opened > 0 && opened <= domain.bounds.terms);
  }

  #allCollects({ state, number, isCoordinating }: Peer, rank: number, owner: number): readonly Step[] {
    const { domain } = this.#peers;
    // A coordinator listens to the successor it has named; any candidate may be that.
    const handovers = isCoordinating ? [null, state.promised] : [null];
    return handovers.flatMap((handoverOf) => {
      const from = domain.ids[owner] as string;
      const term = domain.term(rank, owner);
      return this.#peers.answers(
        number,
        this.#peers.numberOfEvent({ type: 'sequencer.collect', from, term, handoverOf }),
      );
    });
  }

  #allAppends({ state, number }: Peer, reign: Reign): readonly Step[] {
    const steps = this.#lettersOf(reign, state).flatMap((event) => this.#peers.answers(number, event));
    const judged = steps.map((step) => this.#withoutVerified(reign, this.#judged(state, reign, step)));
    return strongest(judged, (event) => this.#peers.matchIn(event));
  }

  /** I6: what a follower learns to be committed is what its coordinator committed. */
  #judged({ commit }: PeerState, reign: Reign, step: Step): Step {
    if (step.problem !== undefined || step.commit <= commit) return step;
    const { logs } = this.#peers;
    const isTrue =
      step.commit <= reign.commit && logs.agree(this.#peers.at(step.next).log, reign.log, step.commit);
    return isTrue
      ? step
      : { ...step, problem: 'I6: a follower calls committed what its coordinator has not' };
  }

  /**
   * What a follower verified it has acknowledged, and that has arrived: while what it remembers is true, it makes no
   * difference that it remembers it.
   */
  #withoutVerified(reign: Reign, step: Step): Step {
    const { state } = this.#peers.at(step.next);
    if (state.verified === 0 || state.pending.length > 0) return step;
    const { logs } = this.#peers;
    if (!logs.agree(logs.numberOf(state.log), reign.log, state.verified)) return step;
    return { ...step, next: this.#peers.numberOf({ ...state, verified: 0 }) };
  }

  /** What the coordinator of a reign may send to this peer, from every place of its log on. */
  #lettersOf(reign: Reign, { me }: PeerState): readonly number[] {
    const key = `${reign.number} ${me.incarnation}`;
    const known = this.#letters.get(key);
    if (known !== undefined) return known;
    const places = Array.from({ length: this.#peers.logs.at(reign.log).lastIndex + 1 }, (_, place) => place);
    const events = BATCHES.flatMap((batch) =>
      places.flatMap((match) => this.#lettersFrom(reign, me, match, batch)),
    );
    const letters = [...new Set(events)];
    this.#letters.set(key, letters);
    return letters;
  }

  #lettersFrom(reign: Reign, me: PeerState['me'], match: number, batch: number): readonly number[] {
    const { chart, domain, logs } = this.#peers;
    const follower = { id: me.id, incarnation: me.incarnation, match };
    const log = logs.at(reign.log);
    const promised = domain.term(reign.rank, reign.owner);
    const coordinator = wake(chart, {
      ...this.#peers.started(domain.member(reign.owner, 1), { promised, log }),
      posture: 'serving',
      commit: reign.commit,
      followers: [follower],
    });
    Object.assign(LIMITS, { batchEntriesMax: batch });
    const next = chart.hear(coordinator, { type: 'follower.reconnected', peer: me.id });
    Object.assign(LIMITS, { batchEntriesMax: 1 });
    const beat = chart.expire(coordinator, 'heartbeatInterval');
    const letters = [...next.said, ...(beat?.said ?? [])].filter(({ to }) => to.includes(me.id));
    return letters.map(({ message }) => this.#peers.numberOfEvent(message as SequencerEvent));
  }

  #wish({ state, posture }: Peer): Fetch | undefined {
    if (posture !== 'fetching') return undefined;
    const { chart, domain } = this.#peers;
    const said = chart.expire(wake(chart, state), 'heartbeatInterval')?.said ?? [];
    const letter = said.find(({ message }) => message.type === 'sequencer.fetch');
    if (letter === undefined) return undefined;
    return {
      event: this.#peers.numberOfEvent(letter.message as SequencerEvent),
      donor: domain.peerOf(letter.to[0] as string),
    };
  }

  /** Without steps that change nothing and say nothing, or only forget. */
  #useful(peer: number, steps: readonly Step[]): readonly Step[] {
    const before = this.#peers.at(peer);
    return distinct(steps).filter((step) => !this.#isIdle(before, step));
  }

  #isIdle(before: Peer, step: Step): boolean {
    if (step.problem !== undefined || step.promise !== 0 || step.acknowledgement !== 0 || step.opened !== 0)
      return false;
    const after = this.#peers.at(step.next);
    if (after.state.pending.length > PENDING_MAX) return true;
    if (after !== before && step.deeds.length > 0) return false;
    return after === before || this.#isCovered(before.state, after.state, step.isCrash);
  }

  /**
   * Steps that need not be followed. What a peer that has restarted can do, one that has not can do as well; and a term that
   * was heard, and neither written nor answered, holds a peer back from things and enables it to nothing, so a restart that
   * forgets it covers it.
   */
  #isCovered(before: PeerState, after: PeerState, isCrash: boolean): boolean {
    if (after.posture !== 'free' || before.pending.length + after.pending.length > 0) return false;
    const isSame = before.disk.log === after.log && isSameDisk(before.disk, after.disk);
    return isSame && (!isCrash || before.posture === 'free');
  }
}
