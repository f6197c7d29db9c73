/** A seat at a thin client: no vote, no log of its own; it keeps what it has heard lately, and goes on at another peer when its own dies. */
import { type Client, ClusterError, type Delivery } from '../../actors/index.js';
import type { Line } from './lines.js';
import type { Seat, SeatListener } from './seat.js';
import type { Question, Standing } from './state.js';

/** Lines kept for `/history` and for the start; peers keep more. */
const KEPT_MAX = 10_000;
/** How long the past may take to arrive before the conversation begins without the rest of it. */
const PAST_WITHIN_MS = 5000;
/** How long to wait for a coordinator that says how far the past reaches. */
const READ_WITHIN_MS = 20_000;
/** What is on its way when the user leaves may still arrive. */
const LEFT_WITHIN_MS = 5000;

/** As which client a user sits there. */
export interface ClientNames {
  readonly cluster: string;
  /** What others are shown, behind a `~`; null for the beginning of the client's id. */
  readonly name: string | null;
}

/**
 * Takes a seat at `client` once what was said before is here.
 *
 * @param client - attached already; the seat stops it when it is left.
 * @throws ClusterError `no-coordinator` when none says how far the past reaches.
 */
export async function clientSeat(client: Client, names: ClientNames): Promise<Seat> {
  const seat = new ClientSeat(client, names);
  const { sequence } = await client.read({ timeoutMs: READ_WITHIN_MS });
  await seat.reaches(sequence, PAST_WITHIN_MS);
  return seat;
}

class ClientSeat implements Seat {
  readonly id: string;
  readonly #client: Client;
  readonly #names: ClientNames;
  readonly #lines = new Map<string, number>();
  readonly #hearers = new Set<(delivery: Delivery) => void>();
  #kept: Delivery[] = [];
  #sequence = 0;
  #listener: SeatListener | null = null;
  /** Why nothing follows any more, once that is so. */
  #end: unknown = null;

  constructor(client: Client, names: ClientNames) {
    this.id = client.id;
    this.#client = client;
    this.#names = names;
    this.#run().catch((problem: unknown) => this.#finish(problem));
  }

  standing(): Standing {
    const { peer, coordinator } = this.#client.status();
    return { role: 'client', coordinator, term: null, viewNumber: 0, members: [], through: peer };
  }

  past() {
    return { topics: new Map(this.#lines), sequence: this.#sequence };
  }

  recent(limit: number, room?: string): readonly Delivery[] {
    const lines = room === undefined ? this.#kept : this.#kept.filter(({ topic }) => topic === room);
    return lines.slice(-limit);
  }

  follow(after: number, hear: (delivery: Delivery) => void, signal: AbortSignal): Promise<void> {
    for (const delivery of this.#kept) if (delivery.sequence > after) hear(delivery);
    this.#hearers.add(hear);
    return new Promise((resolve) => {
      const end = () => {
        this.#hearers.delete(hear);
        resolve();
      };
      if (signal.aborted) end();
      signal.addEventListener('abort', end, { once: true });
    });
  }

  submit(room: string, text: string) {
    const { name } = this.#names;
    return this.#client.submit(room, { text, ...(name !== null && { name }) });
  }

  answers(question: Question): readonly Line[] {
    if (question.type === 'history') {
      const deliveries = this.recent(question.limit, question.room);
      return deliveries.map((delivery) => ({ kind: 'history', delivery }));
    }
    return question.type === 'status' ? [this.#statusAnswer()] : [];
  }

  async transfer(): Promise<never> {
    throw new ClusterError('handover-refused', 'only members may ask for a handover');
  }

  watch(listener: SeatListener): () => void {
    this.#listener = listener;
    const detach = [
      this.#client.on('attached', () => listener.stood()),
      this.#client.on('coordinator', () => listener.stood()),
    ];
    if (this.#end !== null) listener.ended(this.#end);
    return () => {
      this.#listener = null;
      for (const end of detach) end();
    };
  }

  async leave(settled: Promise<void>): Promise<string> {
    await Promise.race([settled, late(LEFT_WITHIN_MS)]);
    await this.#client.stop();
    return 'this client has ended; the cluster goes on';
  }

  /** Resolves once everything up to `sequence` is here, or `withinMs` have passed. */
  async reaches(sequence: number, withinMs: number): Promise<void> {
    if (this.#sequence >= sequence) return;
    let hear: (delivery: Delivery) => void = () => {};
    const reached = new Promise<void>((resolve) => {
      hear = (delivery) => {
        if (delivery.sequence >= sequence) resolve();
      };
    });
    this.#hearers.add(hear);
    await Promise.race([reached, late(withinMs)]);
    this.#hearers.delete(hear);
  }

  /** Hears all that is kept, then what follows; behind a gap when peers have let go of what came next. */
  async #run(): Promise<void> {
    let after = 0;
    for (;;)
      try {
        for await (const delivery of this.#client.deliveries({ after })) this.#take(delivery);
        // It was stopped, or could not go on: whoever asks it for anything is told which.
        await this.#client.read();
      } catch (problem) {
        if (!(problem instanceof ClusterError) || problem.code !== 'history-gone') throw problem;
        after = 0;
      }
  }

  #take(delivery: Delivery): void {
    const { sequence, topic, topicSequence } = delivery;
    if (sequence <= this.#sequence) return;
    const missed = sequence - this.#sequence - 1;
    if (missed > 0 && this.#sequence > 0)
      this.#listener?.warned(
        'history-gone',
        `${missed} lines before ${sequence} are missing here: no peer that was asked keeps them any more`,
      );
    this.#sequence = sequence;
    this.#lines.set(topic, topicSequence);
    this.#kept.push(delivery);
    // Cut now and then, so that it costs nothing per line.
    if (this.#kept.length > 2 * KEPT_MAX) this.#kept = this.#kept.slice(-KEPT_MAX);
    for (const hear of this.#hearers) hear(delivery);
  }

  #finish(problem: unknown): void {
    this.#end = problem;
    this.#listener?.ended(problem);
  }

  #statusAnswer(): Line {
    const { name, cluster } = this.#names;
    const { id, peer, coordinator, pending, trouble } = this.#client.status();
    const where =
      peer === null
        ? `attached to no peer: ${trouble}`
        : `attached to peer ${peer}, coordinator ${coordinator ?? 'none'}`;
    const lines = [
      `client ${id}${name === null ? '' : ` (shown as ~${name})`} of cluster ${cluster}: no vote, no log`,
      where,
      `seq ${this.#sequence}, ${pending} ${pending === 1 ? 'line' : 'lines'} on the way`,
    ];
    const detail = {
      id,
      name,
      cluster,
      role: 'client',
      peer,
      coordinator,
      pending,
      trouble,
      sequence: this.#sequence,
    };
    return { kind: 'answer', command: 'status', lines, detail };
  }
}

const late = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, delayMs).unref();
  });
