/** Reading `HOST:PORT`, with `[…]` around an IPv6 host. */
import type { Address } from './protocol.js';

export interface Endpoint {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What `address` names, or null when it is not one. */
export function endpointOf(address: Address): Endpoint | null {
  const [, bracketed, plain, digits] =
    address.match(/^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || !(port <= 65_535) ? null : { host, port };
}

/** The inverse of `endpointOf`. */
export const addressOf = ({ host, port }: Endpoint): Address =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
