import fc from 'fast-check';
import { createActor, enqueueActions, setup } from 'xstate';
import { children } from '../../actors/children.js';
import { type LinkFact, linkLogic } from '../../actors/link.js';
import type { ConnectionInput } from '../../machines/connection.js';
import { MemoryNetwork } from '../../transport/memory.js';
import type { Address, Member, Message, PeerId } from '../../transport/protocol.js';
import type { Transport } from '../../transport/transport.js';
import { VirtualClock } from '../../transport/virtual-clock.js';

type SmallPeerEvent =
  | LinkFact
  | { readonly type: 'dial'; readonly key: string; readonly address: Address }
  | {
      readonly type: 'connection.opened' | 'connection.lost' | 'connection.refused';
      readonly remote: Member;
    };

const inputOf = (connection: string, address: Address | null, member: Member): ConnectionInput => ({
  connection,
  address,
  expected: null,
  introduction: { version: 1, cluster: 'blue', clusterId: null, mode: 'safe', member },
  client: null,
  hasRoom: true,
  patient: false,
  dialTimeoutMs: 1000,
  greetTimeoutMs: 1000,
  backOffMinMs: 100,
  backOffMaxMs: 1000,
  jitterSeed: 1,
});

/** A peer of a link and connections, and nothing else. */
const smallPeer = (member: Member, transport: Transport) =>
  setup({
    types: { events: {} as SmallPeerEvent },
    actors: { link: linkLogic, connection: children.connection },
  }).createMachine({
    invoke: {
      id: 'link',
      systemId: 'link',
      src: 'link',
      input: { transport, me: member.id, count: () => {} },
    },
    on: {
      dial: {
        actions: enqueueActions(({ enqueue, event: { key, address } }) =>
          enqueue.spawnChild('connection', { id: key as never, input: inputOf(key, address, member) }),
        ),
      },
      'channel.accepted': {
        actions: enqueueActions(({ enqueue, event: { connection } }) =>
          enqueue.spawnChild('connection', {
            id: connection as never,
            input: inputOf(connection, null, member),
          }),
        ),
      },
      'channel.*': {
        actions: enqueueActions(({ enqueue, event }) => enqueue.sendTo(event.connection, event as never)),
      },
      'link.*': {
        actions: enqueueActions(({ enqueue, event }) => {
          if ('connection' in event) enqueue.sendTo(event.connection, event as never);
        }),
      },
    },
  });

function startSmallPeer(id: PeerId, network: MemoryNetwork, clock: VirtualClock) {
  const heard: SmallPeerEvent[] = [];
  const member: Member = { id, incarnation: `of-${id}`, address: `${id}:1`, priority: 0 };
  const actor = createActor(smallPeer(member, network.transport(id)), {
    clock,
    inspect: (event) => {
      if (event.type === '@xstate.event' && event.actorRef === actor)
        heard.push(event.event as SmallPeerEvent);
    },
  });
  actor.start();
  const { link } = actor.getSnapshot().children;
  link?.send({ type: 'listen', address: member.address });
  const openings = (type: 'connection.opened' | 'connection.lost') =>
    heard.filter((event) => event.type === type && event.remote !== null).length;
  return {
    dial: (address: Address) => actor.send({ type: 'dial', key: `to ${address}`, address }),
    say: (to: PeerId, round: number) =>
      link?.send({ type: 'send', to: [to], message: { type: 'election.start', from: id, round } }),
    heard: (): Message[] => heard.filter((event) => event.type === 'election.start'),
    refusals: () => heard.filter((event) => event.type === 'connection.refused'),
    /** How often a channel of its has opened. */
    openings: () => openings('connection.opened'),
    /** How many are open. */
    open: () => openings('connection.opened') - openings('connection.lost'),
  };
}

describe('two peers that dial each other', () => {
  const latencies = fc.infiniteStream(fc.integer({ min: 0, max: 40 }));

  it('end with one channel, the same on both sides, however their greetings cross', () => {
    fc.assert(
      fc.property(latencies, fc.integer({ min: -100, max: 100 }), (latency, headStartMs) => {
        const clock = new VirtualClock();
        const network = new MemoryNetwork({ clock, latencyMs: () => latency.next().value });
        const [p1, p2] = ['1', '2'].map((id) => startSmallPeer(id, network, clock));
        if (p1 === undefined || p2 === undefined) throw new Error('two peers');
        clock.advance(1);

        clock.setTimeout(() => p1.dial('2:1'), 100);
        clock.setTimeout(() => p2.dial('1:1'), 100 + headStartMs);
        clock.advance(5000);
        p1.say('2', 1);
        p2.say('1', 2);
        clock.advance(100);

        expect([p1.open(), p2.open()]).toEqual([1, 1]);
        // Whoever binds the losing channel first sees it replaced; nobody has to dial again.
        expect(Math.max(p1.openings(), p2.openings())).toBeLessThanOrEqual(2);
        expect([p1.refusals(), p2.refusals()]).toEqual([[], []]);
        expect(p1.heard()).toEqual([{ type: 'election.start', from: '2', round: 2 }]);
        expect(p2.heard()).toEqual([{ type: 'election.start', from: '1', round: 1 }]);
      }),
      { numRuns: 100 },
    );
  });
});
