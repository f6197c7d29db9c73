import * as z from 'zod';
import { defineReplica } from '../../actors/replica.js';
import { DEADLINES_MAX, Deadlines } from '../../actors/timekeeper.js';
import { type Cluster, startCluster } from '../support/cluster.js';

interface Auction {
  readonly closesAt: number | null;
  readonly bids: number;
  readonly closed: readonly { readonly at: number; readonly bids: number }[];
}

/** Each bid puts the end off by a second. */
const auction = defineReplica({
  name: 'auction',
  command: z.union([z.strictObject({ bid: z.number() }), z.strictObject({ $timer: z.unknown() })]),
  initial: (): Auction => ({ closesAt: null, bids: 0, closed: [] }),
  apply: (state, _, { at }) => ({
    state: { ...state, bids: state.bids + 1, closesAt: at + 1000 },
    result: state.bids + 1,
    timers: [{ name: 'close', at: at + 1000 }],
  }),
  expire: (state, _, { at }) => ({
    state: { ...state, closesAt: null, closed: [...state.closed, { at, bids: state.bids }] },
  }),
});

function openAuction(): Cluster {
  const cluster = startCluster(['1', '2', '3']);
  for (const peer of cluster.peers.values()) peer.replica(auction);
  return cluster;
}
const stateAt = (cluster: Cluster, id: string) => cluster.peer(id).replica(auction).state();
const bid = (cluster: Cluster, id: string) =>
  cluster.peer(id).offer('replica:auction', { bid: 1 }, {}, { resolve: () => {}, reject: () => {} });

describe('a deadline of a replica', () => {
  it('passes once, for all at one place of the log, and not before its time', () => {
    const cluster = openAuction();

    bid(cluster, '1');
    cluster.advance(900);
    expect(stateAt(cluster, '1')).toMatchObject({ bids: 1, closed: [] });
    cluster.until('it is closed', () => stateAt(cluster, '1').closed.length > 0, 500);
    cluster.advance(3000);

    const first = stateAt(cluster, '1');
    expect(first.closed).toHaveLength(1);
    for (const id of ['2', '3']) expect(stateAt(cluster, id)).toEqual(first);
    const bids = cluster.peer('1').history();
    expect(first.closed[0]?.at).toBeGreaterThanOrEqual((bids[0]?.at ?? 0) + 1000);
  });

  it('is moved by setting it again', () => {
    const cluster = openAuction();
    for (let second = 0; second < 5; second++) {
      bid(cluster, '2');
      cluster.advance(800);
    }

    expect(stateAt(cluster, '3').closed).toEqual([]);
    cluster.advance(1000);
    expect(stateAt(cluster, '3').closed).toMatchObject([{ bids: 5 }]);
  });

  it('is kept by the next coordinator when the one that waited for it dies', () => {
    const cluster = openAuction();
    bid(cluster, '1');
    cluster.advance(500);

    cluster.crash('3');
    cluster.until('it is closed', () => stateAt(cluster, '1').closed.length > 0);

    expect(stateAt(cluster, '2')).toEqual(stateAt(cluster, '1'));
  });

  it('does not pass because somebody says so before its time, nor twice', () => {
    const cluster = openAuction();
    bid(cluster, '1');
    cluster.advance(100);
    const at = stateAt(cluster, '1').closesAt;
    const forge = () =>
      cluster
        .peer('2')
        .offer(
          'replica:auction',
          { $timer: { name: 'close', at } },
          {},
          { resolve: () => {}, reject: () => {} },
        );

    forge();
    cluster.advance(300);
    expect(stateAt(cluster, '1').closed).toEqual([]);
    cluster.advance(2000);
    forge();
    cluster.advance(300);

    expect(stateAt(cluster, '1')).toMatchObject({ bids: 1, closed: [{ bids: 1 }] });
  });

  it('passes by the time of the log where the coordinator’s clock is behind', () => {
    const cluster = openAuction();
    bid(cluster, '1');
    cluster.advance(100);
    cluster.shiftWallClock('3', -5000);

    cluster.advance(3000);
    expect(stateAt(cluster, '1').closed).toEqual([]);
    cluster.until('it is closed', () => stateAt(cluster, '1').closed.length > 0);

    const [closed] = stateAt(cluster, '1').closed;
    expect(closed?.at).toBeGreaterThanOrEqual((cluster.peer('1').history()[0]?.at ?? 0) + 1000);
  });
});

describe('deadlines', () => {
  it('are set, moved, taken away, and passed once', () => {
    const deadlines = new Deadlines([['a', 5]]);
    deadlines.set([
      { name: 'b', at: 7 },
      { name: 'a', at: 9 },
      { name: 'c', at: 1 },
      { name: 'c', at: null },
    ]);
    const passed = (name: string, at: number) => ({ $timer: { name, at } });

    expect(deadlines.entries()).toEqual([
      ['a', 9],
      ['b', 7],
    ]);
    expect(deadlines.pass(passed('b', 7), 6)).toBeNull();
    expect(deadlines.pass(passed('b', 6), 8)).toBeNull();
    expect(deadlines.pass({ $timer: 'b' }, 8)).toBeNull();
    expect(deadlines.pass(passed('b', 7), 7)).toEqual({ name: 'b', at: 7 });
    expect(deadlines.pass(passed('b', 7), 9)).toBeNull();
  });

  it('are bounded', () => {
    const deadlines = new Deadlines();
    deadlines.set(Array.from({ length: DEADLINES_MAX + 5 }, (_, i) => ({ name: `${i}`, at: i })));
    deadlines.set([{ name: '3', at: 99 }]);

    expect(deadlines.entries()).toHaveLength(DEADLINES_MAX);
    expect(deadlines.entries()).toContainEqual(['3', 99]);
  });
});
