/** How bytes travel: what the other rooms may use of it. */
export * from './anywhere.js';
export { WebSocketTransport, type WebSocketTransportOptions } from './websocket.js';
