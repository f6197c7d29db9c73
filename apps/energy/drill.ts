/**
 * `bullpen energy drill`: thousands of random trades between real processes while their coordinators are killed, every
 * credit counted beside them from the log, entry by entry.
 */
import { isDeepStrictEqual } from 'node:util';
import { createClient } from '../../actors/index.js';
import { createDemoCluster, type DemoCluster } from '../cli/demo-cluster.js';
import { DEMO_CLUSTER, type DemoPeer, STEADY } from '../cli/demo-peer.js';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { onShutdown } from '../node/shutdown.js';
import { until } from '../node/until.js';
import { Recount } from './recount.js';
import { anyOf, areEqual, dice, marketOf, opened, tradesOf } from './story.js';
import { sumOf } from './terms.js';

export interface DrillSettings {
  /** 2 to 7; 3 at least when coordinators are killed. */
  readonly peers: number;
  /** Trades that are to be settled. */
  readonly trades: number;
  /** Coordinators that are killed meanwhile, each started again. */
  readonly kills: number;
}

export type TellStep = (step: string, words: string) => void;

/** Without a settled trade for so long something is stuck. */
const STUCK_MS = 180_000;
const WORKERS_EACH = 2;
const EXPIRES_IN_MS = 4000;
const AMOUNT_MAX = 40;
/** What nobody may do, now and then. */
const ABSURD: readonly object[] = [
  { with: 'nobody' },
  { amount: 0 },
  { amount: -150 },
  { amount: 2.5 },
  { amount: 1_000_000 },
];

interface Tally {
  offered: number;
  refused: number;
  /** Without an answer: the peer was killed, or nobody coordinated. */
  unanswered: number;
}

/** @throws ProgramFailure 1 with what did not happen, or does not add up. */
export async function runDrill(settings: DrillSettings, tell: TellStep): Promise<ExitCode> {
  const silence = new AbortController();
  // Before there is anything to clean up.
  const interrupted = new Promise<ExitCode>((resolve) => onShutdown(() => resolve(EXIT.failed)));
  const cluster = createDemoCluster(['energy'], settings.peers, STEADY);
  try {
    return await Promise.race([drill(cluster, settings, tell, silence.signal), interrupted]);
  } finally {
    silence.abort();
    await cluster.end();
  }
}

async function drill(
  cluster: DemoCluster,
  { trades, kills }: DrillSettings,
  tell: TellStep,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { words } = await cluster.form();
  tell('form', `${cluster.peers.length} processes; ${words}`);
  await opened(cluster.peers);
  const recount = new Recount();
  const failed = follow(cluster, recount, signal);
  const tally: Tally = { offered: 0, refused: 0, unanswered: 0 };
  const started = performance.now();
  let isOver = false;
  const isDone = () => isOver || signal.aborted;
  const workers = cluster.peers.flatMap((peer) =>
    Array.from({ length: WORKERS_EACH }, () => tradeOn(peer, cluster.peers, tally, isDone)),
  );
  const scenario = async () => {
    for (let kill = 1; kill <= kills; kill++) {
      await settledUpTo(recount, Math.floor((trades * kill) / (kills + 1)));
      await replaceCoordinator(cluster, recount, tell);
    }
    await settledUpTo(recount, trades);
  };
  await Promise.race([scenario(), failed]);
  isOver = true;
  await Promise.all(workers);
  const seconds = (performance.now() - started) / 1000;
  tell(
    'trade',
    `${recount.state.counts.settled} trades settled in ${seconds.toFixed(0)} s; ${tally.offered} offered, ` +
      `${tally.refused} refused, ${tally.unanswered} without an answer`,
  );
  await Promise.race([untilEqual(cluster, recount), failed]);
  tell('check', checkWords(recount));
  return EXIT.clean;
}

