import { MemoryNetwork } from '../../transport/memory.js';
import type { CloseReason } from '../../transport/transport.js';
import { VirtualClock } from '../../transport/virtual-clock.js';
import { transportContract } from './contract.js';

transportContract(
  'the network in memory',
  ({ queueBytesMax }) => {
    const clock = new VirtualClock();
    const network = new MemoryNetwork({ clock, queueBytesMax });
    return {
      process: () => network.transport('host'),
      anywhere: 'host:0',
      until: async (holds) => {
        while (!holds()) if (!clock.runNext()) throw new Error('nothing is under way any more');
      },
      settle: async () => clock.advance(1000),
    };
  },
  async () => {},
);

/** Two hosts with an open channel between them, 10 ms apart. */
function aliceAndBob(latencyMs = () => 10) {
  const clock = new VirtualClock();
  const network = new MemoryNetwork({ clock, latencyMs });
  const heard = { alice: [] as string[], bob: [] as string[] };
  const hearing = (who: 'alice' | 'bob') => ({
    received: (frame: string) => void heard[who].push(`${clock.now()} ${frame}`),
    closed: (reason: CloseReason) => void heard[who].push(`${clock.now()} ${reason}`),
  });
  let bob: { send(frame: string): void } | null = null;
  network.transport('bob').listen('bob:1', {
    listening: () => {},
    failed: ({ detail }) => {
      throw new Error(detail);
    },
    accepted: (channel) => {
      bob = channel;
      return hearing('bob');
    },
  });
  const dialled = network.transport('alice').dial('bob:1', { ...hearing('alice'), opened: () => {} });
  clock.runUntil(100);
  return { clock, network, heard, alice: dialled, bob: { send: (frame: string) => bob?.send(frame) } };
}

describe('the network in memory', () => {
  it('takes as long as it is told, and never reorders', () => {
    const latencies = [1, 1, 50, 10, 1];
    const { clock, heard, alice } = aliceAndBob(() => latencies.shift() ?? 0);

    for (const frame of ['slow', 'faster', 'fast']) alice.send(frame);
    clock.advance(100);

    expect(heard.bob).toEqual(['150 slow', '150 faster', '150 fast']);
  });

  it('swallows everything when it forgets a channel and nobody hears of it', () => {
    const { clock, network, heard, alice, bob } = aliceAndBob();

    alice.send('under way');
    network.reset('alice', 'bob', { heardBy: 'nobody' });
    alice.send('into the void');
    bob.send('back');
    alice.close();
    clock.advance(60_000);

    expect(heard).toEqual({ alice: [], bob: [] });
  });

  it('holds what is sent over a cut path, unnoticed, and delivers it in order after healing', () => {
    const { clock, network, heard, alice, bob } = aliceAndBob();

    alice.send('under way');
    network.cut('alice', 'bob');
    alice.send('into the cut');
    bob.send('back');
    clock.runUntil(5000);
    const whileCut = structuredClone(heard);
    network.heal();
    alice.send('after');
    clock.runUntil(6000);

    expect(whileCut).toEqual({ alice: [], bob: [] });
    expect(heard).toEqual({
      alice: ['5010 back'],
      bob: ['5010 under way', '5010 into the cut', '5010 after'],
    });
  });

  it('cuts one way only when asked to', () => {
    const { clock, network, heard, alice, bob } = aliceAndBob();

    network.cutOneWay('alice', 'bob');
    alice.send('lost on bob');
    bob.send('heard');
    clock.runUntil(1000);

    expect(heard).toEqual({ alice: ['110 heard'], bob: [] });
  });

  it('tells of a close across a cut only after healing, behind what was sent before', () => {
    const { clock, network, heard, alice } = aliceAndBob();

    network.cut('alice', 'bob');
    alice.send('last words');
    alice.close();
    clock.runUntil(1000);
    const whileCut = [...heard.bob];
    network.heal();
    clock.runUntil(2000);

    expect(whileCut).toEqual([]);
    expect(heard.bob).toEqual(['1010 last words', '1010 closed-there']);
  });

  it('closes the channels of a crashed host at the others, and refuses whoever dials it', () => {
    const { clock, network, heard, alice, bob } = aliceAndBob();

    bob.send('last words');
    network.crash('bob');
    alice.send('too late');
    clock.runUntil(200);
    network.transport('alice').dial('bob:1', {
      opened: () => void heard.alice.push('opened'),
      received: () => {},
      closed: (reason) => void heard.alice.push(reason),
    });
    clock.runUntil(300);

    expect(heard).toEqual({ alice: ['110 last words', '110 closed-there', 'refused'], bob: [] });
  });

  it('runs nothing of a crashed process any more, and all of a restarted one', () => {
    const clock = new VirtualClock();
    const network = new MemoryNetwork({ clock });
    const ran: string[] = [];
    const first = network.transport('alice');

    first.defer(() => void ran.push('first'));
    const second = network.restart('alice');
    first.defer(() => void ran.push('first again'));
    second.defer(() => void ran.push('second'));
    clock.advance(10);

    expect(ran).toEqual(['second']);
  });

  it('draws its latency from the chance it is given', () => {
    const clock = new VirtualClock();
    const network = new MemoryNetwork({ clock, random: () => 0.25 });
    const closings: number[] = [];

    network.transport('alice').dial('bob:1', {
      opened: () => {},
      received: () => {},
      closed: () => void closings.push(clock.now()),
    });
    clock.advance(10);

    expect(closings).toEqual([1.5]);
  });
});
