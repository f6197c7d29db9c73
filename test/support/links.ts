/** Links of two peers on a network in memory, and strangers who dial them with bare hands. */
import { createActor, setup } from 'xstate';
import { type LinkCommand, type LinkFact, type LinkInput, linkLogic } from '../../actors/link.js';
import { MemoryNetwork } from '../../transport/memory.js';
import { LIMITS, type LinkMessage, type Member, type Message } from '../../transport/protocol.js';
import type { Channel, Transport } from '../../transport/transport.js';
import { VirtualClock } from '../../transport/virtual-clock.js';

export const memberOf = (id: string, incarnation = `of-${id}`): Member => ({
  id,
  incarnation,
  address: `${id}:1`,
  priority: 0,
});
const greetingOf = (type: 'link.hello' | 'link.welcome', member: Member): LinkMessage => ({
  type,
  from: member.id,
  version: 1,
  cluster: 'blue',
  clusterId: null,
  mode: 'safe',
  member,
});
export const hello = (id: string, incarnation?: string) =>
  greetingOf('link.hello', memberOf(id, incarnation));
export const welcome = (id: string) => greetingOf('link.welcome', memberOf(id));
export const start = (from: string, round: number): Message => ({ type: 'election.start', from, round });

/** A link with a parent that writes down what it is told. */
function linkOf(me: string, transport: Transport, presence?: LinkInput['presence']) {
  const facts: LinkFact[] = [];
  const counters: Record<string, number> = {};
  const count = (name: string, by = 1) => {
    counters[name] = (counters[name] ?? 0) + by;
  };
  const parent = createActor(
    setup({ types: { events: {} as LinkFact }, actors: { link: linkLogic } }).createMachine({
      invoke: { id: 'link', src: 'link', input: { transport, me, count, ...(presence && { presence }) } },
      on: { '*': { actions: ({ event }) => facts.push(event) } },
    }),
  ).start();
  return {
    facts,
    counters,
    tell: (command: LinkCommand) => parent.getSnapshot().children.link?.send(command),
    /** What was told since the last time. */
    told: () => facts.splice(0),
    stop: () => parent.stop(),
  };
}

type LinkUnderTest = ReturnType<typeof linkOf>;

/**
 * Links of peers 1 and 2, each listening at `ID:1`, and a stranger who may dial them with bare hands.
 *
 * @param presenceMs - how often they tell at most that a peer is heard; never, where it is left out.
 */
export function world(presenceMs?: number) {
  const clock = new VirtualClock();
  const presence = presenceMs === undefined ? undefined : { now: clock.now, everyMs: presenceMs };
  const network = new MemoryNetwork({ clock, queueBytesMax: 4 * LIMITS.frameBytesMax });
  const p1 = linkOf('1', network.transport('1'), presence);
  const p2 = linkOf('2', network.transport('2'), presence);
  const settle = () => clock.advance(100);
  for (const [link, address] of [
    [p1, '1:1'],
    [p2, '2:1'],
  ] as const)
    link.tell({ type: 'listen', address });
  settle();
  p1.told();
  p2.told();
  return {
    clock,
    network,
    p1,
    p2,
    settle,
    stranger: () => strangerTo(network.transport('stranger'), settle),
  };
}

export type World = ReturnType<typeof world>;

/** Dials peer 2 with bare hands. */
function strangerTo(transport: Transport, settle: () => void) {
  const heard: string[] = [];
  const channel: Channel = transport.dial('2:1', {
    opened: () => {},
    received: (frame) => void heard.push(frame),
    closed: (reason) => void heard.push(reason),
  });
  settle();
  const say = (...frames: string[]) => {
    for (const frame of frames) channel.send(frame);
    settle();
  };
  return { heard, say, close: () => channel.close() };
}

/** Peer 1 dials peer 2, and both greet, by hand. */
export function greet({ p1, p2, settle }: World) {
  p1.tell({ type: 'dial', connection: 'k', address: '2:1' });
  settle();
  p1.tell({ type: 'greet', connection: 'k', message: hello('1') });
  settle();
  p2.tell({ type: 'greet', connection: 'accepted:1', message: welcome('2') });
  p2.tell({ type: 'bind', connection: 'accepted:1', remote: memberOf('1') });
  settle();
  p1.tell({ type: 'bind', connection: 'k', remote: memberOf('2') });
}

/** A stranger who is taken for peer `id` by peer 2. */
export function boundStranger({ p2, stranger }: World, connection: string, id: string) {
  const hands = stranger();
  hands.say(JSON.stringify(hello(id)));
  p2.tell({ type: 'bind', connection, remote: memberOf(id) });
  p2.told();
  return hands;
}

export const send = (link: LinkUnderTest, to: string[], ...messages: Message[]) => {
  for (const message of messages) link.tell({ type: 'send', to, message });
};
