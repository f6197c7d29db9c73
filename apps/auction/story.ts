/**
 * The auctions' demo: three servers, three people at clients of their own, two auctions at once, and a coordinator that is
 * killed in the middle of a round. What everybody was told is compared with what the logs, counted once more, say.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoCluster } from '../cli/demo-cluster.js';
import type { DemoPeer } from '../cli/demo-peer.js';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { until } from '../node/until.js';
import { type Recount, recount } from './recount.js';
import { StoryPerson } from './story-person.js';

const IN_EVERY_LOG_MS = 60_000;

type Tell = (step: string, words: string) => void;

interface Cast {
  readonly dee: StoryPerson;
  readonly ann: StoryPerson;
  readonly bob: StoryPerson;
}

/**
 * Plays it, telling each step.
 *
 * @throws ProgramFailure with what did not happen, or what differs.
 */
export async function playAuction(cluster: DemoCluster, tell: Tell): Promise<void> {
  const first = await cluster.form();
  tell('form', `three servers: ${cluster.peers.map((peer) => `${peer.id} at ${peer.listen()}`).join(', ')}`);
  tell('elect', first.words);
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-auction-'));
  const seeds = cluster.peers.map((peer) => peer.listen());
  const [dee, ann, bob] = ['dee', 'ann', 'bob'].map((name) => new StoryPerson(name, seeds, folder)) as [
    StoryPerson,
    StoryPerson,
    StoryPerson,
  ];
  try {
    await playWith({ dee, ann, bob }, cluster, tell);
  } finally {
    await Promise.all([dee, ann, bob].map((person) => person.end()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function playWith({ dee, ann, bob }: Cast, cluster: DemoCluster, tell: Tell): Promise<void> {
  for (const person of [dee, ann, bob]) await person.hears('following');
  tell('clients', 'dee, ann and bob, each a process of its own, follow the auctions');
  const bike = await offer(dee, 'a red bike', 2, [ann, bob]);
  tell(
    'create',
    `auction ${bike}: dee offers a red bike, two rounds; ann and bob take part, and dee starts it`,
  );
  const kite = await offer(bob, 'a blue kite', 1, [ann, dee]);
  tell('create', `auction ${kite}: bob offers a blue kite, one round; ann and dee take part`);

  await bid(ann, bike, 100, 1);
  await bid(dee, kite, 500, 1);
  await checkSealed(cluster, 2);
  tell('bid', 'ann bids for the bike, dee for the kite: in every log there are two seals, and no amount');

  const victim = await killCoordinator(cluster, tell);
  bob.type(`bid ${bike} 120`);
  ann.type(`bid ${kite} 400`);
  tell('bid', 'bob and ann bid while nobody coordinates');
  const changed = await Promise.all([dee, ann, bob].map((person) => person.hears('leader_changed')));
  tell(
    'elect',
    `all three are told LEADER_CHANGED: ${changed[0]?.coordinator} coordinates; nothing is typed again`,
  );

  const round = await ann.hears('round_complete', { auction: bike, round: 1 });
  tell('reveal', `round 1 for the bike: ${(round.bids as readonly string[]).join(', ')}`);
  await Promise.all([bid(ann, bike, 70, 2), bid(bob, bike, 40, 2)]);
  const won = [
    await ann.hears('auction_winner', { auction: bike }),
    await bob.hears('auction_loser', { auction: bike }),
    await dee.hears('auction_winner', { auction: kite }),
    await ann.hears('auction_loser', { auction: kite }),
  ];
  tell(
    'close',
    'ann is told AUCTION_WINNER for the bike, with 170; dee for the kite, with 500; the others AUCTION_LOSER',
  );

  await cluster.restart(victim);
  tell('restart', `${victim.id} is back, with its journal`);
  const results = await untilCounted(cluster, [bike, kite]);
  check(results, bike, { item: 'a red bike', end: 'closed', winner: { name: 'ann', total: 170 } });
  check(results, kite, { item: 'a blue kite', end: 'closed', winner: { name: 'dee', total: 500 } });
  if (won.some((told) => told.total !== results.get(String(told.auction))?.winner?.total))
    throw new ProgramFailure(EXIT.failed, 'somebody was told another sum than the logs say');
  tell(
    'check',
    'counted once more from the log of each of the three servers: the same winners, the same sums',
  );
}

/** Offers an item, has `bidders` join, and begins. @returns the auction's number. */
async function offer(
  auctioneer: StoryPerson,
  item: string,
  rounds: number,
  bidders: readonly StoryPerson[],
): Promise<string> {
  auctioneer.type(`create "${item}" 10 ${rounds} ${bidders.length}`);
  const auction = String((await auctioneer.hears('auction_announced', { item })).auction);
  for (const bidder of bidders) {
    await bidder.hears('auction_announced', { auction });
    bidder.type(`join ${auction}`);
  }
  await auctioneer.hears('auction_ready', { auction });
  auctioneer.type(`start ${auction}`);
  await Promise.all(bidders.map((bidder) => bidder.hears('round_start', { auction, round: 1 })));
  return auction;
}

async function bid(bidder: StoryPerson, auction: string, amount: number, round: number): Promise<void> {
  await bidder.hears('round_start', { auction, round });
  bidder.type(`bid ${auction} ${amount}`);
  await bidder.hears('bid_submit', { auction, round });
}

/** @throws ProgramFailure when the log of a server tells an amount or a nonce. */
async function checkSealed(cluster: DemoCluster, seals: number): Promise<void> {
  for (const peer of cluster.peers) {
    const log = await until(`the seals in the log of ${peer.id}`, IN_EVERY_LOG_MS, async () => {
      const text = JSON.stringify(await peer.log());
      return text.split('"seal"').length - 1 === seals && text;
    });
    if (/"(amount|nonce)"/.test(log))
      throw new ProgramFailure(EXIT.failed, `the log of ${peer.id} tells what should be sealed`);
  }
}

async function killCoordinator(cluster: DemoCluster, tell: Tell): Promise<DemoPeer> {
  const { leader } = await cluster.agreement('a coordinator');
  const victim = cluster.peer(leader);
  if (victim === undefined) throw new Error(`there is no server ${leader}`);
  await victim.kill();
  tell('kill', `kill -9 of ${leader}, the coordinator, in the middle of both rounds`);
  return victim;
}

type Results = ReadonlyMap<string, Recount>;

/** Waits until those auctions are over in every log, and all logs say the same. */
function untilCounted(cluster: DemoCluster, ids: readonly string[]): Promise<Results> {
  return until('the same results in every log', IN_EVERY_LOG_MS, async () => {
    const counted = await Promise.all(
      cluster.peers.map(async (peer) => recount(await peer.log().catch(() => []))),
    );
    const texts = counted.map((results) => JSON.stringify([...results]));
    const [first] = counted;
    const isOver = ids.every((id) => first?.get(id) !== undefined && first.get(id)?.end !== 'running');
    return isOver && texts.every((text) => text === texts[0]) && first;
  });
}

function check(results: Results, id: string, expected: Recount): void {
  const found = JSON.stringify(results.get(id));
  if (found === JSON.stringify(expected)) return;
  throw new ProgramFailure(
    EXIT.failed,
    `auction ${id}: the logs say ${found}, not ${JSON.stringify(expected)}`,
  );
}
