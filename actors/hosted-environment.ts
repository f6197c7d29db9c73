/** The environment of a real process: real time, real chance, WebSockets, and a journal on disk or in memory. */
import { WebSocketTransport } from '../transport/websocket.js';
import type { Environment } from './environment.js';
import { levelJournal } from './journal-level.js';
import { emptyMemory, memoryJournal } from './journal-memory.js';
import type { PeerOptions } from './options.js';

export function hostedEnvironment(options: PeerOptions): Environment {
  const { cluster, mode, id, data, queueBytesMax } = options;
  const transport = new WebSocketTransport({ queueBytesMax });
  return {
    clock: {
      now: () => performance.now(),
      setTimeout: (task, delayMs) => setTimeout(task, delayMs),
      clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
    },
    wallClock: Date.now,
    pid: process.pid,
    random: Math.random,
    transport,
    journal(freshIncarnation) {
      const wanted = { cluster, mode, id, freshIncarnation };
      if (data !== undefined) return levelJournal({ directory: data, wanted });
      return memoryJournal({ wanted, defer: (task) => setImmediate(task), memory: emptyMemory() });
    },
  };
}
