/** Channels over datagrams in virtual time: whatever a network does to datagrams, a channel keeps its promises. */
import fc from 'fast-check';
import { LIMITS } from '../../transport/protocol.js';
import { readDatagram, writeDatagram } from '../../transport/udp-datagram.js';
import { LOOSE_MAX } from '../../transport/udp-door.js';
import { PATIENCE_MS, TRIES_MIN, WINDOW_MAX } from '../../transport/udp-sending.js';
import { type Heard, LISTENER, Road, type Weather } from './udp-road.js';

const DIALLER = '10.0.0.2:40000';

const weathers: fc.Arbitrary<Weather> = fc.record({
  seed: fc.integer(),
  lost: fc.integer({ min: 0, max: 25 }),
  doubled: fc.integer({ min: 0, max: 25 }),
  latencyMs: fc.integer({ min: 1, max: 40 }),
});
/** Frames by their length, in characters of two bytes: none, one piece, many. */
const lengths = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1000, max: 30_000 })),
  { maxLength: 25 },
);
const framesOf = (sizes: readonly number[]) => sizes.map((size, at) => `${at}:${'ü'.repeat(size)}`);

/** A channel that is open at both ends. */
function connected(road: Road): readonly [Heard, Heard] {
  const here = road.dial(DIALLER);
  expect(road.until(() => here.isOpen && road.accepted.length > 0)).toBe(true);
  const [there] = road.accepted;
  if (there === undefined) throw new Error('nobody was accepted');
  road.pass(50);
  return [here, there];
}

