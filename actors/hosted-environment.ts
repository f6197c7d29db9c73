/** The environment of a real process: real time, real chance, real sockets, and a journal on disk or in memory. */
import { type Discovery, type DiscoveryMode, discoveryMode } from '../transport/discovery.js';
import { DnsDiscovery } from '../transport/discovery-dns.js';
import { UdpDiscovery } from '../transport/discovery-udp.js';
import type { Address } from '../transport/protocol.js';
import type { TransportKind } from '../transport/protocol-discovery.js';
import type { Clock, Transport } from '../transport/transport.js';
import { UdpTransport } from '../transport/udp.js';
import { WebSocketTransport } from '../transport/websocket.js';
import { type ClientEnvironment, type Environment, nonceOf } from './environment.js';
import { levelJournal } from './journal-level.js';
import { emptyMemory, memoryJournal } from './journal-memory.js';
import { discoveryOf, type PeerOptions } from './options.js';

const clock: Clock = {
  now: () => performance.now(),
  setTimeout: (task, delayMs) => setTimeout(task, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** The same for a client: it has no disk, and nobody dials it. */
export const hostedClientEnvironment = (transport: TransportKind = 'ws'): ClientEnvironment => ({
  clock,
  random: Math.random,
  transport: transport === 'udp' ? new UdpTransport() : new WebSocketTransport(),
});

export function hostedEnvironment(options: PeerOptions): Environment {
  const { cluster, mode, id, data } = options;
  return {
    clock,
    wallClock: Date.now,
    pid: process.pid,
    discovery: hostedDiscovery(discoveryOf(options)),
    random: Math.random,
    transport: hostedTransport(options),
    journal(freshIncarnation) {
      const wanted = { cluster, mode, id, freshIncarnation };
      if (data !== undefined) return levelJournal({ directory: data, wanted });
      return memoryJournal({ wanted, defer: (task) => setImmediate(task), memory: emptyMemory() });
    },
  };
}

function hostedTransport({
  transport,
  queueBytesMax,
  clientOrigins,
  datagramBytesMax,
}: PeerOptions): Transport {
  if (transport === 'ws') return new WebSocketTransport({ queueBytesMax, origins: clientOrigins });
  return new UdpTransport({ queueBytesMax, ...(datagramBytesMax !== undefined && { datagramBytesMax }) });
}

function hostedDiscovery(mode: DiscoveryMode): Discovery | null {
  const nonce = () => nonceOf(Math.random);
  switch (mode.way) {
    case 'seeds':
      return null;
    case 'multicast':
      return new UdpDiscovery({ group: mode.group, port: mode.port }, nonce);
    case 'broadcast':
      return new UdpDiscovery({ group: null, port: mode.port }, nonce);
    case 'dns':
      return new DnsDiscovery(mode.name, mode.port);
    default:
      return mode satisfies never;
  }
}

/** Between two questions, ms: datagrams get lost, and who is not there yet may come. */
const ASK_EVERY_MS = 500;

/**
 * Asks who belongs to a cluster, again and again: for a client that knows no address.
 *
 * @param discover - as a peer's option of that name: `multicast`, `broadcast:PORT`, `dns:NAME:PORT` …
 * @param transport - what they are to be dialled with; of others `failed` is told.
 * @param heard - each address a peer of that cluster is to be found at, every time it is said.
 * @param failed - it cannot work here, and why.
 * @returns what ends it.
 */
export function findPeers(
  discover: string,
  cluster: string,
  transport: TransportKind,
  heard: (address: Address) => void,
  failed: (detail: string) => void,
): () => void {
  const discovery = hostedDiscovery(discoveryMode(discover) ?? { way: 'seeds' });
  if (discovery === null) return () => {};
  const introducing = { cluster, id: `~${nonceOf(Math.random)}`, address: null, transport } as const;
  discovery.open(introducing, { heard, failed });
  discovery.ask();
  const asking = setInterval(() => discovery.ask(), ASK_EVERY_MS);
  return () => {
    clearInterval(asking);
    discovery.close();
  };
}
