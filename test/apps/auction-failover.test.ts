/** Coordinators killed in every state of an auction, with real clients, in virtual time: it ends as its log says. */
import type { PeerOptionsInput } from '../../actors/index.js';
import type { Waits } from '../../apps/auction/auction-rules.js';
import { type Follower, followAuctions } from '../../apps/auction/follower.js';
import { phaseOf } from '../../apps/auction/life.js';
import { type News, newsOf } from '../../apps/auction/news.js';
import { type Answer, type Participant, takePart } from '../../apps/auction/participant.js';
import { recount } from '../../apps/auction/recount.js';
import { auctions } from '../../apps/auction/replica.js';
import { type Auctions, lifeOf } from '../../apps/auction/state.js';
import { openStrongbox, type Strongbox } from '../../apps/auction/strongbox.js';
import { tellingOf } from '../../apps/auction/words.js';
import { clientOf } from '../support/clients.js';
import { type Cluster, startCluster } from '../support/cluster.js';

const WAITS: Waits = { joinMs: 60_000, confirmMs: 30_000, bidMs: 20_000, revealMs: 10_000 };
/** For those who wait for the end of them; longer than it takes to find another coordinator. */
const SHORT: Waits = { joinMs: 6000, confirmMs: 5000, bidMs: 4000, revealMs: 3000 };

interface Person {
  readonly part: Participant;
  readonly follower: Follower;
  readonly box: Strongbox;
  readonly told: string[];
  readonly failures: unknown[];
  /** Does nothing by itself until it goes on. */
  hold(): void;
  goOn(): void;
  /** The process is gone. */
  vanish(): void;
}

class Hall {
  readonly cluster: Cluster;
  #people = 0;

  constructor(seed: number, options: Partial<PeerOptionsInput> = {}) {
    this.cluster = startCluster(['1', '2', '3'], { seed, options });
    for (const peer of this.cluster.peers.values()) peer.replica(auctions);
  }

  person(name: string, box: Strongbox = openStrongbox(null, 'bullpen', name)): Person {
    this.#people += 1;
    const client = clientOf(this.cluster, { host: `c${this.#people}` });
    const told: string[] = [];
    const failures: unknown[] = [];
    let isHolding = false;
    const hear = (news: readonly News[]) => {
      for (const one of news) {
        const telling = tellingOf(one, part.me);
        if (telling !== null) told.push(telling.event);
      }
      if (!isHolding) part.attend();
    };
    const follower = followAuctions(
      client,
      ({ before, state }) => hear(newsOf(before, state)),
      (problem) => failures.push(problem),
    );
    const part = takePart(client, box, follower, () => {});
    client.on('coordinator', ({ coordinator }) => {
      if (coordinator !== null) told.push(`leader ${coordinator}`);
    });
    return {
      ...{ part, follower, box, told, failures },
      hold: () => {
        isHolding = true;
      },
      goOn: () => {
        isHolding = false;
        part.attend();
      },
      vanish: () => {
        isHolding = true;
        follower.close();
        void client.stop();
      },
    };
  }

  /** Lets virtual time pass, and promises settle, until `test` holds. */
  async until(what: string, test: () => boolean, limitMs = 30_000): Promise<void> {
    const end = this.cluster.clock.now() + limitMs;
    while (!test()) {
      if (this.cluster.clock.now() >= end) throw new Error(`in vain: ${what}\n${this.cluster.picture()}`);
      this.cluster.advance(20);
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    }
  }

  async settled<Value>(promise: Promise<Value>): Promise<Value> {
    const settled: Value[] = [];
    promise.then((value) => settled.push(value));
    await this.until('an answer', () => settled.length > 0);
    return settled[0] as Value;
  }

  async ok(asked: Promise<Answer>): Promise<string> {
    const answer = await this.settled(asked);
    expect(answer).toMatchObject({ ok: true });
    return answer.ok ? answer.auction : '';
  }

  /** Of a peer that lives; all that do must agree. */
  state(): Auctions {
    const [first, ...others] = [...this.cluster.peers.values()].map((peer) => peer.replica(auctions).state());
    if (first === undefined) throw new Error('nobody lives');
    for (const other of others) if (other.next !== first.next) throw new Error('they differ');
    return first;
  }

  phase(id: string): string | undefined {
    const life = lifeOf(this.state(), id);
    return life && phaseOf(life);
  }

  async kill(): Promise<void> {
    const leader = this.cluster.coordinator() ?? '';
    this.cluster.crash(leader);
    await this.until('another coordinates', () => ![null, leader].includes(this.cluster.coordinator()));
  }

