/** A log of auctions that is applied as it is written, with a clock of its own. */
import { AuctionCommand } from '../../apps/auction/commands.js';
import type { LogPage } from '../../apps/auction/recount.js';
import { applied } from '../../apps/auction/replica.js';
import { type Auctions, expired, NO_AUCTIONS, type Result } from '../../apps/auction/state.js';

export const T0 = 1_700_000_000_000;

export class Book {
  state: Auctions = NO_AUCTIONS;
  readonly log: LogPage[] = [];
  readonly states: Auctions[] = [];
  at = T0;

  do(command: AuctionCommand): Result {
    const entry = { sequence: this.log.length + 1, at: this.at };
    const { state, result } = applied(this.state, AuctionCommand.parse(command), entry);
    this.#write(command, state);
    return result;
  }

  /** Lets time pass; what is due by then happens, in order. */
  pass(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const [next] = this.state.running
        .flatMap(({ context, due }) =>
          due === null || due.at > end ? [] : [{ name: context.id, at: due.at }],
        )
        .sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.at = next.at;
      this.ring(next);
    }
    this.at = end;
  }

  ring(timer: { name: string; at: number }): void {
    const entry = { sequence: this.log.length + 1, at: this.at };
    this.#write({ $timer: timer }, expired(this.state, timer, entry).state);
  }

  #write(payload: unknown, state: Auctions): void {
    const sequence = this.log.length + 1;
    this.log.push({ sequence, topic: 'replica:auction', payload, at: this.at });
    this.states.push(state);
    this.state = state;
  }
}
