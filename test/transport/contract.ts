/** What transport.ts promises, checked of any transport. */
import { type Address, LIMITS } from '../../transport/protocol.js';
import type { Channel, CloseReason, ListenProblem, Transport } from '../../transport/transport.js';

/** Somewhere transports can be tried. */
export interface Ground {
  /** The network as one more process on the same host sees it. */
  process(): Transport;
  /** Where any of them may listen, port 0. */
  readonly anywhere: Address;
  /** Goes on until `holds`. */
  until(holds: () => boolean): Promise<void>;
  /** Goes on until all that is under way has arrived. */
  settle(): Promise<void>;
}

/** One end of a channel, and all that was heard there. */
interface End {
  channel: Channel;
  readonly frames: string[];
  readonly closings: CloseReason[];
  isOpen: boolean;
}

interface Door {
  readonly ends: End[];
  readonly addresses: Address[];
  readonly problems: ListenProblem[];
}

const endOf = (channel: Channel, isOpen: boolean): End => ({ channel, frames: [], closings: [], isOpen });

const hearingOf = (end: () => End) => ({
  received: (frame: string) => void end().frames.push(frame),
  closed: (reason: CloseReason) => void end().closings.push(reason),
});

function listen(transport: Transport, address: Address): Door {
  const door: Door = { ends: [], addresses: [], problems: [] };
  transport.listen(address, {
    listening: (bound) => void door.addresses.push(bound),
    failed: (problem) => void door.problems.push(problem),
    accepted: (channel) => {
      const end = endOf(channel, true);
      door.ends.push(end);
      return hearingOf(() => end);
    },
  });
  return door;
}

function dial(transport: Transport, address: Address): End {
  const end: End = endOf(
    transport.dial(address, {
      ...hearingOf(() => end),
      opened: () => {
        end.isOpen = true;
      },
    }),
    false,
  );
  return end;
}

