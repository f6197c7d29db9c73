/** The journal in memory: for mode `safe-mem`, tests and the simulator. What it keeps outlives the store, not the process. */

import {
  advance,
  type JournalTip,
  type JournalWrite,
  obstacleTo,
  tipOf,
} from '../machines/values/journal-record.js';
import type { Snapshot } from '../machines/values/snapshot.js';
import { termZero } from '../machines/values/term.js';
import type { Entry, Term } from '../transport/protocol.js';
import { begin, DROPPED, foreignness } from './journal-identity.js';
import type { Identity, JournalStore, OpenOutcome, WantedJournal } from './journal-store.js';

/** The medium. A store made on one that was used before finds what was acknowledged there. */
export interface JournalMemory {
  content: {
    readonly identity: Identity;
    promised: Term;
    snapshot?: Snapshot;
    damage?: string;
    readonly entries: Entry[];
  } | null;
  isHeld: boolean;
}

export const emptyMemory = (): JournalMemory => ({ content: null, isHeld: false });

export interface MemoryJournalOptions {
  readonly wanted: WantedJournal;
  /** Runs a task later, in the order given. */
  readonly defer: (task: () => void) => void;
  /** Default: an empty one, which no other store will see. */
  readonly memory?: JournalMemory;
}

export function memoryJournal({ wanted, defer, memory = emptyMemory() }: MemoryJournalOptions): JournalStore {
  let tip: JournalTip | null = null;
  return {
    open: (done) =>
      defer(() => {
        const outcome = openMemory(memory, wanted);
        if (outcome.ok) tip = tipOf(outcome.recovered);
        done(outcome);
      }),
    write: (writes, done) =>
      defer(() => {
        const outcome = tip === null ? 'the journal is not open' : tipAfter(tip, writes);
        if (typeof outcome === 'string') return done({ code: 'journal-failed', detail: outcome });
        tip = outcome;
        for (const write of writes) applyWrite(memory, write);
        done(null);
      }),
    close: (done) =>
      defer(() => {
        if (tip !== null) memory.isHeld = false;
        tip = null;
        done();
      }),
  };
}

function openMemory(memory: JournalMemory, wanted: WantedJournal): OpenOutcome {
  if (memory.isHeld) return { ok: false, code: 'data-in-use', detail: 'this memory journal is open already' };
  memory.content ??= {
    identity: begin(wanted),
    promised: termZero(wanted.id),
    entries: [],
  };
  const { entries, ...rest } = memory.content;
  const { identity } = rest;
  const stranger = foreignness(identity, wanted, 'this memory journal');
  if (stranger !== null) return { ok: false, ...stranger };
  memory.isHeld = true;
  return { ok: true, recovered: { ...rest, entries: [...entries] } };
}

/** Where `writes` lead, or why they may not follow: they are kept all or none. */
function tipAfter(tip: JournalTip, writes: readonly JournalWrite[]): JournalTip | string {
  let reached = tip;
  for (const write of writes) {
    const obstacle = obstacleTo(reached, write);
    if (obstacle !== null) return obstacle;
    reached = advance(reached, write);
  }
  return reached;
}

/** Puts one write on the medium; without effect while there is no journal on it. */
export function applyWrite(
  { content }: JournalMemory,
  { truncateFrom, entries, promised, snapshot, isMended, isDropped }: JournalWrite,
): void {
  if (content === null) return;
  const base = content.snapshot?.lastIndex ?? 0;
  if (truncateFrom !== null) content.entries.splice(Math.max(0, truncateFrom - 1 - base));
  if (snapshot !== undefined) {
    content.entries.splice(0, snapshot.lastIndex - base);
    content.snapshot = snapshot;
  }
  if (isMended) delete content.damage;
  if (isDropped) {
    delete content.snapshot;
    content.damage = DROPPED;
  }
  for (const entry of entries) content.entries.push(entry);
  content.promised = promised ?? content.promised;
}
