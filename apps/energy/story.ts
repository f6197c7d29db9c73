/** The market's demo that plays by itself: open, refuse, trade, kill the coordinator, trade on, restart; then count every credit. */
import { isDeepStrictEqual } from 'node:util';
import type { DemoCluster } from '../cli/demo-cluster.js';
import type { DemoPeer } from '../cli/demo-peer.js';
import { enumeration } from '../cli/demo-words.js';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { until } from '../node/until.js';
import { CREDITS_AT_START, type Market, type Trade } from './terms.js';

const TRADES_EACH = 12;
/** Longer than an election, and than an offer to a dead peer waits. */
const CONCLUDED_WITHIN_MS = 60_000;
const EXPIRES_IN_MS = 4000;

type Tell = (step: string, words: string) => void;

/** What `GET /v1/energy` answers, as far as it is looked at. */
export interface MarketAnswer extends Pick<Market, 'accounts' | 'counts'> {
  readonly id: string;
  readonly balance: number | null;
  readonly sum: number;
}

export interface TradesAnswer {
  readonly pending: readonly Trade[];
  readonly trades: readonly Trade[];
}

/** Any whole number from 1 to `most`. */
export const dice = (most: number): number => 1 + Math.floor(Math.random() * most);
export const anyOf = <Item>(items: readonly Item[]): Item => {
  const item = items[dice(items.length) - 1];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
};

/**
 * Plays the story, telling each step.
 *
 * @throws ProgramFailure with what did not happen, or what does not add up.
 */
export async function playEnergy(cluster: DemoCluster, tell: Tell): Promise<void> {
  const { peers } = cluster;
  const first = await cluster.form();
  tell('form', `three processes: ${peers.map((peer) => `${peer.id} at ${peer.listen()}`).join(', ')}`);
  tell('elect', first.words);
  await opened(peers);
  tell(
    'open',
    `three accounts of ${CREDITS_AT_START} credits: the sum is ${CREDITS_AT_START * peers.length}`,
  );
  await refuseEverythingWrong(peers, tell);
  tell(
    'trade',
    `${await tradeAt(peers, peers)} trades at ${namesOf(peers)} at once; the sum is ${await sumAt(peers)}`,
  );

  const victim = cluster.peer(first.leader);
  if (victim === undefined) throw new Error(`there is no peer ${first.leader}`);
  const survivors = peers.filter((peer) => peer !== victim);
  const before = await marketOf(victim);
  await victim.kill();
  tell(
    'kill',
    `kill -9 of ${victim.id}, the coordinator, which has ${before.balance} credits; the others trade on`,
  );
  const [count, next] = await Promise.all([
    tradeAt(survivors, peers),
    cluster.agreement('another to be elected', ({ leader }) => leader !== victim.id),
  ]);
  tell('elect', next.words);
  tell(
    'trade',
    `${count} trades meanwhile, those offered to ${victim.id} expire; the sum is ${await sumAt(survivors)}`,
  );

  await cluster.restart(victim);
  await until(`${victim.id} to have caught up`, CONCLUDED_WITHIN_MS, () => areEqual(peers));
  const after = await marketOf(victim);
  const history = await tradesOf(victim);
  tell(
    'restart',
    `${victim.id} is back with ${after.balance} credits and ${history.length} trades in its history`,
  );
  tell('trade', `${await tradeAt(peers, peers)} more trades at ${namesOf(peers)}`);

  await until('all three to have the same market', CONCLUDED_WITHIN_MS, () => areEqual(peers));
  for (const peer of peers) await audit(peer, peers.length);
  const { counts, sum } = await marketOf(victim);
  tell(
    'check',
    `all three have the same accounts: ${counts.settled} trades settled, each once; sum ${sum}, nobody below zero`,
  );
}

const namesOf = (peers: readonly DemoPeer[]): string => enumeration(peers.map(({ id }) => id));
/** What a running peer answers; one that has much to do is asked again. */
const answerOf = <Answer>(peer: DemoPeer, path: string) =>
  until(`an answer of ${peer.id}`, CONCLUDED_WITHIN_MS, () => peer.read<Answer>(path).catch(() => undefined));
export const marketOf = (peer: DemoPeer) => answerOf<MarketAnswer>(peer, '/v1/energy');
export const tradesOf = async (peer: DemoPeer) =>
  (await answerOf<TradesAnswer>(peer, '/v1/energy/trades?limit=1000')).trades;

/** Resolves once every peer has an open account, everywhere. */
export async function opened(peers: readonly DemoPeer[]): Promise<void> {
  await until('every peer to have an account', CONCLUDED_WITHIN_MS, async () => {
    const markets = await Promise.all(peers.map(marketOf));
    return markets.every(({ accounts }) => accounts.length === peers.length);
  });
}

