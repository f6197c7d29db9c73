/**
 * A random walk through a small world, decided by its seed alone: the same seed takes the same steps.
 *
 * Every seed turns other faults on (swarm testing, Groce et al. 2012): a walk in which everything fails at once seldom
 * gets anywhere.
 */
import { configuration, draw, hashOf, LIMITS } from '../../machines/index.js';
import type { Configuration, PeerId } from '../../transport/anywhere.js';
import { calmDown } from './core-calm.js';
import { CoreWorld, type Node, type Parcel } from './core-world.js';
import { Violation } from './invariants.js';

export interface Walk {
  readonly seed: number;
  readonly steps: number;
  /** Peers beside the three first voters: they join, and voters leave and lose their disks. */
  readonly newcomers: readonly PeerId[];
  /** Some voter or other breaks the tie, in some configurations. */
  readonly hasTies: boolean;
}

/** What a walk met on its way: what never happens is not tested. */
export interface Travelled {
  /** Null when every invariant held; else which one did not, with the last steps. */
  readonly violation: { readonly invariant: string; readonly detail: string } | null;
  readonly steps: number;
  readonly reigns: number;
  readonly commits: number;
  readonly cuts: number;
  readonly configurations: number;
}

const { admit, isJoint, membersOf, promote, recount, remove, settle } = configuration;
const VOTERS = ['1', '2', '3'];
const TRACE_MAX = 30;

class Walker {
  readonly world: CoreWorld;
  readonly trace: string[] = [];
  readonly #moves: readonly (readonly [weight: number, move: () => string])[];
  #seed: number;
  #submissions = 0;
  #isolated: PeerId | undefined;
  /** The isolated one is cut off from this one alone. */
  #other: PeerId | undefined;
  #lives = 1;
  readonly #hasTies: boolean;

