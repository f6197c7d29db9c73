/** What the panel asks of its peer: all there is, once a second; and to trade. */
import { createSignal, onCleanup, onMount } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import { change, explain, newKey, read, readStatus } from '../page/requests.js';
import {
  type Market,
  NOTHING,
  type Policy,
  type Shown,
  shownOf,
  type Trade,
  type TradesAnswer,
} from './panel-model.js';

const LOOK_EVERY_MS = 1000;
/** Concluded trades that are shown. */
const TRADES_SHOWN = 100;

export interface Wish {
  readonly kind: 'sell' | 'buy';
  readonly with: string;
  readonly amount: number;
}

/** What came of what was asked last; `isBad` when it was refused, or nobody knows. */
export interface Word {
  readonly isBad: boolean;
  readonly text: string;
}

async function look(): Promise<Shown | null> {
  const [market, trades, status] = await Promise.all([
    read<Market>('v1/energy'),
    read<TradesAnswer>(`v1/energy/trades?limit=${TRADES_SHOWN}`),
    readStatus(),
  ]);
  return market === null || trades === null ? null : shownOf(market, trades, status);
}

/** Follows the market for as long as the panel is shown, and trades in it. */
export function createFeed() {
  const [shown, setShown] = createStore<Shown>(NOTHING);
  const [word, setWord] = createSignal<Word | null>(null);
  const [isBusy, setBusy] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const again = async () => {
    clearTimeout(timer);
    const seen = await look();
    if (seen !== null) setShown(reconcile(seen));
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(again, LOOK_EVERY_MS);
  };
  onMount(() => void again());
  onCleanup(() => {
    isOver = true;
    clearTimeout(timer);
  });

  // Sent again after nobody knew what came of it, the same wish is the same trade.
  let unsettled: { readonly path: string; readonly body: string; readonly key: string } | null = null;
  const ask = async <Answer>(path: string, body: object, done: (answer: Answer) => string) => {
    const text = JSON.stringify(body);
    const isSame = unsettled?.path === path && unsettled.body === text;
    const key = isSame && unsettled !== null ? unsettled.key : newKey();
    setBusy(true);
    setWord(null);
    const outcome = await change<Answer>(path, body, key);
    unsettled = !outcome.ok && UNCERTAIN.includes(outcome.code) ? { path, body: text, key } : null;
    setWord(
      outcome.ok
        ? { isBad: false, text: done(outcome.answer) }
        : { isBad: true, text: explain(outcome.code, outcome.detail && `Refused: ${outcome.detail}.`) },
    );
    setBusy(false);
    void again();
    return outcome.ok;
  };

  return {
    shown,
    word,
    isBusy,
    /** Resolves whether the offer stands in the log. */
    offer: (wish: Wish) =>
      ask<Trade>(
        'v1/energy/trades',
        wish,
        ({ id, with: other }) => `Offered as trade ${id}: ${other} is asked.`,
      ),
    answer: (id: number, accept: boolean) =>
      ask<Trade>(`v1/energy/trades/${id}/answer`, { accept }, ({ state }) => `Trade ${id} is ${state}.`),
    adopt: (policy: Policy) =>
      ask('v1/energy/policy', { policy }, () => `From now on this peer ${POLICY_WORDS[policy]}.`),
  };
}

export type Feed = ReturnType<typeof createFeed>;

const UNCERTAIN: readonly string[] = ['outcome-unknown', 'not-answering', 'stopped'];

/** What this peer does with offers made to it. */
export const POLICY_WORDS: Readonly<Record<Policy, string>> = {
  accept: 'accepts what can be settled',
  refuse: 'refuses every offer',
  ask: 'leaves the answer to you',
};
