/** Discovery by DNS: every address of a name is asked, and looked up anew each time. */
import { lookup } from 'node:dns';
import { addressOf } from './address.js';
import type { Discovery, DiscoveryHandlers, Introducing } from './discovery.js';

/** Addresses of one name that are taken. */
const ADDRESSES_MAX = 64;

export class DnsDiscovery implements Discovery {
  readonly #name: string;
  readonly #port: number;
  #introducing: Introducing | null = null;
  #handlers: DiscoveryHandlers | null = null;

  /** @param name - whose addresses all listen at `port`. */
  constructor(name: string, port: number) {
    this.#name = name;
    this.#port = port;
  }

  open(introducing: Introducing, handlers: DiscoveryHandlers): void {
    this.#introducing = introducing;
    this.#handlers = handlers;
  }

  /** A name that is not known yet may be known later: that is no failure. */
  ask(): void {
    lookup(this.#name, { all: true }, (_problem, found) => {
      for (const { address } of (found ?? []).slice(0, ADDRESSES_MAX)) {
        const there = addressOf({ host: address, port: this.#port });
        if (there !== this.#introducing?.address) this.#handlers?.heard(there);
      }
    });
  }

  close(): void {
    this.#handlers = null;
  }
}