  constructor({ seed, newcomers, hasTies }: Walk) {
    this.#seed = seed;
    this.#hasTies = hasTies;
    this.world = new CoreWorld([...VOTERS, ...newcomers], VOTERS.length);
    // Small batches: what takes thousands of entries in life happens here at once.
    const parts = { partCharactersMax: this.#pick([10, 32 * 1024]) };
    Object.assign(LIMITS, { batchEntriesMax: this.#pick([1, 2, 256]), ...parts });
    const sometimes = (weight: number) => (this.#chance(0.6) ? weight : 0);
    const oneOf = (...weights: number[]) => this.#pick(weights) ?? 0;
    const changes = newcomers.length > 0 ? 10 : 0;
    this.#moves = [
      [50, () => this.#deliver(false)],
      [sometimes(6), () => this.#deliver(true)],
      [sometimes(6), () => this.#lose()],
      [20, () => this.#persist()],
      [3 + sometimes(5), () => this.#fire()],
      [oneOf(2, 8), () => this.#submit()],
      [oneOf(1, 3, 8), () => this.#stand()],
      [sometimes(2), () => this.#suspect()],
      [sometimes(4), () => this.#relay()],
      [oneOf(0, 2, 6), () => this.#isolate()],
      [oneOf(0, 1, 4), () => this.#crash()],
      [sometimes(1), () => this.#handOver()],
      [sometimes(1), () => this.#reconnect()],
      [oneOf(0, 2, 6), () => this.#compact()],
      [changes, () => this.#change()],
      [changes > 0 ? oneOf(0, 0.3, 1) : 0, () => this.#loseDisk()],
      [oneOf(0, 0, 1, 3), () => this.#damage()],
    ];
    for (const node of this.world.nodes) this.world.start(node);
  }

  step(): void {
    const total = this.#moves.reduce((sum, [weight]) => sum + weight, 0);
    let point = this.#draw() * total;
    for (const [weight, move] of this.#moves) {
      point -= weight;
      if (point >= 0) continue;
      this.#note(move);
      return;
    }
  }

  /** Noted before it is done, so that the step that fails is on the trace. */
  #note(move: () => string): void {
    const at = this.trace.push('') - 1;
    this.trace[at] = move();
    if (this.trace.length > TRACE_MAX) this.trace.shift();
  }

  #draw(): number {
    const { value, seed } = draw(this.#seed);
    this.#seed = seed;
    return value;
  }

  #chance = (probability: number): boolean => this.#draw() < probability;

  #pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.#draw() * items.length)];
  }

  /** Says what is about to happen, then lets it. */
  #tell(line: string, act: () => void): string {
    this.trace[this.trace.length - 1] = line;
    act();
    return line;
  }

  #node = (): Node => this.#pick(this.world.nodes) as Node;

  #coordinator(): Node | undefined {
    return this.#pick(this.world.nodes.filter((node) => node.snapshot?.matches('coordinating')));
  }

  #deliver(isKept: boolean): string {
    // Mostly in order, as a connection does it; sometimes not.
    const parcel = this.#chance(0.7) ? this.world.bag[0] : this.#pick(this.world.bag);
    if (parcel === undefined) return this.#fire();
    if (this.#isIsolated(parcel)) return this.#lose(parcel);
    const line = `${parcel.to} hears ${JSON.stringify(parcel.event)}${isKept ? ', not for the last time' : ''}`;
    return this.#tell(line, () => this.world.deliver(parcel, isKept));
  }

  #isIsolated({ to, event }: Parcel): boolean {
    const ends = [to, 'from' in event ? event.from : to];
    return ends.some((id) => id === this.#isolated) && ends.includes(this.#other ?? to);
  }

  #isolate(): string {
    this.#isolated = this.#isolated === undefined ? (this.#coordinator() ?? this.#node()).id : undefined;
    this.#other = this.#chance(0.5) ? this.#node().id : undefined;
    if (this.#isolated === undefined) return 'everybody hears everybody';
    return `${this.#other ?? 'nobody'} hears ${this.#isolated}${this.#other === undefined ? '' : ' no more'}`;
  }

  #lose(parcel = this.#pick(this.world.bag)): string {
    if (parcel !== undefined) this.world.lost(parcel);
    return `${parcel?.event.type} to ${parcel?.to} is lost`;
  }

  #persist(): string {
    const node = this.#pick(this.world.nodes.filter(({ pending }) => pending.length > 0)) ?? this.#node();
    const count = 1 + Math.floor(this.#draw() * node.pending.length);
    return this.#tell(`the disk of ${node.id} finishes ${Math.min(count, node.pending.length)} writes`, () =>
      this.world.persist(node, count),
    );
  }

  #fire(): string {
    const node = this.#pick(this.world.nodes.filter((each) => this.world.timersOf(each).length > 0));
    // Time passes in heartbeats: the longer delays come round less often.
    const isLong = this.#chance(0.3);
    const timers = node === undefined ? [] : this.world.timersOf(node);
    const type = this.#pick(timers.filter((timer) => isLong || timer.includes('heartbeat'))) ?? timers[0];
    if (node === undefined || type === undefined) return this.#stand();
    return this.#tell(`${node.id} ${type}`, () => this.world.tell(node, { type } as never));
  }

  #submit(): string {
    const node = this.#chance(0.9) ? (this.#coordinator() ?? this.#node()) : this.#node();
    const number = ++this.#submissions;
    // Wall clocks differ, and go back.
    const at = Math.floor(this.#draw() * 1000);
    return this.#tell(`${node.id} is offered submission ${number}`, () =>
      this.world.tell(node, {
        type: 'sequencer.submit',
        from: node.id,
        session: 1,
        submissions: [{ number, topic: 't', payload: null }],
        at,
      }),
    );
  }

  #stand(): string {
    const node =
      this.#pick(this.world.nodes.filter(({ snapshot }) => snapshot?.matches({ replica: 'free' }))) ??
      this.#node();
    const handoverOf = this.#chance(0.3) ? (node.snapshot?.context.promised ?? null) : null;
    return this.#tell(`${node.id} stands`, () =>
      this.world.tell(node, { type: 'collect.requested', handoverOf }),
    );
  }

  #suspect(): string {
    const node = this.#node();
    return this.#tell(`${node.id} suspects`, () => this.world.tell(node, { type: 'coordinator.suspected' }));
  }

  #relay(): string {
    const node = this.world.nodes.find(({ id }) => id === this.#other) ?? this.#node();
    const through = this.#node().id;
    return this.#tell(`${node.id} works through ${through}`, () =>
      this.world.tell(node, { type: 'coordinator.relayed', through }),
    );
  }

  #crash(): string {
    const node = this.#node();
    const kept = Math.floor(this.#draw() * (node.pending.length + 1));
    return this.#tell(`${node.id} crashes and restarts, ${kept} unsynced writes kept`, () => {
      this.world.crash(node, kept);
      this.world.start(node);
    });
  }

  #handOver(): string {
    const node = this.#coordinator();
    if (node === undefined) return 'nobody hands over';
    const successor = this.#node().id;
    return this.#tell(`${node.id} hands over to ${successor}`, () =>
      this.world.tell(node, { type: 'handover.requested', successor }),
    );
  }

  #reconnect(): string {
    const node = this.#coordinator() ?? this.#node();
    const peer = this.#node().id;
    return this.#tell(`${peer} reconnects to ${node.id}`, () =>
      this.world.tell(node, { type: 'follower.reconnected', peer }),
    );
  }

  /** Delivery has come so far, and offers the state for it. */
  #compact(): string {
    const node = this.#node();
    const { log, commit } = node.snapshot?.context ?? { log: undefined, commit: 0 };
    const from = log?.base.lastIndex ?? 0;
    if (commit <= from) return 'nothing to compact';
    const index = from + 1 + Math.floor(this.#draw() * (commit - from));
    const state = `the state after ${index} entries`;
    const due = {
      type: 'snapshot.due' as const,
      index,
      state,
      hash: hashOf(state),
      isUrgent: this.#chance(0.5),
    };
    return this.#tell(`${node.id} compacts ${index} entries`, () => this.world.tell(node, due));
  }

  #change(): string {
    const node = this.#coordinator();
    const body = node?.snapshot && this.#countedOf(node.snapshot.context.log.configuration);
    if (node === undefined || body === undefined) return 'nothing to change';
    const ids = (members: readonly { incarnation: string }[]) => members.map((m) => m.incarnation).join();
    const ties = `${body.tie ?? '-'}, ${body.outgoingTie ?? '-'}`;
    const line = `${node.id} proposes ${ids(body.voters)} / ${ids(body.outgoing)} / ${ids(body.learners)} (${ties})`;
    return this.#tell(line, () =>
      this.world.tell(node, { type: 'entry.proposed', at: 0, draft: { kind: 'configuration', body } }),
    );
  }

