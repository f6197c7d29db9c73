/**
 * The chat, hosted by every peer of a simulation: somebody at each of them types, its conversation follows the deliveries,
 * and all hold the same rooms (I18): one history, numbered from 1 without a gap in each room.
 */
import type { Delivery, PeerHandle, SubmitOptions } from '../../actors/anywhere.js';
import type { PeerId } from '../../transport/anywhere.js';
import {
  type advance,
  type Conversation,
  type Happening,
  openConversation,
  standingOf,
} from '../chat/state.js';
import type { Hosting, SystemSurroundings } from './hosting.js';
import { must } from './invariants.js';
import type { SimulatedProcess } from './process.js';
import { type Random, streamOf } from './random.js';

export interface SimulatedChat {
  /** The conversation as a pure machine. */
  readonly advance: typeof advance;
  /** The next line that somebody types. */
  readonly typedBy: (random: Random) => string;
}

/** A line in its place, as whoever delivered it first has it. */
interface Placed {
  readonly id: string;
  readonly room: string;
  readonly number: number;
  readonly text: string;
}

/** One life of a peer, with somebody at its keyboard. */
interface Seat {
  readonly id: PeerId;
  readonly life: string;
  readonly peer: PeerHandle;
  conversation: Conversation;
}

export class HostedChat implements Hosting {
  readonly #chat: SimulatedChat;
  readonly #surroundings: SystemSurroundings;
  readonly #streams = new Map<PeerId, Random>();
  readonly #seats = new Map<PeerId, Seat>();
  /** By overall sequence, from 1. */
  readonly #order: Placed[] = [];

  constructor(chat: SimulatedChat, surroundings: SystemSurroundings) {
    this.#chat = chat;
    this.#surroundings = surroundings;
  }

  /** Lines that are in their rooms. */
  get effects(): number {
    return this.#order.filter(({ text }) => text !== '').length;
  }

