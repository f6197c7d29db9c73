/** What of this room runs in any JavaScript, a browser too: everything but the sockets. */
export { addressOf, type Endpoint, endpointOf } from './address.js';
export * from './codec.js';
export { MemoryNetwork, type MemoryNetworkOptions } from './memory.js';
export type { Cargo, Road, Way } from './memory-channel.js';
export * from './protocol.js';
export type * from './transport.js';
export { VirtualClock } from './virtual-clock.js';
