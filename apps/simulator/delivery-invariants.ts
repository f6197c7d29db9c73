/**
 * What must hold of deliveries and receipts: one order for all (I9), each submission once (I12), none invented (I13), each
 * client's in its order (I10), nothing acknowledged before it has its place (I7), and no place before that of what was
 * acknowledged earlier (I14); of one view, one membership (I15). No session expires before its time (S4).
 *
 * Every submission of a run is known by a number of its own, which its payload carries.
 */
import { type ClusterError, type Delivery, type Receipt, SESSION_EXPIRED } from '../../actors/anywhere.js';
import type { PeerId, View } from '../../transport/anywhere.js';
import { CommandInvariants } from './command-invariants.js';
import { must } from './invariants.js';

/** What a simulated client sends. */
export interface Payload {
  readonly number: number;
  readonly filling: string;
}

interface Submitted {
  /** The life of the peer it was given to: `2/1` is the first of peer 2. Submissions of one life keep their order. */
  readonly client: string;
  /** The place of the last message anybody had been acknowledged when this was submitted. */
  readonly floor: number;
  readonly key: string | undefined;
  outcome: 'open' | 'acknowledged' | 'unknown' | 'refused';
}

/** Codes of an error which say that nothing was sent. */
const UNSENT = new Set(['bad-payload', 'bad-topic', 'overloaded', 'no-coordinator']);

export class DeliveryInvariants {
  /** The one order, as far as anybody has got it: numbers of messages, and ids of commands. */
  readonly order: { readonly number: number | string; readonly term: number; readonly at: number }[] = [];
  readonly commands = new CommandInvariants();
  readonly #submitted: Submitted[] = [];
  readonly #placeOf = new Map<number, number>();
  readonly #placeOfKey = new Map<string, number>();
  readonly #lastOf = new Map<string, number>();
  readonly #lastViewOf = new Map<string, number>();
  readonly #views = new Map<number, string>();
  readonly #mayExpire: () => boolean;
  #acknowledgedUpTo = 0;

  /** @param mayExpire - by what the entries say of the time, sessions may have been unused for as long as they live. */
  constructor(mayExpire: () => boolean) {
    this.#mayExpire = mayExpire;
  }

  get submissions(): number {
    return this.#submitted.length;
  }

  count(outcome: Submitted['outcome']): number {
    return this.#submitted.filter((one) => one.outcome === outcome).length;
  }

  /** Numbers a submission, from 1. */
  submit(client: string, key: string | undefined): number {
    return this.#submitted.push({ client, floor: this.#acknowledgedUpTo, key, outcome: 'open' });
  }

  acknowledged(number: number, { sequence }: Receipt): void {
    const submission = this.#settle(number, 'acknowledged');
    const place =
      submission.key === undefined
        ? number
        : this.order[(this.#placeOfKey.get(submission.key) ?? 0) - 1]?.number;
    const delivered = this.order[sequence - 1]?.number;
    must(
      delivered !== undefined && delivered === place,
      'I7',
      () => `${number} is acknowledged at ${sequence}, where ${delivered} stands`,
    );
    this.#acknowledgedUpTo = Math.max(this.#acknowledgedUpTo, sequence);
  }

  /** A command of a system is submitted; what is answered checks the place of its receipt. */
  command(origin: PeerId, command: unknown): (receipt: Receipt) => void {
    const floor = this.#acknowledgedUpTo;
    this.commands.sent(origin, command);
    return ({ id, sequence }) => {
      const { number } = this.order[sequence - 1] ?? {};
      must(number === id, 'I7', () => `${id} is acknowledged at ${sequence}, where ${number} stands`);
      must(sequence > floor, 'I14', () => `${id} is placed at ${sequence}; ${floor} was acknowledged before`);
      this.#acknowledgedUpTo = Math.max(this.#acknowledgedUpTo, sequence);
    };
  }

  /** A linearizable reading begins; what is answered checks how far it reaches. */
  reading(peer: PeerId): (sequence: number) => void {
    const floor = this.#acknowledgedUpTo;
    return (sequence) =>
      must(
        sequence >= floor,
        'I14',
        () => `${peer} reads up to ${sequence}; ${floor} was acknowledged before`,
      );
  }

  refused(number: number, { code, message }: Pick<ClusterError, 'code' | 'message'>): void {
    this.#settle(number, UNSENT.has(code) ? 'refused' : 'unknown');
    must(
      message !== SESSION_EXPIRED || this.#mayExpire(),
      'S4',
      () => `${number} is lost with a session that should live`,
    );
    if (UNSENT.has(code))
      must(!this.#placeOf.has(number), 'I13', () => `${number} was refused, and is delivered`);
  }

  /** A peer delivers; after a restart it does so from the beginning again. */
  delivered(peer: PeerId, delivery: Delivery): void {
    const { sequence, term, at, topic, id } = delivery;
    const isCommand = topic.startsWith('replica:');
    const number = isCommand ? id : (delivery.payload as Payload).number;
    if (this.order[sequence - 1] === undefined) {
      must(
        sequence === this.order.length + 1,
        'I9',
        () => `${peer} delivers ${sequence} behind ${this.order.length}`,
      );
      if (typeof number === 'string') this.commands.placed(delivery);
      else this.#place(peer, sequence, number);
      this.order.push({ number, term, at });
    }
    const { number: expected } = this.order[sequence - 1] ?? { number: -1 };
    must(expected === number, 'I9', () => `${peer} delivers ${number} at ${sequence}, others ${expected}`);
  }

  /** A life of a peer (`2/1`) installs a view. */
  installed(life: string, view: View): void {
    const last = this.#lastViewOf.get(life) ?? 0;
    must(view.number > last, 'I15', () => `${life} installs view ${view.number} behind view ${last}`);
    this.#lastViewOf.set(life, view.number);
    const members = JSON.stringify(view);
    const known = this.#views.get(view.number) ?? members;
    this.#views.set(view.number, known);
    must(
      known === members,
      'I15',
      () => `${life} installs view ${view.number} as ${members}, others as ${known}`,
    );
  }

  #settle(number: number, outcome: Submitted['outcome']): Submitted {
    const submission = this.#submitted[number - 1] as Submitted;
    must(submission.outcome === 'open', 'I21', () => `${number} has two outcomes`);
    submission.outcome = outcome;
    return submission;
  }

  #place(peer: PeerId, sequence: number, number: number): void {
    const submission = this.#submitted[number - 1];
    must(
      submission !== undefined && submission.outcome !== 'refused',
      'I13',
      () => `${peer} delivers ${number}, which nobody sent`,
    );
    if (submission === undefined) return;
    const { client, key, floor } = submission;
    must(
      !this.#placeOf.has(number),
      'I12',
      () => `${number} is delivered at ${this.#placeOf.get(number)} and at ${sequence}`,
    );
    if (key !== undefined) {
      must(
        !this.#placeOfKey.has(key),
        'I12',
        () => `key ${key} takes effect at ${this.#placeOfKey.get(key)} and at ${sequence}`,
      );
      this.#placeOfKey.set(key, sequence);
    }
    const last = this.#lastOf.get(client) ?? 0;
    must(number > last, 'I10', () => `${client} sent ${number} before ${last}, which came first`);
    must(
      sequence > floor,
      'I14',
      () => `${number} is placed at ${sequence}; ${floor} was acknowledged before it was sent`,
    );
    this.#lastOf.set(client, number);
    this.#placeOf.set(number, sequence);
  }
}
