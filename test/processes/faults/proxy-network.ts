/**
 * A network of small proxies on loopback, one in front of each peer, which advertises it. Each connection is two gates,
 * one for either direction, and every directed pair of peers has a way of its own that can be cut, mended or slowed.
 */
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { readDialler } from './dialler.js';
import { Gate, Way } from './gate.js';
import type { Network, Place } from './network.js';

const HOST = '127.0.0.1';

interface Passage {
  readonly dialler: string;
  readonly listener: string;
  readonly sockets: readonly [Socket, Socket];
}

/** @param ports - as many as wanted that nobody uses; three for each peer. */
export async function createProxyNetwork(ids: readonly string[], ports: readonly number[]): Promise<Network> {
  const places = new Map(ids.map((id, i) => [id, placeWith(ports.slice(3 * i, 3 * i + 3))]));
  const ways = new Map<string, Way>();
  const passages = new Set<Passage>();
  const sockets = new Set<Socket>();
  const wayOf = (from: string, to: string): Way => {
    const known = ways.get(`${from}>${to}`) ?? new Way();
    ways.set(`${from}>${to}`, known);
    return known;
  };
  const placeOf = (id: string): Place => {
    const place = places.get(id);
    if (place === undefined) throw new Error(`there is no peer ${id}`);
    return place;
  };
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  };

  function carry(near: Socket, listener: string): void {
    const far = dial({ host: HOST, port: portOf(placeOf(listener).listen), allowHalfOpen: true });
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      keep(socket);
    }
    const there = new Gate(near, far);
    const back = new Gate(far, near);
    far.on('data', (bytes) => back.pass(bytes));
    let held = Buffer.alloc(0);
    let passed = 0;
    const recognise = (bytes: Buffer) => {
      held = Buffer.concat([held, bytes]);
      const reading = readDialler(held);
      if (reading.kind === 'stranger') {
        near.destroy();
        return;
      }
      there.pass(held.subarray(passed, reading.head));
      passed = reading.head;
      if (reading.kind !== 'known') return;
      near.off('data', recognise);
      near.on('data', (more) => there.pass(more));
      there.join(wayOf(reading.id, listener));
      back.join(wayOf(listener, reading.id));
      there.pass(held.subarray(passed));
      note({ dialler: reading.id, listener, sockets: [near, far] });
    };
    near.on('data', recognise);
  }

  function note(passage: Passage): void {
    passages.add(passage);
    for (const socket of passage.sockets) socket.on('close', () => passages.delete(passage));
  }

  const servers = await Promise.all(
    ids.map((id) => serve(portOf(placeOf(id).advertise), (socket) => carry(socket, id))),
  );
  return {
    kind: 'proxy',
    placeOf,
    cut: async (from, to) => wayOf(from, to).set({ isCut: true }),
    mend: async (from, to) => wayOf(from, to).set({ isCut: false, delayMs: 0 }),
    delay: (from, to, delayMs) => wayOf(from, to).set({ delayMs }),
    reset: (one, other) => {
      for (const { dialler, listener, sockets: both } of passages)
        if ([one, other].includes(dialler) && [one, other].includes(listener))
          for (const socket of both) socket.resetAndDestroy();
    },
    mendAll: async () => {
      for (const way of ways.values()) way.set({ isCut: false, delayMs: 0 });
    },
    close: async () => {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function placeWith([listen, advertise, http]: readonly number[]): Place {
  return {
    listen: `${HOST}:${listen}`,
    advertise: `${HOST}:${advertise}`,
    http: `${HOST}:${http}`,
    before: [],
  };
}

export const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));

function serve(port: number, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, accept);
    server.once('error', reject);
    server.listen(port, HOST, () => resolve(server));
  });
}

/** Where the system takes no ports of its own for those who dial, so that a peer finds its own again after a restart. */
const PORTS = { first: 20_000, last: 32_000 } as const;

/** @returns `count` ports of this machine that nobody listens at now. */
export async function freePorts(count: number, from: number): Promise<readonly number[]> {
  const found: number[] = [];
  const span = PORTS.last - PORTS.first;
  for (let i = 0; found.length < count && i < span; i++) {
    const port = PORTS.first + ((from + i) % span);
    const server = await serve(port, () => {}).catch(() => null);
    if (server === null) continue;
    await new Promise((resolve) => server.close(resolve));
    found.push(port);
  }
  return found;
}
