/** How bytes travel: what the other rooms may use of it. */
export { addressOf, type Endpoint, endpointOf } from './address.js';
export * from './codec.js';
export { MemoryNetwork, type MemoryNetworkOptions } from './memory.js';
export * from './protocol.js';
export type * from './transport.js';
export { VirtualClock } from './virtual-clock.js';
export { WebSocketTransport, type WebSocketTransportOptions } from './websocket.js';
