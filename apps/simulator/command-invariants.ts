/**
 * What must hold of the commands of a hosted system, and of the deadlines that stand among them: each once (I12), none
 * invented (I13). Their order is that of all deliveries (delivery-invariants.ts), and what they lead to is the system's
 * (hosted-system.ts).
 *
 * Unlike a plain message a command has no number: it is known by what it says, and once it is delivered by its id.
 */
import type { Delivery } from '../../actors/anywhere.js';
import type { PeerId } from '../../transport/anywhere.js';
import { must } from './invariants.js';

export class CommandInvariants {
  /** By who sent them and what they say: how many there were, and how many have been delivered. */
  readonly #sent = new Map<string, { sent: number; placed: number }>();
  readonly #ids = new Set<string>();

  sent(origin: PeerId, command: unknown): void {
    const known = this.#known(origin, command);
    known.sent += 1;
  }

  /** The first peer delivers it. */
  placed({ id, origin, payload, sequence }: Delivery): void {
    must(!this.#ids.has(id), 'I12', () => `the command ${id} is delivered again at ${sequence}`);
    this.#ids.add(id);
    // Whoever coordinates says that a deadline has passed; the system judges whether it has.
    if (isDeadline(payload)) return;
    const known = this.#known(origin, payload);
    known.placed += 1;
    must(
      known.placed <= known.sent,
      'I13',
      () =>
        `at ${sequence} ${JSON.stringify(payload)} of ${origin} is delivered, which was sent ${known.sent} times`,
    );
  }

  #known(origin: PeerId, command: unknown) {
    const words = `${origin} ${JSON.stringify(command)}`;
    const known = this.#sent.get(words) ?? { sent: 0, placed: 0 };
    this.#sent.set(words, known);
    return known;
  }
}

const isDeadline = (payload: unknown): boolean =>
  typeof payload === 'object' && payload !== null && '$timer' in payload;