/** The contract suite: `make` prepares a ground, `close` clears it. */
export function transportContract(
  name: string,
  make: (options: { readonly queueBytesMax: number }) => Ground,
  close: (transports: readonly Transport[], ground: Ground) => Promise<void>,
): void {
  describe(`${name} keeps the contract of a transport`, () => {
    let ground: Ground;
    let transports: Transport[];

    beforeEach(() => {
      ground = make({ queueBytesMax: 2 * LIMITS.frameBytesMax });
      transports = [];
    });

    afterEach(() => close(transports, ground));

    const start = () => {
      const transport = ground.process();
      transports.push(transport);
      return transport;
    };

    const listening = async (transport = start()) => {
      const door = listen(transport, ground.anywhere);
      await ground.until(() => door.addresses.length > 0);
      return { door, address: door.addresses[0] ?? '' };
    };

    /** A channel, from both ends, between two processes. */
    const connected = async (dialler = start()): Promise<readonly [End, End]> => {
      const { door, address } = await listening();
      const here = dial(dialler, address);
      await ground.until(() => here.isOpen && door.ends.length > 0);
      const [there] = door.ends;
      if (there === undefined) throw new Error('nobody was accepted');
      return [here, there];
    };

    it('names the port it has chosen for port 0', async () => {
      const { address } = await listening();

      expect(address).toMatch(/:[1-9]\d*$/);
      expect(address.split(':')[0]).toBe(ground.anywhere.split(':')[0]);
    });

    it('carries frames both ways, whole and in order', async () => {
      const frames = Array.from({ length: 200 }, (_, number) => `${number} – ${'ü€😀'.repeat(number)}`);
      const [here, there] = await connected();

      for (const frame of frames) here.channel.send(frame);
      await ground.until(() => there.frames.length === frames.length);
      for (const frame of there.frames) there.channel.send(frame);
      await ground.until(() => here.frames.length === frames.length);

      expect(there.frames).toEqual(frames);
      expect(here.frames).toEqual(frames);
    });

    it('carries a frame exactly as it is', async () => {
      const frame = '\uFEFF {"a":"\\u0000"}\r\n\u2028 ';
      const [here, there] = await connected();

      here.channel.send(frame);
      await ground.until(() => there.frames.length > 0);

      expect(there.frames).toEqual([frame]);
    });

    it('calls back later, never from within the call that asked', async () => {
      const transport = start();

      const door = listen(transport, ground.anywhere);
      const inListen = door.addresses.length;
      await ground.until(() => door.addresses.length > 0);
      const end = dial(transport, door.addresses[0] ?? '');
      const inDial = [end.isOpen, door.ends.length];
      await ground.until(() => end.isOpen && door.ends.length > 0);
      end.channel.send('hello');
      const inSend = door.ends[0]?.frames.length;

      expect([inListen, inDial, inSend]).toEqual([0, [false, 0], 0]);
    });

    it('sends nothing before a channel is open', async () => {
      const { door, address } = await listening();

      const here = dial(start(), address);
      here.channel.send('too early');
      await ground.until(() => here.isOpen && door.ends.length > 0);
      here.channel.send('in time');
      await ground.until(() => (door.ends[0]?.frames.length ?? 0) > 0);

      expect(door.ends[0]?.frames).toEqual(['in time']);
    });

    it('says `refused` where nobody listens', async () => {
      const transport = start();
      const { address } = await listening(transport);
      await new Promise<void>((done) => {
        transport.close(done);
        void ground.settle();
      });

      const end = dial(start(), address);
      await ground.until(() => end.closings.length > 0);

      expect(end.closings).toEqual(['refused']);
      expect(end.isOpen).toBe(false);
    });

    it('says `unreachable` of what is no address', async () => {
      for (const address of ['nowhere', '', 'a<b:1', 'p1:99999', '[g]:1']) {
        const end = dial(start(), address);
        await ground.until(() => end.closings.length > 0);

        expect([address, end.closings]).toEqual([address, ['unreachable']]);
      }
    });

    it('says `port-in-use` of a port that another process has', async () => {
      const { address } = await listening();

      const door = listen(start(), address);
      await ground.until(() => door.problems.length > 0);

      expect(door.problems).toEqual([
        { code: 'port-in-use', detail: `another process listens at ${address}` },
      ]);
      expect(door.addresses).toEqual([]);
    });

    it('says `bad-address` of an address where it cannot listen', async () => {
      for (const address of ['nowhere', '203.0.113.1:0']) {
        const door = listen(start(), address);
        await ground.until(() => door.problems.length > 0);

        expect(door.problems[0]?.code).toBe('bad-address');
        expect(door.problems[0]?.detail).toContain(address);
      }
    });

    it('tells the other side of a close once, and not its own', async () => {
      const [here, there] = await connected();

      here.channel.send('last words');
      here.channel.close();
      here.channel.close();
      await ground.until(() => there.closings.length > 0);
      await ground.settle();

      expect(there.frames).toEqual(['last words']);
      expect(there.closings).toEqual(['closed-there']);
      expect(here.closings).toEqual([]);
    });

    it('lets the side that was dialled close as well, from the first moment', async () => {
      const transport = start();
      const addresses: Address[] = [];
      const heard: string[] = [];
      transport.listen(ground.anywhere, {
        listening: (bound) => void addresses.push(bound),
        failed: () => {},
        accepted: (channel) => {
          channel.send('no');
          channel.close();
          return {
            received: (frame) => void heard.push(frame),
            closed: (reason) => void heard.push(reason),
          };
        },
      });
      await ground.until(() => addresses.length > 0);

      const here = dial(start(), addresses[0] ?? '');
      await ground.until(() => here.closings.length > 0);
      await ground.settle();

      expect(here.frames).toEqual(['no']);
      expect(here.closings).toEqual(['closed-there']);
      expect(heard).toEqual([]);
    });

    it('hears nothing more of a channel it has closed', async () => {
      const [here, there] = await connected();

      here.channel.close();
      there.channel.send('into the void');
      await ground.until(() => there.closings.length > 0);
      await ground.settle();

      expect(here.frames).toEqual([]);
    });

    it('says nothing of a dialled channel closed before it was open', async () => {
      const { address } = await listening();

      const here = dial(start(), address);
      here.channel.close();
      await ground.settle();

      expect([here.isOpen, here.closings]).toEqual([false, []]);
    });

    it('passes a frame of the largest size, and breaks off at a larger one', async () => {
      const largest = 'x'.repeat(LIMITS.frameBytesMax);
      const [here, there] = await connected();

      here.channel.send(largest);
      await ground.until(() => there.frames.length > 0);
      here.channel.send(`${'ü'.repeat(LIMITS.frameBytesMax / 2)}!`);
      await ground.until(() => there.closings.length > 0 && here.closings.length > 0);
      await ground.settle();

      expect(there.frames.map((frame) => frame === largest)).toEqual([true]);
      expect([here.closings, there.closings]).toEqual([['frame-too-large'], ['frame-too-large']]);
    });

    it('breaks off with `queue-full` rather than let a queue grow', async () => {
      const frame = 'x'.repeat(LIMITS.frameBytesMax / 2);
      const [here, there] = await connected();

      for (let sent = 0; sent < 40; sent += 1) here.channel.send(frame);
      const inSend = here.closings.length;
      await ground.until(() => here.closings.length > 0 && there.closings.length > 0);
      await ground.settle();

      expect(inSend).toBe(0);
      expect([here.closings, there.closings]).toEqual([['queue-full'], ['closed-there']]);
      expect(there.frames.length).toBeLessThan(40);
    });

    it('defers a task to the end of the turn', async () => {
      const order: string[] = [];

      start().defer(() => void order.push('deferred'));
      order.push('turn');
      await ground.until(() => order.length === 2);

      expect(order).toEqual(['turn', 'deferred']);
    });

    it('closes all it has at once, says so, and leaves its port free', async () => {
      const closing = start();
      const { door, address } = await listening(closing);
      const [here, there] = await connected(closing);
      const inbound = dial(start(), address);
      await ground.until(() => inbound.isOpen && door.ends.length > 0);

      let isDone = false;
      closing.close(() => {
        isDone = true;
      });
      await ground.until(() => isDone && there.closings.length > 0 && inbound.closings.length > 0);
      const again = listen(start(), address);
      await ground.until(() => again.addresses.length > 0);

      expect([there.closings, inbound.closings]).toEqual([['closed-there'], ['closed-there']]);
      expect([here.closings, door.ends[0]?.closings]).toEqual([[], []]);
      expect(again.addresses).toEqual([address]);
    });
  });
}