  /** Anybody may break a tie: it is the coordinator's guard that keeps quorums together. */
  #countedOf(present: Configuration): Configuration | undefined {
    if (!this.#hasTies) return this.#nextOf(present);
    const next = this.#chance(0.2) ? recount(present) : this.#nextOf(present);
    const tie = this.#chance(0.7) ? this.#pick(next?.voters ?? [])?.id : undefined;
    const isNew = next !== undefined && (isJoint(next) || this.#chance(0.1));
    return isNew && tie !== undefined ? { ...next, tie } : next;
  }

  #nextOf(present: Configuration): Configuration | undefined {
    if (isJoint(present) && this.#chance(0.8)) return settle(present);
    const { member } = this.#node();
    const known = membersOf(present).find(({ incarnation }) => incarnation === member.incarnation);
    if (known === undefined) return admit(present, member);
    if (present.learners.includes(known)) return promote(present, known);
    return this.#chance(0.3) ? remove(present, member.id) : undefined;
  }

  #damage(): string {
    const node = this.#node();
    const place = Math.floor(this.#draw() * (node.disk.entries.length + 1));
    return this.#tell(`the disk of ${node.id} is damaged from its entry ${place} on`, () => {
      this.world.damage(node, place);
      this.world.start(node);
    });
  }

  #loseDisk(): string {
    const node = this.#node();
    const incarnation = `${node.id}-${++this.#lives}`;
    return this.#tell(`${node.id} loses its disk and comes back as ${incarnation}`, () => {
      this.world.lose(node, incarnation);
      this.world.start(node);
    });
  }
}

/** Takes the walk; then nothing fails any more, and somebody has to lead the rest to one log. */
export function walk(plan: Walk): Travelled {
  const walker = new Walker(plan);
  let violation: Travelled['violation'] = null;
  let steps = 0;
  try {
    for (; steps < plan.steps; steps++) walker.step();
    calmDown(walker.world);
  } catch (problem) {
    const told = problem instanceof Error ? problem.message : String(problem);
    const invariant = problem instanceof Violation ? problem.invariant : 'defect';
    violation = { invariant, detail: `${told}\n  ${walker.trace.join('\n  ')}` };
  }
  const { reigns, ledger, cuts } = walker.world.invariants;
  const configurations = ledger.filter(({ entry }) => entry.kind === 'configuration').length;
  return { violation, steps, reigns, commits: ledger.length, cuts, configurations };
}