  host({ id, lives }: SimulatedProcess, peer: PeerHandle): void {
    const { note } = this.#surroundings;
    const seat: Seat = { id, life: `${id}/${lives}`, peer, conversation: this.#opened(id, peer, 0) };
    this.#seats.set(id, seat);
    peer.onDeliveries((deliveries) => {
      for (const delivery of deliveries) note(() => this.#delivered(seat, delivery));
    });
    peer.on('coordinator', () =>
      this.#happen(seat, { type: 'standing.changed', standing: standingOf(peer.status()) }),
    );
  }

  submit({ id, peer }: SimulatedProcess, options: SubmitOptions): void {
    const seat = this.#seats.get(id);
    if (peer === undefined || seat?.peer !== peer) return;
    const random = this.#streams.get(id) ?? streamOf(this.#surroundings.seed, `lines of ${id}`);
    this.#streams.set(id, random);
    const { requests } = this.#happen(seat, { type: 'line.typed', text: this.#chat.typedBy(random) });
    for (const request of requests) if (request.type === 'submit') this.#offer(seat, request, options);
  }

  compare(processes: readonly SimulatedProcess[]): void {
    const rooms = JSON.stringify(sorted(countsOf(this.#order)));
    for (const { id, peer } of processes) {
      const seat = this.#seats.get(id);
      if (peer === undefined || seat === undefined) continue;
      const theirs = JSON.stringify(sorted(peer.topics()));
      must(theirs === rooms, 'I18', () => `the rooms of ${id} hold ${theirs}, not ${rooms}`);
      const told = [...seat.conversation.rooms].filter(([, { lines }]) => lines > 0);
      const shown = JSON.stringify(sorted(new Map(told.map(([room, { lines }]) => [room, lines]))));
      must(shown === rooms, 'I18', () => `the conversation of ${id} shows ${shown}, not ${rooms}`);
      const { pending } = seat.conversation;
      must(pending.length === 0, 'I18', () => `${id} still shows "${pending[0]?.text}" as on its way`);
      for (const delivery of peer.history({ after: peer.dropped(), limit: Number.MAX_SAFE_INTEGER }))
        this.#agrees(id, delivery);
    }
  }

  #offer(
    seat: Seat,
    { number, room, text }: { readonly number: number; readonly room: string; readonly text: string },
    options: SubmitOptions,
  ): void {
    const { deliveries, later } = this.#surroundings;
    const submission = deliveries.submit(seat.life, undefined);
    seat.peer.offer(room, { number: submission, filling: '', text }, options, {
      resolve: (receipt) =>
        later(() => {
          deliveries.acknowledged(submission, receipt);
          this.#happen(seat, { type: 'line.settled', number, sequence: receipt.sequence });
        }),
      reject: (error) =>
        later(() => {
          deliveries.refused(submission, error);
          this.#happen(seat, { type: 'line.refused', number, code: error.code, detail: error.message });
        }),
    });
  }

  #delivered(seat: Seat, delivery: Delivery): void {
    const { sequence, topic, topicSequence } = delivery;
    if (sequence === this.#order.length + 1) {
      const { [topic]: before = 0 } = Object.fromEntries(countsOf(this.#order));
      must(
        topicSequence === before + 1,
        'I18',
        () => `${seat.id} delivers number ${topicSequence} of ${topic}, behind ${before}`,
      );
      this.#order.push(placed(delivery));
    }
    this.#agrees(seat.id, delivery);
    if (sequence !== seat.conversation.sequence + 1) this.#skip(seat, sequence);
    const before = seat.conversation.rooms.get(topic)?.lines ?? 0;
    const { lines } = this.#happen(seat, { type: 'payload.delivered', delivery });
    const now = seat.conversation;
    must(
      now.sequence === sequence && now.rooms.get(topic)?.lines === before + 1,
      'I18',
      () => `${seat.id} shows ${now.rooms.get(topic)?.lines} lines in ${topic} behind ${before}`,
    );
    const shown = lines.find((line) => line.kind === 'delivery')?.delivery;
    must(shown !== undefined, 'I18', () => `${seat.id} does not show number ${topicSequence} of ${topic}`);
    if (shown !== undefined) this.#agrees(seat.id, shown);
  }

  /** A snapshot stands for what comes before `sequence`: only then may somebody go on there. */
  #skip(seat: Seat, sequence: number): void {
    const { id, peer, conversation } = seat;
    must(
      peer.dropped() >= sequence - 1,
      'I18',
      () => `${id} delivers ${sequence} behind ${conversation.sequence}, and no snapshot stands for the rest`,
    );
    seat.conversation = { ...this.#opened(id, peer, sequence - 1), pending: conversation.pending };
  }

  /** What everybody has there. */
  #agrees(id: PeerId, delivery: Delivery): void {
    const [ours, theirs] = [this.#order[delivery.sequence - 1], placed(delivery)].map((one) =>
      JSON.stringify(one),
    );
    must(ours === theirs, 'I18', () => `${id} has ${theirs} at ${delivery.sequence}, others ${ours}`);
  }

  #opened(id: PeerId, peer: PeerHandle, sequence: number): Conversation {
    const topics = countsOf(this.#order.slice(0, sequence));
    return openConversation(id, standingOf(peer.status()), { topics, sequence });
  }

  #happen(seat: Seat, happening: Happening) {
    const outcome = this.#chat.advance(seat.conversation, happening);
    seat.conversation = outcome.conversation;
    return outcome;
  }
}

const placed = ({ id, topic, topicSequence, payload }: Delivery): Placed => ({
  id,
  room: topic,
  number: topicSequence,
  text: (payload as { readonly text?: string }).text ?? '',
});

/** Lines of each room. */
function countsOf(order: readonly Placed[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { room, number } of order) counts.set(room, number);
  return counts;
}

const sorted = (counts: ReadonlyMap<string, number>) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
