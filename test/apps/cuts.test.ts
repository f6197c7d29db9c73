/** A network that can be cut at one peer: frames vanish one way or both, channels stay open, and it heals. */
import { type Cut, Cuts } from '../../apps/node/cuts.js';
import { encodeGreeting, MemoryNetwork, type Transport, VirtualClock } from '../../transport/index.js';
import { hello, welcome } from '../support/links.js';

const GREETINGS = { hello: encodeGreeting(hello('2')), welcome: encodeGreeting(welcome('2')) };

/** Peer 3, whose network can be cut, and others with bare hands. */
function world() {
  const clock = new VirtualClock();
  const network = new MemoryNetwork({ clock });
  const cuts = new Cuts();
  const settle = () => clock.advance(100);
  const heard = { at3: [] as string[], there: [] as string[], ends: [] as string[] };
  const three = cuts.over(network.transport('3'));
  const listen = (transport: Transport, address: string, frames: string[], greeting?: string) =>
    transport.listen(address, {
      listening: () => {},
      failed: ({ detail }) => {
        throw new Error(detail);
      },
      accepted: (channel) => {
        if (greeting !== undefined) channel.send(greeting);
        return {
          received: (frame) => {
            frames.push(frame);
            if (greeting === undefined) channel.send(`answer to ${frame}`);
          },
          closed: (reason) => void heard.ends.push(reason),
        };
      },
    });
  const dialThree = (greeting: string) => {
    const channel = network.transport('2').dial('3:1', {
      opened: () => channel.send(greeting),
      received: (frame) => void heard.there.push(frame),
      closed: (reason) => void heard.ends.push(reason),
    });
    settle();
    return channel;
  };
  return {
    heard,
    settle,
    cut: (direction: Cut['direction'], peers: readonly string[] = ['2']) =>
      cuts.add({ peers, addresses: peers.map((id) => `${id}:1`), direction }),
    /** Peer 3 listens, and `greeting` dials it. */
    dialled: (greeting = GREETINGS.hello) => {
      listen(three, '3:1', heard.at3);
      settle();
      return dialThree(greeting);
    },
    dialAgain: () => dialThree(GREETINGS.hello),
    /** Peer 2 listens, greets at once, and 3 dials it. */
    dialling: () => {
      listen(network.transport('2'), '2:1', heard.there, GREETINGS.welcome);
      settle();
      const channel = three.dial('2:1', {
        opened: () => channel.send('hello'),
        received: (frame) => void heard.at3.push(frame),
        closed: (reason) => void heard.ends.push(reason),
      });
      settle();
      return channel;
    },
  };
}

describe('a cut', () => {
  it.each([
    ['in', [], []],
    ['out', ['during'], []],
    ['both', [], []],
  ] as const)(
    '%s loses what a peer that has dialled says, or hears, until it heals',
    (direction, at3, there) => {
      const { dialled, cut, settle, heard } = world();
      const channel = dialled();
      expect(heard).toEqual({ at3: [GREETINGS.hello], there: [`answer to ${GREETINGS.hello}`], ends: [] });
      heard.at3.length = 0;
      heard.there.length = 0;

      const heal = cut(direction);
      channel.send('during');
      settle();
      expect(heard).toEqual({ at3, there, ends: [] });
      heal();
      channel.send('after');
      settle();

      expect(heard).toEqual({ at3: [...at3, 'after'], there: [...there, 'answer to after'], ends: [] });
    },
  );

  it('out lets in what others say', () => {
    const { dialling, cut, settle, heard } = world();
    const channel = dialling();

    cut('out');
    channel.send('unheard');
    settle();

    expect(heard).toEqual({ at3: [GREETINGS.welcome], there: ['hello'], ends: [] });
  });

  it('holds for who is dialled meanwhile, known by its address before it has greeted', () => {
    const { dialling, cut, settle, heard } = world();
    const heal = cut('both');

    const channel = dialling();
    heal();
    channel.send('for a greeting this would be taken');
    settle();

    expect(heard).toEqual({ at3: [], there: [], ends: [] });
  });

  it('holds for who dials meanwhile, and is over for who dials again', () => {
    const { dialled, dialAgain, cut, settle, heard } = world();
    const heal = cut('in');

    const channel = dialled();
    heal();
    channel.send('for a greeting this would be taken');
    settle();
    expect(heard).toEqual({ at3: [], there: [], ends: [] });
    dialAgain();

    expect(heard.at3).toEqual([GREETINGS.hello]);
  });

  it('loses the answer to a greeting, and all that would follow it', () => {
    const { dialled, cut, settle, heard } = world();
    const heal = cut('out');

    const channel = dialled();
    heal();
    channel.send('and this');
    settle();

    expect(heard).toEqual({ at3: [GREETINGS.hello, 'and this'], there: [], ends: [] });
  });

  it('is about nobody else: another peer, a client, or who greets with what is no greeting', () => {
    for (const greeting of [
      encodeGreeting(hello('1')),
      encodeGreeting({ type: 'link.visit', from: '~0123456789abcdef', version: 1, cluster: 'blue' }),
      'what?',
    ]) {
      const { dialled, cut, settle, heard } = world();
      cut('both', ['2']);
      const channel = dialled(greeting);

      channel.send('heard');
      settle();

      expect(heard.at3).toEqual([greeting, 'heard']);
      expect(heard.there).toHaveLength(2);
    }
  });

  it('ends no other that takes the same, and tells nobody when channels close', () => {
    const { dialled, cut, settle, heard } = world();
    const channel = dialled();

    const heal = cut('both');
    cut('in', ['1', '2']);
    heal();
    channel.send('still unheard');
    channel.close();
    settle();

    expect(heard.at3).toEqual([GREETINGS.hello]);
    expect(heard.ends).toEqual(['closed-there']);
  });
});