/** Counts every entry as it is delivered, over any failover; rejects with what does not add up. */
async function follow(cluster: DemoCluster, recount: Recount, signal: AbortSignal): Promise<never> {
  const client = await createClient({
    cluster: DEMO_CLUSTER,
    seeds: cluster.peers.map((peer) => peer.listen()),
  });
  try {
    for await (const delivery of client.deliveries({ topic: 'replica:energy', signal })) {
      const fault = recount.count(delivery);
      if (fault !== null) throw new ProgramFailure(EXIT.failed, `at entry ${delivery.sequence}: ${fault}`);
    }
  } finally {
    await client.stop();
  }
  // Told to be silent: whoever waits for this waits for something else too.
  return new Promise<never>(() => {});
}

/** One who trades at random through `peer`, while it runs. */
async function tradeOn(
  peer: DemoPeer,
  all: readonly DemoPeer[],
  tally: Tally,
  isDone: () => boolean,
): Promise<void> {
  const others = all.filter((other) => other !== peer);
  while (!isDone()) {
    if (peer.presence() !== 'running') {
      await pause();
      continue;
    }
    const trade = { kind: anyOf(['sell', 'buy'] as const), with: anyOf(others).id, amount: dice(AMOUNT_MAX) };
    const odd = dice(50) === 1 ? anyOf(ABSURD) : {};
    const answered = await peer
      .ask('/v1/energy/trades', { ...trade, expiresInMs: EXPIRES_IN_MS, ...odd })
      .catch(() => undefined);
    if (answered?.status === 201) tally.offered += 1;
    else if (answered !== undefined && answered.status < 500) tally.refused += 1;
    else {
      tally.unanswered += 1;
      await pause();
    }
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 100));

/** @throws ProgramFailure when nothing is settled any more. */
async function settledUpTo(recount: Recount, goal: number): Promise<void> {
  let [seen, since] = [-1, performance.now()];
  await until(`${goal} settled trades`, Number.POSITIVE_INFINITY, () => {
    const { settled } = recount.state.counts;
    if (settled !== seen) [seen, since] = [settled, performance.now()];
    if (performance.now() - since > STUCK_MS)
      throw new ProgramFailure(
        EXIT.failed,
        `no trade was settled for ${STUCK_MS / 1000} s, at ${settled} of ${goal}`,
      );
    return settled >= goal;
  });
}

async function replaceCoordinator(cluster: DemoCluster, recount: Recount, tell: TellStep): Promise<void> {
  const { leader } = await cluster.agreement('a coordinator to be killed');
  const victim = cluster.peer(leader);
  if (victim === undefined) throw new Error(`there is no peer ${leader}`);
  const { counts } = await marketOf(victim);
  await victim.kill();
  const killedAt = performance.now();
  const next = await cluster.agreement('another to be elected', (election) => election.leader !== leader);
  const seconds = ((performance.now() - killedAt) / 1000).toFixed(1);
  await cluster.restart(victim);
  const back = await marketOf(victim);
  const trades = await tradesOf(victim);
  if (back.counts.settled < counts.settled || trades.length === 0)
    throw new ProgramFailure(
      EXIT.failed,
      `${leader} has forgotten trades: ${back.counts.settled} of ${counts.settled}`,
    );
  tell(
    'kill',
    `${leader} at ${counts.settled} trades; ${next.leader} leads ${seconds} s later; ${leader} is back with ` +
      `${back.balance} credits and ${back.counts.settled} trades; the sum is ${sumOf(recount.state)}`,
  );
}

/** Every peer, the killed ones too, has the accounts and the trades that the log makes. */
async function untilEqual(cluster: DemoCluster, recount: Recount): Promise<void> {
  await until('all peers to have one market, that of the log', STUCK_MS, async () => {
    if (!(await areEqual(cluster.peers))) return false;
    const [first] = cluster.peers;
    if (first === undefined) return true;
    const [{ accounts }, trades] = [await marketOf(first), await tradesOf(first)];
    const { state } = recount;
    return isDeepStrictEqual(accounts, state.accounts) && isDeepStrictEqual(trades, state.concluded);
  });
}

function checkWords({ state, entries }: Recount): string {
  const balances = state.accounts.map(({ id, balance }) => `${id}: ${balance}`).join(', ');
  return `${entries} entries recounted; balances ${balances}; sum ${sumOf(state)}; every trade once; all peers are equal`;
}
