/**
 * The real receiver of `@xstate/inspect`, with the XState 4 it needs, as a program: `node viewer.mjs HOST:PORT`.
 *
 * One line of JSON for every frame it has read, and for everything it complains of. A state is also resolved against the
 * machine it belongs to, as a viewer does before it draws it.
 */
import { createRequire } from 'node:module';
import { WebSocket } from 'ws';

const require = createRequire(import.meta.url);
const { createWebSocketReceiver } = require('@xstate/inspect');

let heard = 0;
globalThis.WebSocket = class extends WebSocket {
  constructor(address) {
    super(address);
    this.addEventListener('message', () => {
      heard += 1;
    });
  }
};
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const complain = (problem) => tell({ type: 'complaint', message: String(problem?.message ?? problem) });
console.error = complain;
console.warn = complain;

const machines = new Map();
let read = 0;
createWebSocketReceiver({ server: process.argv[2] }).subscribe((event) => {
  read += 1;
  const { type, sessionId } = event;
  if (type === 'service.register') machines.set(sessionId, event.machine);
  if (event.state !== undefined) machines.get(sessionId).resolveState(event.state);
  const value = event.state?.value;
  tell({ type, sessionId, id: event.id, parent: event.parent, value, event: event.event?.name, heard, read });
}, complain);
