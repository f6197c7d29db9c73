/** How bytes travel: what the other rooms may use of it. */
export * from './anywhere.js';
export { UdpTransport, type UdpTransportOptions } from './udp.js';
export { WebSocketTransport, type WebSocketTransportOptions } from './websocket.js';
