/**
 * The trading desk of one peer: opens its account, makes offers, answers those made to it, and keeps the registry while its
 * peer coordinates.
 *
 * The log decides; the causal channel is how two desks speak. Who has made an offer (it stands in the log) asks the
 * counterparty for an answer with a TRADE_REQUEST, again every 1.5 s while there is none, five times in all. An answer is
 * told with a TRADE_RESPONSE and takes effect as one more log entry. What the channel loses is lost time, nothing else.
 */
import * as z from 'zod';
import type { Peer, ReplicaChange, ReplicaHandle, SubmitOptions } from '../../actors/index.js';
import { energy } from './state.js';
import {
  type Account,
  accountOf,
  type EnergyCommand,
  type Market,
  OFFER_MS,
  type Outcome,
  type Trade,
  type TradeKind,
  tradeOf,
} from './terms.js';

/** What becomes of an offer to this peer: accepted when it can be settled, refused, or left to whoever sits here. */
export const ANSWER_POLICIES = ['accept', 'refuse', 'ask'] as const;
export type AnswerPolicy = (typeof ANSWER_POLICIES)[number];

export type News =
  /** Offered, or concluded. */
  | { readonly type: 'trade'; readonly trade: Trade }
  | { readonly type: 'account'; readonly account: Account }
  /** The counterparty has said what it will do; the log has yet to say what came of it. */
  | { readonly type: 'response'; readonly trade: Trade; readonly isAccepted: boolean };

export interface Offer {
  readonly kind: TradeKind;
  readonly with: string;
  readonly amount: number;
  readonly expiresInMs?: number | undefined;
}

const TOPIC = 'energy';
const ASK_AGAIN_MS = 1500;
const ASKED_MAX = 5;
/** Requests that are remembered; of more, the oldest go. */
const EARLY_MAX = 1000;

const Letter = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('request'), id: z.number().int().positive() }),
  z.strictObject({ type: z.literal('response'), id: z.number().int().positive(), accepted: z.boolean() }),
]);

export class TradingDesk {
  readonly peer: Peer;
  #policy: AnswerPolicy;
  readonly #replica: ReplicaHandle<Market, EnergyCommand, Outcome>;
  readonly #listeners = new Set<(news: News) => void>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #detach: readonly (() => void)[];
  /** Trades that an answer was asked for. */
  readonly #requested = new Set<number>();
  /** Trades that are being answered by the policy. */
  readonly #answering = new Set<number>();
  #isClosed = false;

  constructor(peer: Peer, policy: AnswerPolicy) {
    this.peer = peer;
    this.#policy = policy;
    this.#replica = peer.replica(energy);
    this.#detach = [
      this.#replica.watch((change) => this.#changed(change)),
      peer.causal.on((letters) => {
        for (const { origin, topic, payload } of letters) if (topic === TOPIC) this.#hear(origin, payload);
      }),
      peer.onCoordination(({ signal }) => this.#keepRegistry(signal)),
    ];
    peer.ready().then(
      () => this.#begin(),
      // It was told to end before it was ready: whoever started it hears of that.
      () => {},
    );
  }

  state(): Market {
    return this.#replica.state();
  }

  get policy(): AnswerPolicy {
    return this.#policy;
  }

  /** From now on offers are answered so; those that wait already, too. */
  adopt(policy: AnswerPolicy): void {
    this.#policy = policy;
    for (const trade of this.state().pending) this.#consider(trade);
  }

  /** Tells what happens in the market from now on. @returns what ends it. */
  watch(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Offers a trade: resolves once the offer stands in the log, or was refused there. @throws ClusterError as `Peer.submit`. */
  async offer(
    { kind, with: other, amount, expiresInMs }: Offer,
    submit: SubmitOptions = {},
  ): Promise<Outcome> {
    const { timeoutMs } = submit;
    await this.#open(timeoutMs === undefined ? {} : { timeoutMs });
    const command = { type: 'offer', kind, with: other, amount } as const;
    const { result, sequence } = await this.#replica.execute(
      { ...command, expiresInMs: expiresInMs ?? OFFER_MS.default },
      submit,
    );
    // A retry may meet an answer that was forgotten: the trade is known by its place all the same.
    const outcome: Outcome = result ?? this.#asItStands(sequence);
    if (outcome.ok && outcome.trade !== null) this.#request(outcome.trade, ASKED_MAX);
    return outcome;
  }

  /** Answers an offer that was made to this peer. @throws ClusterError as `Peer.submit`. */
  async answer(id: number, isAccepted: boolean, submit: SubmitOptions = {}): Promise<Outcome> {
    const trade = tradeOf(this.state(), id);
    if (trade === undefined) return this.#asItStands(id);
    if (trade.with === this.peer.id && trade.state === 'pending') this.#respond(id, isAccepted);
    const { seller, buyer, amount } = trade;
    const command: EnergyCommand = isAccepted
      ? { type: 'confirm', id, seller, buyer, amount }
      : { type: 'refuse', id, reason: `${this.peer.id} refuses` };
    const { result } = await this.#replica.execute(command, submit);
    return result ?? this.#asItStands(id);
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#detach) end();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#listeners.clear();
  }

