/** The environment of a real process: real time, real chance, WebSockets, and a journal on disk or in memory. */
import type { Discovery, DiscoveryMode } from '../transport/discovery.js';
import { DnsDiscovery } from '../transport/discovery-dns.js';
import { UdpDiscovery } from '../transport/discovery-udp.js';
import type { Clock } from '../transport/transport.js';
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
export const hostedClientEnvironment = (): ClientEnvironment => ({
  clock,
  random: Math.random,
  transport: new WebSocketTransport(),
});

export function hostedEnvironment(options: PeerOptions): Environment {
  const { cluster, mode, id, data, queueBytesMax, clientOrigins } = options;
  const transport = new WebSocketTransport({ queueBytesMax, origins: clientOrigins });
  return {
    clock,
    wallClock: Date.now,
    pid: process.pid,
    discovery: hostedDiscovery(discoveryOf(options)),
    random: Math.random,
    transport,
    journal(freshIncarnation) {
      const wanted = { cluster, mode, id, freshIncarnation };
      if (data !== undefined) return levelJournal({ directory: data, wanted });
      return memoryJournal({ wanted, defer: (task) => setImmediate(task), memory: emptyMemory() });
    },
  };
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
