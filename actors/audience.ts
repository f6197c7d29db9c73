/**
 * The clients a peer serves, as delivery sees them: what became of what they submitted, gathered batch by batch.
 *
 * A client that has lost its peer submits again through this one. What has taken effect already is answered from the
 * session table, without another entry in the log.
 */
import {
  isClientId,
  type Placed,
  type SessionTable,
  type Verdict,
} from '../machines/values/session-table.js';
import type { ClientId, Submission } from '../transport/protocol.js';
import type { DeliveryCommand } from './delivery.js';

export interface NumberedReceipt extends Placed {
  readonly number: number;
}

/** What the peer is told of its clients. */
export type ClientFact =
  | {
      readonly type: 'client.opened';
      readonly client: ClientId;
      readonly session: number;
      readonly nonce: string;
    }
  | {
      readonly type: 'client.settled';
      readonly client: ClientId;
      readonly session: number;
      readonly receipts: readonly NumberedReceipt[];
    }
  | { readonly type: 'client.missed' | 'client.expired'; readonly client: ClientId; readonly session: number }
  /** These have not taken effect, as far as this peer knows: the coordinator is to order them. */
  | {
      readonly type: 'client.unplaced';
      readonly client: ClientId;
      readonly session: number;
      readonly submissions: readonly Submission[];
    };

type ClientCommand = Extract<DeliveryCommand, { readonly client: ClientId }>;

/** What one batch of entries brought for one session. */
interface Gathered {
  readonly client: ClientId;
  readonly receipts: NumberedReceipt[];
  hasMissed: boolean;
  hasExpired: boolean;
}

export class Audience {
  readonly #table: SessionTable;
  readonly #tell: (fact: ClientFact) => void;
  readonly #present = new Set<ClientId>();
  /** Who submits under which session: an expired one is not in the table any more. */
  readonly #submitters = new Map<number, ClientId>();
  readonly #gathered = new Map<number, Gathered>();

  constructor(table: SessionTable, tell: (fact: ClientFact) => void) {
    this.#table = table;
    this.#tell = tell;
  }

  get isEmpty(): boolean {
    return this.#present.size === 0;
  }

  hear(command: ClientCommand): void {
    switch (command.type) {
      case 'client.arrived':
        this.#present.add(command.client);
        break;
      case 'client.left':
        this.#present.delete(command.client);
        for (const [session, client] of this.#submitters)
          if (client === command.client) this.#submitters.delete(session);
        break;
      case 'client.submitted':
        this.#submitted(command.client, command.session, command.submissions);
        break;
      default:
        command satisfies never;
    }
  }

  /** The table is another one: what took effect meanwhile was not heard of. Whoever asks again is answered from it. */
  restored(): void {
    for (const client of this.#present)
      for (const [session, { nonce }] of this.#table.of(client))
        this.#tell({ type: 'client.opened', client, session, nonce });
    for (const [session, client] of this.#submitters) this.#tell({ type: 'client.missed', client, session });
  }

  /** A session entry was delivered. */
  opened(session: number, client: string, nonce: string): void {
    if (this.#present.has(client)) this.#tell({ type: 'client.opened', client, session, nonce });
  }

  /** A submission was judged. */
  note(session: number, number: number, verdict: Verdict): void {
    if (this.#present.size === 0) return;
    const client = this.#clientOf(session);
    if (client === undefined) return;
    const gathered = this.#gathering(session, client);
    if (verdict === 'gap') gathered.hasMissed = true;
    else if (verdict === 'unknown-session') gathered.hasExpired = true;
    else this.#addReceipt(gathered.receipts, session, number);
  }

  /** Tells what has been gathered. */
  tell(): void {
    for (const [session, { client, receipts, hasMissed, hasExpired }] of this.#gathered) {
      if (receipts.length > 0) this.#tell({ type: 'client.settled', client, session, receipts });
      if (hasExpired) this.#tell({ type: 'client.expired', client, session });
      else if (hasMissed) this.#tell({ type: 'client.missed', client, session });
    }
    this.#gathered.clear();
  }

  #submitted(client: ClientId, session: number, submissions: readonly Submission[]): void {
    const known = this.#table.at(session);
    // A session belongs to whoever opened it.
    if (known !== undefined && known.peer !== client) return;
    this.#submitters.set(session, client);
    const receipts: NumberedReceipt[] = [];
    const next = known?.next ?? 0;
    for (const { number } of submissions) if (number < next) this.#addReceipt(receipts, session, number);
    if (receipts.length > 0) this.#tell({ type: 'client.settled', client, session, receipts });
    const unplaced = submissions.filter(({ number }) => number >= next);
    if (unplaced.length > 0) this.#tell({ type: 'client.unplaced', client, session, submissions: unplaced });
  }

  #clientOf(session: number): ClientId | undefined {
    const opener = this.#table.at(session)?.peer;
    if (opener === undefined) return this.#submitters.get(session);
    return isClientId(opener) && this.#present.has(opener) ? opener : undefined;
  }

  #gathering(session: number, client: ClientId): Gathered {
    const gathered = this.#gathered.get(session) ?? {
      client,
      receipts: [],
      hasMissed: false,
      hasExpired: false,
    };
    this.#gathered.set(session, gathered);
    return gathered;
  }

  #addReceipt(receipts: NumberedReceipt[], session: number, number: number): void {
    const receipt = this.#table.receipt(session, number);
    if (receipt !== undefined) receipts.push({ number, ...receipt });
  }
}