  /** The winner as everybody has it, and as the log, counted once more, has it. */
  async result(id: string) {
    await this.until(
      'it is over everywhere',
      () =>
        [...this.cluster.peers.values()].every((peer) =>
          peer
            .replica(auctions)
            .state()
            .closed.some(({ context }) => context.id === id),
        ),
      200_000,
    );
    const states = [...this.cluster.peers.values()].map((peer) => peer.replica(auctions).state());
    for (const state of states) expect(state).toEqual(states[0]);
    const [peer] = this.cluster.peers.values();
    const counted = recount(peer?.history({ limit: Number.MAX_SAFE_INTEGER }) ?? []).get(id);
    const life = lifeOf(this.state(), id);
    expect(counted).toEqual({
      item: life?.context.item,
      end: life?.value,
      winner: life?.context.winner ?? null,
    });
    return counted;
  }
}

/** Where the coordinator is killed: what has happened by then. */
const PLACES = [
  ...['announced', 'open', 'confirming', 'bidding', 'half sealed', 'revealing', 'half revealed'],
  'second round',
] as const;

/** Three who follow: dee offers, ann and bob are to bid. */
async function company(hall: Hall): Promise<[Person, Person, Person]> {
  const people = ['dee', 'ann', 'bob'].map((name) => hall.person(name)) as [Person, Person, Person];
  for (const { follower } of people) await hall.settled(follower.reaches(1));
  return people;
}

/** An auction of two rounds in which ann bids 100 and 80, bob 110 and 60, as far as `end`; `at` is called at each place. */
async function play(
  hall: Hall,
  [dee, ann, bob]: readonly [Person, Person, Person],
  at: (place: string) => Promise<unknown>,
  waits = WAITS,
): Promise<string> {
  const isOpened = (name: string) => () =>
    lifeOf(hall.state(), id)?.context.envelopes.some((one) => one.name === name && one.amount !== null) ??
    false;
  const id = await hall.ok(dee.part.create({ item: 'lot', minBid: 10, rounds: 2, bidders: 2 }, waits));
  await at('announced');
  await hall.ok(ann.part.join(id));
  await at('open');
  await hall.ok(bob.part.join(id));
  await at('confirming');
  await hall.ok(dee.part.start(id));
  await at('bidding');
  for (const { hold } of [ann, bob]) hold();
  await hall.ok(ann.part.bid(id, 100));
  await at('half sealed');
  await hall.ok(bob.part.bid(id, 110));
  await at('revealing');
  ann.goOn();
  await hall.until('ann has revealed', isOpened('ann'));
  await at('half revealed');
  bob.goOn();
  await hall.until('the second round', () => hall.phase(id) === 'bidding');
  await at('second round');
  await hall.ok(ann.part.bid(id, 80));
  await hall.ok(bob.part.bid(id, 60));
  return id;
}

const WHEN = PLACES.map((place, seed) => [place, seed + 1] as const);

describe('an auction whose coordinator is killed', () => {
  it.each(WHEN)(
    'while it is %s goes on with nothing typed again, to the right winner',
    async (place, seed) => {
      const hall = new Hall(seed);
      const people = await company(hall);
      const kill = async (now: string) => (now === place ? hall.kill() : undefined);

      const id = await play(hall, people, kill);

      expect(await hall.result(id)).toMatchObject({ end: 'closed', winner: { name: 'ann', total: 180 } });
      const [dee, ann, bob] = people;
      for (const { told, failures } of people) {
        expect(told).toContain('leader 2');
        expect(told.filter((event) => event === 'round_complete')).toHaveLength(2);
        expect(failures).toEqual([]);
      }
      expect([dee.told.at(-1), ann.told.at(-1), bob.told.at(-1)]).toEqual([
        'auction_closed',
        'auction_winner',
        'auction_loser',
      ]);
    },
  );

  const ENDS: Readonly<Record<string, object>> = {
    announced: { end: 'cancelled', winner: null },
    open: { end: 'cancelled', winner: null },
    confirming: { end: 'cancelled', winner: null },
    bidding: { end: 'closed', winner: null },
    'half sealed': { end: 'closed', winner: null },
    revealing: { end: 'closed', winner: null },
    'half revealed': { end: 'closed', winner: { name: 'ann', total: 100 } },
    'second round': { end: 'closed', winner: { name: 'bob', total: 110 } },
  };

  it.each(WHEN)(
    'while it is %s, together with everybody in it, ends by its deadlines',
    async (place, seed) => {
      const hall = new Hall(seed + 20);
      const people = await company(hall);
      const gone = new Error('all are gone');
      const end = async (now: string) => {
        if (now !== place) return;
        for (const { vanish } of people) vanish();
        await hall.kill();
        throw gone;
      };

      await expect(play(hall, people, end, SHORT)).rejects.toBe(gone);

      expect(await hall.result('1')).toMatchObject(ENDS[place] ?? {});
    },
  );

  it('again and again, and comes back, still ends as its log says', async () => {
    const hall = new Hall(50);
    const people = await company(hall);
    const bounce = async (place: string) => {
      if (!['open', 'half sealed', 'half revealed'].includes(place)) return;
      const leader = hall.cluster.coordinator() ?? '';
      await hall.kill();
      hall.cluster.start(leader).replica(auctions);
      await hall.until('it leads again', () => hall.cluster.coordinator() === leader);
    };

    const id = await play(hall, people, bounce);

    expect(await hall.result(id)).toMatchObject({ winner: { name: 'ann', total: 180 } });
    expect(hall.cluster.peers.size).toBe(3);
  });
});

