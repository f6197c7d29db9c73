/** A network to shout into, in virtual time: whoever has opened hears the question, and answers it. */
import type { Discovery, DiscoveryHandlers, Introducing } from '../../transport/discovery.js';
import type { Clock } from '../../transport/transport.js';

interface Hearer {
  readonly introducing: Introducing;
  readonly handlers: DiscoveryHandlers;
}

const ON_THE_WAY_MS = 1;

export class ShoutingPlace {
  readonly #clock: Clock;
  readonly #hearers = new Set<Hearer>();
  /** Questions so far. */
  questions = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  discovery(): Discovery {
    let own: Hearer | null = null;
    return {
      open: (introducing, handlers) => {
        own = { introducing, handlers };
        this.#hearers.add(own);
      },
      ask: () => {
        this.questions += 1;
        for (const other of this.#hearers) if (own !== null && other !== own) this.#meet(own, other);
      },
      close: () => {
        if (own !== null) this.#hearers.delete(own);
      },
    };
  }

  #meet(one: Hearer, other: Hearer): void {
    for (const [hearer, heard] of [
      [one, other],
      [other, one],
    ] as const)
      this.#clock.setTimeout(() => {
        const { address } = heard.introducing;
        if (this.#hearers.has(hearer) && address !== null) hearer.handlers.heard(address);
      }, ON_THE_WAY_MS);
  }
}
