/**
 * Recounts a market from its log alone, entry by entry, beside the peers: with the same rules, and once more without them,
 * credit by credit.
 */
import type { Delivery } from '../../actors/index.js';
import { energy, faultOf } from './state.js';
import { CREDITS_AT_START, type Market, type Outcome, sumOf } from './terms.js';

export class Recount {
  state: Market = energy.initial();
  /** Entries counted so far. */
  entries = 0;
  readonly #balances = new Map<string, number>();
  readonly #settled = new Set<number>();
  readonly #deadlines = new Map<string, number>();

  /**
   * Counts the next entry.
   *
   * @returns what does not add up, in words; null when everything does.
   */
  count(delivery: Delivery): string | null {
    this.entries += 1;
    const before = this.state;
    this.#apply(delivery);
    return faultOf(this.state) ?? this.#faultOfStep(before);
  }

  #apply({ payload, sequence, at, origin }: Delivery): void {
    const place = { sequence, at, origin };
    const timer = (payload as { readonly $timer?: { readonly name: string; readonly at: number } }).$timer;
    if (timer !== undefined) {
      const isDue = this.#deadlines.get(timer.name) === timer.at && timer.at <= at;
      if (isDue && energy.expire !== undefined) {
        this.#deadlines.delete(timer.name);
        this.state = energy.expire(this.state, timer, place).state;
      }
      return;
    }
    const command = energy.command.safeParse(payload);
    if (!command.success) return;
    const { state, result, timers = [] } = energy.apply(this.state, command.data, place);
    this.state = state;
    for (const { name, at: due } of timers) {
      if (due === null) this.#deadlines.delete(name);
      else this.#deadlines.set(name, due);
    }
    if (command.data.type === 'open' && result.ok && !this.#balances.has(origin))
      this.#balances.set(origin, CREDITS_AT_START);
    if (command.data.type === 'confirm') this.#settle(result);
  }

  #settle(outcome: Outcome): void {
    if (!outcome.ok || outcome.trade === null) return;
    const { id, seller, buyer, amount } = outcome.trade;
    if (this.#settled.has(id)) throw new Error(`trade ${id} is settled twice`);
    this.#settled.add(id);
    this.#balances.set(seller, (this.#balances.get(seller) ?? 0) - amount);
    this.#balances.set(buyer, (this.#balances.get(buyer) ?? 0) + amount);
  }

  #faultOfStep(before: Market): string | null {
    const { accounts, counts } = this.state;
    const [grown, joined] = [sumOf(this.state) - sumOf(before), accounts.length - before.accounts.length];
    if (grown !== CREDITS_AT_START * joined)
      return `credits grow by ${grown}, with ${joined} accounts opened`;
    const wrong = accounts.find(({ id, balance }) => this.#balances.get(id) !== balance);
    if (wrong !== undefined)
      return `${wrong.id} has ${wrong.balance} credits; counted one by one, ${this.#balances.get(wrong.id)}`;
    return counts.settled === this.#settled.size
      ? null
      : `${counts.settled} trades are settled, of which ${this.#settled.size} are different ones`;
  }
}