describe('a bidder', () => {
  it('that starts again, with its strongbox, reveals what it had sealed, and sends again what had not arrived', async () => {
    const hall = new Hall(60);
    const [dee, ann, bob] = await company(hall);
    const id = await hall.ok(dee.part.create({ item: 'lot', minBid: 10, rounds: 1, bidders: 2 }, WAITS));
    await hall.ok(ann.part.join(id));
    await hall.ok(bob.part.join(id));
    await hall.ok(dee.part.start(id));
    await hall.ok(ann.part.bid(id, 100));
    ann.vanish();
    // Bob's bid is written down, but its process dies before anybody has heard of it.
    for (const server of ['1', '2', '3']) hall.cluster.network.cut('c3', server);
    void bob.part.bid(id, 90);
    bob.vanish();
    expect(bob.box.openings()).toHaveLength(1);

    const again = [hall.person('ann', ann.box), hall.person('bob', bob.box)];

    expect(await hall.result(id)).toMatchObject({ winner: { name: 'ann', total: 100 } });
    expect(lifeOf(hall.state(), id)?.context.bidders.map(({ tallies }) => tallies)).toEqual([[100], [90]]);
    expect(again.map(({ told }) => told.at(-1))).toEqual(['auction_winner', 'auction_loser']);
  });

  it('cannot be spoken for by another of the same name', async () => {
    const hall = new Hall(61);
    const [dee, ann, bob] = await company(hall);
    const impostor = hall.person('ann');
    await hall.settled(impostor.follower.reaches(1));
    const id = await hall.ok(dee.part.create({ item: 'lot', minBid: 10, rounds: 1, bidders: 2 }, WAITS));
    await hall.ok(ann.part.join(id));
    await hall.ok(bob.part.join(id));

    expect(await hall.settled(impostor.part.join(id))).toMatchObject({ code: 'name-taken' });
    await hall.ok(dee.part.start(id));
    expect(await hall.settled(impostor.part.bid(id, 1000))).toMatchObject({ code: 'not-a-bidder' });
  });

  it('that was away until what it had missed was gone looks again, and goes on', async () => {
    const hall = new Hall(62, { snapshotEvery: 20, trailing: 5 });
    const [dee, ann, bob] = await company(hall);
    const id = await hall.ok(dee.part.create({ item: 'lot', minBid: 10, rounds: 1, bidders: 2 }, WAITS));
    await hall.ok(ann.part.join(id));
    for (const server of ['1', '2', '3']) hall.cluster.network.cut('c2', server);
    await hall.ok(bob.part.join(id));
    for (let lot = 0; lot < 40; lot++)
      await hall.ok(dee.part.create({ item: `lot ${lot}`, minBid: 10 }, WAITS));
    expect(hall.cluster.peer('1').dropped()).toBeGreaterThan(10);

    hall.cluster.network.heal();
    await hall.until('ann knows', () => ann.follower.state().running.length === 41);
    expect(ann.told).toContain('auction_ready');
    expect(ann.told.filter((event) => event === 'auction_announced')).toHaveLength(41);
    await hall.ok(dee.part.start(id));
    await hall.ok(ann.part.bid(id, 100));
    await hall.ok(bob.part.bid(id, 90));

    await hall.until('it is over', () => hall.phase(id) === 'closed');
    expect(ann.told).toContain('auction_winner');
  });
});
