/**
 * How peers find others where they know no address: what every way of discovery promises, and how it is spelled.
 *
 * What is found is an address to dial. It never takes the place of one that a greeting has proved.
 */
import type { Address, ClientId, PeerId } from './protocol.js';
import type { TransportKind } from './protocol-discovery.js';

/** Who asks, and answers. */
export interface Introducing {
  readonly cluster: string;
  readonly id: PeerId | ClientId;
  /** Where it is to be dialled; null for a client, which asks and never answers. */
  readonly address: Address | null;
  /** What it dials, and is dialled, with; default: ws. */
  readonly transport?: TransportKind;
}

export interface DiscoveryHandlers {
  /** Somebody of this cluster says it is to be found there. Said again each time it is heard. */
  heard(address: Address): void;
  /** It cannot work here, or not with somebody who was heard, and why; said once. */
  failed(detail: string): void;
}

export interface Discovery {
  /** Begins to hear and to answer. */
  open(introducing: Introducing, handlers: DiscoveryHandlers): void;
  /** Asks who is there, once. */
  ask(): void;
  close(): void;
}

/** `seeds`: only those that are given. The others ask the network, or the names of DNS, as well. */
export type DiscoveryMode =
  | { readonly way: 'seeds' }
  | { readonly way: 'multicast'; readonly group: string; readonly port: number }
  | { readonly way: 'broadcast'; readonly port: number }
  | { readonly way: 'dns'; readonly name: string; readonly port: number };

const GROUP = '224.1.1.1';
const GROUP_PORT = 5007;
const BROADCAST_PORT = 9999;

const MODE =
  /^(?:(?<seeds>seeds)|(?<multicast>multicast)(?::(?<group>2(?:2[4-9]|3\d)(?:\.\d{1,3}){3}):(?<groupPort>\d{1,5}))?|(?<broadcast>broadcast)(?::(?<port>\d{1,5}))?|dns:(?<name>[A-Za-z0-9][A-Za-z0-9.-]{0,252}):(?<dnsPort>\d{1,5}))$/;

/**
 * `seeds`, `multicast` or `multicast:GROUP:PORT` (224.1.1.1:5007), `broadcast` or `broadcast:PORT` (9999), `dns:NAME:PORT`.
 *
 * @returns null when it is none of them.
 */
export function discoveryMode(text: string): DiscoveryMode | null {
  const found = MODE.exec(text)?.groups;
  if (found === undefined) return null;
  const port = (digits: string | undefined, usual: number) => (digits === undefined ? usual : Number(digits));
  const mode = modeOf(found, port);
  return mode.way !== 'seeds' && (mode.port < 1 || mode.port > 65_535) ? null : mode;
}

function modeOf(
  found: Readonly<Record<string, string | undefined>>,
  port: (digits: string | undefined, usual: number) => number,
): DiscoveryMode {
  if (found.seeds !== undefined) return { way: 'seeds' };
  if (found.multicast !== undefined)
    return { way: 'multicast', group: found.group ?? GROUP, port: port(found.groupPort, GROUP_PORT) };
  if (found.broadcast !== undefined) return { way: 'broadcast', port: port(found.port, BROADCAST_PORT) };
  return { way: 'dns', name: found.name ?? '', port: port(found.dnsPort, 0) };
}