  #asItStands(id: number): Outcome {
    const trade = tradeOf(this.state(), id);
    return trade === undefined
      ? { ok: false, code: 'unknown-trade', reason: `there is no trade ${id}` }
      : { ok: true, trade };
  }

  /** Ready: the account is opened, and what was asked while this peer was away is taken up. */
  #begin(): void {
    if (this.#isClosed) return;
    this.#open({}).catch(() => {});
    for (const trade of this.state().pending) {
      if (trade.by === this.peer.id) this.#request(trade, ASKED_MAX);
      if (trade.with === this.peer.id) this.#requested.add(trade.id);
      this.#consider(trade);
    }
  }

  async #open(submit: SubmitOptions): Promise<void> {
    if (accountOf(this.state(), this.peer.id)?.standing !== 'open')
      await this.#replica.execute({ type: 'open' }, submit);
  }

  #hear(origin: string, payload: unknown): void {
    const letter = Letter.safeParse(payload).data;
    if (letter === undefined) return;
    const trade = tradeOf(this.state(), letter.id);
    if (letter.type === 'response') {
      if (trade?.by === this.peer.id && trade.with === origin)
        this.#tell({ type: 'response', trade, isAccepted: letter.accepted });
      return;
    }
    // The channel may be faster than the log.
    const isMine = trade?.with === this.peer.id && trade.by === origin && trade.state === 'pending';
    if (trade !== undefined && !isMine) return;
    this.#requested.add(letter.id);
    for (const oldest of this.#requested)
      if (this.#requested.size > EARLY_MAX) this.#requested.delete(oldest);
    if (trade !== undefined) this.#consider(trade);
  }

  /** Answers by the policy what is this peer's to answer. */
  #consider({ id, with: other, state, seller, amount }: Trade): void {
    const isDue = other === this.peer.id && state === 'pending' && this.#requested.has(id);
    if (!isDue || this.#policy === 'ask' || this.#answering.has(id)) return;
    const balance = accountOf(this.state(), this.peer.id)?.balance ?? 0;
    const canBe = seller !== this.peer.id || balance >= amount;
    this.#answering.add(id);
    this.answer(id, this.#policy === 'accept' && canBe)
      // It is asked again, or expires.
      .catch(() => {})
      .finally(() => this.#answering.delete(id));
  }

  #request(trade: Trade, left: number): void {
    const { id, by } = trade;
    const isPending = tradeOf(this.state(), id)?.state === 'pending';
    if (this.#isClosed || !isPending || by !== this.peer.id || left === 0) return;
    this.#send({ type: 'request', id });
    this.#later(() => this.#request(trade, left - 1));
  }

  #respond(id: number, accepted: boolean): void {
    this.#send({ type: 'response', id, accepted });
  }

  #send(letter: z.infer<typeof Letter>): void {
    try {
      this.peer.causal.send(TOPIC, letter);
    } catch {
      // The peer has stopped; the log is what counts.
    }
  }

  #later(task: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, ASK_AGAIN_MS);
    this.#timers.add(timer.unref());
  }

  #changed({ before, state, cause }: ReplicaChange<Market, Outcome>): void {
    if (cause === 'snapshot') return;
    for (const news of newsBetween(before, state)) {
      if (news.type === 'trade') this.#noteTrade(news.trade);
      if (news.type === 'account') this.#noteAccount(news.account);
      this.#tell(news);
    }
  }

  #noteTrade(trade: Trade): void {
    if (trade.state === 'pending') this.#consider(trade);
    else this.#requested.delete(trade.id);
  }

  /** Somebody took this peer for gone, and it is here. */
  #noteAccount({ id, standing }: Account): void {
    const { ready, role } = this.peer.status();
    if (id === this.peer.id && standing === 'departed' && ready && role !== 'leaving')
      this.#open({}).catch(() => {});
  }

  /** While this peer coordinates, whoever is no member any more has its account closed. */
  #keepRegistry(signal: AbortSignal): void {
    const close = () => {
      const { members } = this.peer.status().view;
      for (const { id, standing, since } of this.state().accounts)
        if (standing === 'open' && !members.some((member) => member.id === id))
          this.#replica
            .execute({ type: 'depart', peer: id }, { key: `energy:depart:${id}:${since}` })
            .catch(() => {});
    };
    close();
    const detach = this.peer.on('view', close);
    signal.addEventListener('abort', detach);
  }

  #tell(news: News): void {
    for (const listener of this.#listeners) listener(news);
  }
}

/** What one step has changed, in order. */
function newsBetween(before: Market, state: Market): readonly News[] {
  const accounts = state.accounts.filter(({ id, standing }) => accountOf(before, id)?.standing !== standing);
  const offered = state.pending.slice(state.pending.length - (state.counts.offered - before.counts.offered));
  const fresh = state.counts.concluded - before.counts.concluded;
  const concluded = fresh === 0 ? [] : state.concluded.slice(-fresh);
  return [
    ...accounts.map((account) => ({ type: 'account' as const, account })),
    ...[...offered, ...concluded].map((trade) => ({ type: 'trade' as const, trade })),
  ];
}
