/** The trace of a whole simulation: the traces of its peers in one order, with the faults between them. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { PeerHandle, TraceRecord } from '../../actors/anywhere.js';
import type { PeerId } from '../../transport/anywhere.js';
import type { Scenario } from './scenario.js';

/** One line of the trace, without its end of line. */
export type TraceLine = string;

export class TraceKeeper {
  readonly #now: () => number;
  readonly #write: (line: TraceLine) => void;
  #last = 0;

  constructor(now: () => number, write: (line: TraceLine) => void) {
    this.#now = now;
    this.#write = write;
  }

  /** The first line: what was simulated. Machines are told of by the peers as they start. */
  header(scenario: Scenario): void {
    const { peers, ...config } = scenario;
    const head = {
      v: 1,
      kind: 'header',
      source: 'simulator',
      cluster: 'bullpen',
      members: peers,
      machines: {},
      config,
    };
    this.#write(JSON.stringify(head));
  }

  fault(t: number, what: string): void {
    this.#record({ s: 0, t, p: '', k: 'fault', ev: what });
  }

  /** Follows one life of a peer; its records get numbers, times and causes of the whole. */
  attach(p: PeerId, peer: PeerHandle): void {
    const numbers: number[] = [];
    peer.trace((record) => {
      const { c } = record;
      const cause = c === undefined ? {} : { c: numbers[c] };
      numbers[record.s] = this.#record({ ...record, ...cause, p } as TraceRecord);
    });
  }

  #record(record: TraceRecord): number {
    this.#last += 1;
    const t = Math.round(this.#now() * 1000) / 1000;
    this.#write(JSON.stringify({ ...record, s: this.#last, t }));
    return this.#last;
  }
}

/** The hash of a trace, as it grows: SHA-256 over its lines, in hex. */
export function traceHash(): { add(line: TraceLine): void; digest(): string } {
  const hash = sha256.create();
  return {
    add: (line) => void hash.update(utf8ToBytes(`${line}\n`)),
    digest: () => bytesToHex(hash.clone().digest()),
  };
}
