/** What a web page imports from `bullpen`: the client, and what speaks of it. It touches neither sockets of Node nor disks. */
export type * from './api.js';
export type { ClientOptionsInput } from './client-options.js';
export { ClusterError, type ClusterErrorCode } from './errors.js';
export { createClient } from './page-client.js';
export { defineReplica } from './replica.js';