describe('a channel over datagrams', () => {
  it('carries every frame once and in order, then says once that it is closed, in any weather', () => {
    fc.assert(
      fc.property(weathers, lengths, lengths, (weather, out, back) => {
        const road = new Road(weather);
        const door = road.listen();
        const here = road.dial(DIALLER);
        // A dialler gives up after five tries: in such weather it may have to dial again.
        if (!road.until(() => here.isOpen, 30_000)) return expect(here.closings).toEqual(['unreachable']);
        const [there] = road.accepted;
        for (const frame of framesOf(out)) here.channel?.send(frame);
        for (const frame of framesOf(back)) there?.channel?.send(frame);
        const all = () => here.frames.length >= back.length && (there?.frames.length ?? 0) >= out.length;
        expect(road.until(all)).toBe(true);
        here.channel?.close();
        expect(road.until(() => (there?.closings.length ?? 0) > 0 && door.conversations.length === 0)).toBe(
          true,
        );
        road.pass(60_000);

        expect(there?.frames).toEqual(framesOf(out));
        expect(here.frames).toEqual(framesOf(back));
        expect([here.closings, there?.closings]).toEqual([[], ['closed-there']]);
        expect(road.clock.nextDue).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it('lets go what was queued before it was closed, in any weather', () => {
    fc.assert(
      fc.property(weathers, lengths, (weather, sizes) => {
        const road = new Road(weather);
        road.listen((channel) => {
          for (const frame of framesOf(sizes)) channel.send(frame);
          channel.close();
        });

        const here = road.dial(DIALLER);
        road.until(() => here.closings.length > 0);

        if (here.isOpen) expect([here.frames, here.closings]).toEqual([framesOf(sizes), ['closed-there']]);
        else expect(here.closings).toEqual(['unreachable']);
      }),
      { numRuns: 40 },
    );
  });

  it('has no more under way than the other side holds, however much is queued', () => {
    const road = new Road();
    road.listen();
    const [here, there] = connected(road);
    for (let frame = 0; frame < 10; frame += 1) here.channel?.send('x'.repeat(LIMITS.frameBytesMax));
    road.cut.add(LISTENER);
    const before = road.said.length;
    road.until(() => road.said.length > before + 10_000, 5000);
    const sequences = new Set<number>();
    for (const { bytes } of road.said) {
      const datagram = readDatagram(bytes);
      if (datagram?.kind === 'data') sequences.add(datagram.sequence);
    }

    expect(sequences.size).toBeLessThanOrEqual(WINDOW_MAX);
    expect(there.frames).toEqual([]);
    expect(road.said.every(({ bytes }) => bytes.length <= 4096)).toBe(true);
  });

  it('is given up after five tries and seven and a half seconds without an answer, not before', () => {
    const road = new Road();
    road.listen();
    const [here, there] = connected(road);
    road.cut.add(LISTENER);
    const since = road.clock.now();
    here.channel?.send('is anybody there?');
    road.until(() => here.closings.length > 0);
    const tries = road.said.filter(({ at, bytes }) => at >= since && readDatagram(bytes)?.kind === 'data');

    expect(here.closings).toEqual(['unreachable']);
    expect(road.clock.now() - since).toBeGreaterThanOrEqual(PATIENCE_MS);
    expect(road.clock.now() - since).toBeLessThan(PATIENCE_MS + 1500);
    expect(tries.length).toBeGreaterThanOrEqual(TRIES_MIN);
    expect(there.closings).toEqual([]);
  });

  it('goes on after a cut that is shorter than that', () => {
    const road = new Road();
    road.listen();
    const [here, there] = connected(road);
    road.cut.add(LISTENER);
    here.channel?.send('one');
    road.pass(5000);
    road.cut.clear();
    here.channel?.send('two');

    expect(road.until(() => there.frames.length === 2, 1600)).toBe(true);
    expect(there.frames).toEqual(['one', 'two']);
  });

  it('misses a process that is gone soon after it has spoken to it, and one that is idle within seconds', () => {
    for (const [words, withinMs] of [[['hello'], 500] as const, [[], 2500] as const]) {
      const road = new Road();
      road.listen();
      const [here] = connected(road);
      road.pass(100);
      road.vanish(LISTENER);
      for (const word of words) here.channel?.send(word);

      expect(road.until(() => here.closings.length > 0, withinMs)).toBe(true);
      expect(here.closings).toEqual(['closed-there']);
    }
  });

  it('is closed by a process that does not know it any more', () => {
    const road = new Road();
    road.listen();
    const [here] = connected(road);
    road.listen();
    here.channel?.send('hello');

    expect(road.until(() => here.closings.length > 0, 100)).toBe(true);
    expect(here.closings).toEqual(['closed-there']);
  });

  it('is not ended, nor made to speak, by strangers who do not know its token', () => {
    const road = new Road();
    const door = road.listen();
    const [here, there] = connected(road);
    const before = road.said.length;
    for (const token of [1n, 99n, 2n ** 63n]) {
      road.carry('10.0.0.9:1', LISTENER, writeDatagram({ kind: 'reset', of: token, reason: 'closed-there' }));
      road.carry('10.0.0.9:1', DIALLER, writeDatagram({ kind: 'reset', of: 99n, reason: 'closed-there' }));
    }
    const [known] = door.conversations;
    // Even with the token: from another address it is not heard.
    const stolen = {
      kind: 'data',
      to: known?.here.token ?? 0n,
      sequence: 0,
      isLast: true,
      isEnd: false,
    } as const;
    road.carry('10.0.0.9:1', LISTENER, writeDatagram({ ...stolen, bytes: new Uint8Array([65]) }));
    road.pass(1000);

    expect([here.closings, there.closings, there.frames]).toEqual([[], [], []]);
    expect(road.said.length).toBe(before + 7);
  });
});

describe('a listener', () => {
  const hello = (mine: bigint, cookie: Uint8Array = new Uint8Array(16)) =>
    writeDatagram({ kind: 'hello', mine, limit: 4096, cookie });

  it('keeps nothing of those who have not shown that they hear what is sent to their address', () => {
    const road = new Road();
    const door = road.listen();
    for (let stranger = 1n; stranger < 500n; stranger += 1n) road.carry(DIALLER, LISTENER, hello(stranger));
    road.pass(100);

    expect(door.conversations).toEqual([]);
    expect(road.accepted).toEqual([]);
    expect(road.said.length).toBe(2 * 499);
  });

  it('lets a cookie serve nobody else, and not for long', () => {
    const road = new Road();
    const door = road.listen();
    road.carry(DIALLER, LISTENER, hello(7n));
    road.until(() => road.said.length === 2);
    const answer = readDatagram(road.said[1]?.bytes ?? new Uint8Array());
    const cookie = answer?.kind === 'cookie' ? answer.cookie : new Uint8Array(16);

    road.carry('10.0.0.9:1', LISTENER, hello(7n, cookie));
    road.carry(DIALLER, LISTENER, hello(8n, cookie));
    road.pass(21_000);
    road.carry(DIALLER, LISTENER, hello(7n, cookie));
    road.pass(10);

    expect(door.conversations).toEqual([]);
    road.carry(DIALLER, LISTENER, hello(9n));
    road.pass(10);
    const fresh = readDatagram(road.said.at(-1)?.bytes ?? new Uint8Array());
    road.carry(DIALLER, LISTENER, hello(9n, fresh?.kind === 'cookie' ? fresh.cookie : undefined));
    road.pass(10);
    expect(door.conversations).toHaveLength(1);
  });

  it('answers strangers with no more bytes than they have sent, and a thousand times a second at most', () => {
    const road = new Road();
    road.listen();
    const words = [
      hello(5n),
      writeDatagram({ kind: 'ping', to: 5n }),
      writeDatagram({ kind: 'ack', to: 5n, next: 3, bits: new Uint8Array(32) }),
      writeDatagram({ kind: 'welcome', to: 5n, mine: 6n, limit: 4096 }),
      writeDatagram({ kind: 'reset', of: 5n, reason: 'frame-too-large' }),
      writeDatagram({ kind: 'probe' }),
    ];
    for (let time = 0; time < 1000; time += 1)
      for (const bytes of words) road.carry('10.0.0.9:1', LISTENER, bytes);
    road.pass(500);
    const answers = road.said.filter(({ from }) => from === LISTENER);
    const sizes = answers.map(({ bytes }) => bytes.length);

    expect(answers.length).toBe(1000);
    // Four of six kinds are answered: a hello by a cookie, what is said on no channel by a reset.
    expect(Math.max(...sizes)).toBeLessThanOrEqual(hello(5n).length);
    expect(sizes.filter((size) => size > 12).every((size) => size < hello(5n).length)).toBe(true);
  });

  it('makes room for whoever confirms: those who never do are the first to go', () => {
    const road = new Road();
    const door = road.listen();
    for (let stranger = 0; stranger < LOOSE_MAX + 50; stranger += 1) {
      const address = `10.0.1.${stranger % 250}:${1000 + stranger}`;
      road.carry(address, LISTENER, hello(7n));
      road.pass(3);
      const cookie = readDatagram(road.said.at(-1)?.bytes ?? new Uint8Array());
      if (cookie?.kind === 'cookie') road.carry(address, LISTENER, hello(7n, cookie.cookie));
      road.pass(1);
    }
    const crowd = door.conversations.length;
    const [here, there] = [road.dial(DIALLER), () => road.accepted.at(-1)];
    expect(road.until(() => here.isOpen, 1000)).toBe(true);
    here.channel?.send('hello');

    expect(crowd).toBeLessThanOrEqual(LOOSE_MAX);
    expect(road.until(() => there()?.frames.length === 1, 1000)).toBe(true);
    // All the others are told, once, and forgotten.
    road.pass(60_000);
    expect(door.conversations).toHaveLength(1);
    const others = road.accepted.slice(0, -1);
    expect(others.every(({ closings }) => closings.length === 1)).toBe(true);
  });
});
