/** Replicas as a program holds them: what it is told of each step, and what a definition that throws does not do. */
import * as z from 'zod';
import { createPeer, defineReplica, type Peer, type ReplicaChange } from '../../actors/index.js';

interface Stock {
  readonly left: number;
  readonly refills: number;
}

const stock = defineReplica<Stock, { take: number }, number>({
  name: 'stock',
  command: z.object({ take: z.number().int() }),
  initial: () => ({ left: 10, refills: 0 }),
  apply: (state, { take }, { at }) => {
    if (take > state.left) throw new Error(`there are ${state.left} left`);
    const left = state.left - take;
    return { state: { ...state, left }, result: left, timers: left === 0 ? [{ name: 'refill', at }] : [] };
  },
  expire: ({ refills }) => ({ state: { left: 10, refills: refills + 1 } }),
});

describe('a replica', () => {
  let peer: Peer;
  beforeEach(async () => {
    peer = await createPeer({ id: '1', preset: 'fast', bootstrap: true, replicas: [stock] });
    await peer.ready({ timeoutMs: 10_000 });
  });
  afterEach(() => peer.stop());

  it('tells of each step in order: commands with what came of them, deadlines that passed', async () => {
    const changes: ReplicaChange<Stock, number>[] = [];
    const refilled = new Promise<void>((resolve) => {
      peer.replica(stock).watch((change) => {
        changes.push(change);
        if (change.cause === 'deadline') resolve();
      });
    });

    await peer.replica(stock).execute({ take: 4 });
    await peer.replica(stock).execute({ take: 6 });
    await refilled;

    expect(
      changes.map(({ cause, before, state, result }) => [cause, before.left, state.left, result]),
    ).toEqual([
      ['command', 10, 6, 6],
      ['command', 6, 0, 0],
      ['deadline', 0, 10, undefined],
    ]);
    expect(changes.map(({ origin }) => origin)).toEqual(['1', '1', '1']);
  });

  it('stays as it was when its definition throws at a command, and says so to whoever gave it', async () => {
    await expect(peer.replica(stock).execute({ take: 11 })).rejects.toMatchObject({
      code: 'bad-command',
      message: 'stock: there are 10 left',
    });
    expect(peer.replica(stock).state().left).toBe(10);
    expect((await peer.replica(stock).execute({ take: 1 })).result).toBe(9);
  });

  it('answers a retry with the same key with what came of the first', async () => {
    const first = await peer.replica(stock).execute({ take: 3 }, { key: 'order-7' });
    const second = await peer.replica(stock).execute({ take: 3 }, { key: 'order-7' });

    expect([first.result, second.result, peer.replica(stock).state().left]).toEqual([7, 7, 7]);
  });
});