/** @throws ProgramFailure when something is not refused as it should be. */
async function refuseEverythingWrong(peers: readonly DemoPeer[], tell: Tell): Promise<void> {
  const [one, two] = peers;
  if (one === undefined || two === undefined) throw new Error('a market needs two');
  const wrong: readonly (readonly [other: string, amount: number, code: string])[] = [
    [one.id, 1, 'own-id'],
    ['nobody', 1, 'unknown-peer'],
    [two.id, -150, 'bad-amount'],
    [two.id, 101, 'insufficient-balance'],
  ];
  for (const [other, amount, expected] of wrong) {
    const { answer } = await one.ask('/v1/energy/trades', { kind: 'sell', with: other, amount });
    const { code } = (answer as { error?: { code?: string } }).error ?? {};
    if (code !== expected)
      throw new ProgramFailure(
        EXIT.failed,
        `a sale of ${amount} to ${other} is not refused as ${expected}, but ${code ?? 'taken'}`,
      );
  }
  tell(
    'refuse',
    `a sale to itself, to nobody, of -150, of more than it has: ${wrong.map(([, , code]) => code).join(', ')}`,
  );
}

/** Each of `peers` offers its trades one after the other, to any of `all`. Answers how many were concluded. */
async function tradeAt(peers: readonly DemoPeer[], all: readonly DemoPeer[]): Promise<number> {
  const counts = await Promise.all(
    peers.map(async (peer) => {
      const others = all.filter((other) => other !== peer);
      let concluded = 0;
      for (let i = 0; i < TRADES_EACH; i++) {
        const kind = anyOf(['sell', 'buy'] as const);
        const id = await offered(peer, { kind, with: anyOf(others).id, amount: dice(60) });
        if (id === null) continue;
        await until(`trade ${id} to be concluded`, CONCLUDED_WITHIN_MS, async () => {
          const { state } = await answerOf<Trade>(peer, `/v1/energy/trades/${id}`);
          return state !== 'pending';
        });
        concluded += 1;
      }
      return concluded;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Offers until it stands in the log: a retry is harmless. Answers its number, null when it was refused there. */
async function offered(peer: DemoPeer, trade: object): Promise<number | null> {
  const key = crypto.randomUUID();
  return until(`an offer of ${peer.id} to be logged`, CONCLUDED_WITHIN_MS, async () => {
    const { status, answer } = await peer.ask(
      '/v1/energy/trades',
      { ...trade, expiresInMs: EXPIRES_IN_MS },
      key,
    );
    if (status >= 500) return undefined;
    return status === 201 ? (answer as Trade).id : null;
  });
}

/** @throws ProgramFailure when peers differ in the sum. */
async function sumAt(peers: readonly DemoPeer[]): Promise<number> {
  const sums = new Set((await Promise.all(peers.map(marketOf))).map(({ sum }) => sum));
  const [sum] = sums;
  if (sums.size > 1 || sum !== 3 * CREDITS_AT_START)
    throw new ProgramFailure(
      EXIT.failed,
      `the sum is ${[...sums].join(' and ')}, not ${3 * CREDITS_AT_START}`,
    );
  return sum;
}

/** All have the same accounts and the same trades, and nothing waits. */
export async function areEqual(peers: readonly DemoPeer[]): Promise<boolean> {
  const markets = await Promise.all(
    peers.map(async (peer) => {
      const { accounts, counts } = await marketOf(peer);
      return { accounts, counts, ...(await answerOf<TradesAnswer>(peer, '/v1/energy/trades?limit=1000')) };
    }),
  ).catch(() => []);
  const [first] = markets;
  return (
    first !== undefined && first.pending.length === 0 && markets.every((one) => isDeepStrictEqual(one, first))
  );
}

/**
 * Counts the credits of one peer's market again, from its trades alone.
 *
 * @throws ProgramFailure with what does not add up.
 */
async function audit(peer: DemoPeer, accountCount: number): Promise<void> {
  const { accounts, sum } = await marketOf(peer);
  const settled = (await tradesOf(peer)).filter(({ state }) => state === 'settled');
  const wrong = accounts.find(({ id, balance }) => {
    const moved = settled.reduce(
      (total, { seller, buyer, amount }) =>
        total + (buyer === id ? amount : 0) - (seller === id ? amount : 0),
      0,
    );
    return balance < 0 || balance !== CREDITS_AT_START + moved;
  });
  const isDouble = new Set(settled.map(({ id }) => id)).size !== settled.length;
  if (wrong !== undefined || isDouble || sum !== CREDITS_AT_START * accountCount)
    throw new ProgramFailure(
      EXIT.failed,
      `at ${peer.id} the credits do not add up: sum ${sum}${wrong === undefined ? '' : `, ${wrong.id} has ${wrong.balance}`}${isDouble ? ', a trade is there twice' : ''}`,
    );
}
