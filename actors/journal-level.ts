/**
 * The journal on disk, in a LevelDB: checksummed, crash-safe, locked against a second process.
 *
 * However many writes come together, they are one LevelDB batch and one sync: all on disk or none.
 */
import { advance, type JournalTip, obstacleTo, tipOf } from '../machines/values/journal-record.js';
import type { Snapshot } from '../machines/values/snapshot.js';
import type { Entry } from '../transport/protocol.js';
import { DROPPED } from './journal-identity.js';
import {
  chainOf,
  closeFolder,
  damage,
  JournalFault,
  type JournalFolder,
  messageOf,
  openFolder,
  writeLabel,
} from './journal-level-folder.js';
import {
  batchKey,
  batchOf,
  DAMAGE_KEY,
  entriesIn,
  seal,
  TAIL_KEY,
  type TailRecord,
  unseal,
} from './journal-level-records.js';
import { dropObsolete, SNAPSHOT_KEY, type SnapshotRecord, writeParts } from './journal-level-snapshot.js';
import type {
  JournalProblem,
  JournalStore,
  JournalWrite,
  OpenOutcome,
  Recovered,
  WantedJournal,
} from './journal-store.js';

export interface LevelJournalOptions {
  /** Made, with all above it, when it is not there. */
  readonly directory: string;
  readonly wanted: WantedJournal;
}

export function levelJournal({ directory, wanted }: LevelJournalOptions): JournalStore {
  let journal: OpenJournal | null = null;
  let broken: JournalProblem | null = null;
  let interrupted: Interrupted | null = null;
  let turn = Promise.resolve();
  /** One call after the other; an exception in `done` is ours, and stays unhandled on purpose. */
  const inTurn = (task: () => Promise<void>) => {
    turn = turn.then(task);
  };
  return {
    open: (done) =>
      inTurn(async () => {
        const outcome = await attempt(() => openFolder(directory, wanted));
        if (outcome.ok) journal = startOf(directory, outcome.value);
        broken = null;
        done(outcome.ok ? { ok: true, recovered: outcome.value.recovered } : outcome);
      }),
    write: (writes, done) =>
      inTurn(async () => {
        if (broken === null && interrupted !== null) {
          const { write, syncs } = interrupted;
          const outcome = await attempt(() => openFolder(directory, wanted));
          if (!outcome.ok) {
            if (isForWantOfRoom(outcome)) return done({ ...outcome, isFull: true });
            broken = { code: 'journal-failed', detail: outcome.detail };
          } else journal = resumed(startOf(directory, outcome.value), interrupted);
          if (outcome.ok && outcome.value.syncs > syncs) writes = writes.filter((one) => one.write > write);
          interrupted = null;
        }
        const target = journal;
        if (target === null)
          return done(broken ?? { code: 'journal-failed', detail: `journal ${directory} is not open` });
        const place = { write: writes.at(-1)?.write ?? 0, before: target.tip.write, syncs: target.syncs };
        if (broken === null && writes.length > 0) {
          const outcome = await attempt(() => sync(target, writes));
          if (!outcome.ok && isForWantOfRoom(outcome)) {
            // What LevelDB has half written it forgives only when it is opened anew.
            journal = null;
            interrupted = place;
            await attempt(() => closeFolder(target.folder));
            return done({ code: 'journal-failed', detail: outcome.detail, isFull: true });
          }
          if (!outcome.ok) broken = { code: 'journal-failed', detail: outcome.detail };
        }
        done(broken);
        if (target.obsolete !== null) await attempt(() => tidyUp(target));
      }),
    close: (done) =>
      inTurn(async () => {
        const target = journal;
        journal = null;
        if (target !== null) await attempt(() => closeFolder(target.folder));
        done();
      }),
  };
}

/** A sync that found no room: the write it was to end with, the one before it, and the syncs there were. */
interface Interrupted {
  readonly write: number;
  readonly before: number;
  readonly syncs: number;
}

/** Opened again after that, the journal goes on counting; what had got there after all is not written twice. */
const resumed = (journal: OpenJournal, { write, before, syncs }: Interrupted): OpenJournal => {
  journal.tip = { ...journal.tip, write: journal.syncs > syncs ? write : before };
  return journal;
};

const isForWantOfRoom = ({ detail }: JournalProblem): boolean =>
  /no space left|ENOSPC|quota exceeded|EDQUOT/i.test(detail);

/**
 * Reads the journal in `directory` without a peer, and changes nothing of what it holds.
 *
 * @returns `data-unusable` when there is none, `data-in-use` while a peer holds it, `journal-failed` when it is damaged.
 */
export async function readJournal(directory: string): Promise<OpenOutcome> {
  const outcome = await attempt(async () => {
    const { folder, recovered } = await openFolder(directory, null);
    await closeFolder(folder);
    return recovered;
  });
  return outcome.ok ? { ok: true, recovered: outcome.value } : outcome;
}

/**
 * Begins a journal in `directory`, where there must be none, with what another one held.
 *
 * @param wanted - whose it is to be; its incarnation is a new one, so that nothing it promised or acknowledged counts.
 * @returns null, or why it could not be; then what is there is no journal to be used.
 */
export async function writeJournal(
  directory: string,
  wanted: WantedJournal,
  held: Pick<Recovered, 'promised' | 'snapshot' | 'entries'>,
): Promise<JournalProblem | null> {
  const { promised, snapshot, entries } = held;
  const outcome = await attempt(async () => {
    const opened = await openFolder(directory, wanted);
    try {
      if (opened.syncs > 1) throw new JournalFault('data-unusable', `${directory} holds a journal already`);
      const past = snapshot === undefined ? {} : { snapshot };
      const first = (snapshot?.lastIndex ?? 0) + 1;
      const write = { write: 1, promised, truncateFrom: null, first, entries, ...past };
      await sync(startOf(directory, opened), [write]);
    } finally {
      await closeFolder(opened.folder);
    }
  });
  return outcome.ok ? null : { code: outcome.code, detail: outcome.detail };
}

interface OpenJournal {
  readonly directory: string;
  readonly folder: JournalFolder;
  tip: JournalTip;
  syncs: number;
  /** A snapshot whose past still lies about. */
  obsolete: SnapshotRecord | null;
}

const startOf = (directory: string, opened: Awaited<ReturnType<typeof openFolder>>): OpenJournal => ({
  directory,
  folder: opened.folder,
  tip: tipOf(opened.recovered),
  syncs: opened.syncs,
  obsolete: null,
});

/** What one LevelDB batch will do, by key; null deletes. A later write of the same sync overrules an earlier one. */
type Changes = Map<string, string | null>;

async function sync(journal: OpenJournal, writes: readonly JournalWrite[]): Promise<void> {
  const changes: Changes = new Map();
  for (const write of writes) {
    const obstacle = obstacleTo(journal.tip, write);
    if (obstacle !== null) throw new JournalFault('journal-failed', obstacle);
    if (write.truncateFrom !== null && write.truncateFrom <= journal.tip.last)
      await truncate(journal, changes, write.truncateFrom);
    if (write.snapshot !== undefined) await install(journal, changes, write.snapshot);
    if (write.isMended) changes.set(DAMAGE_KEY, null);
    if (write.isDropped) drop(journal, changes);
    if (write.entries.length > 0) append(journal, changes, write.first, write.entries);
    journal.tip = advance(journal.tip, write);
  }
  const { db, batches } = journal.folder;
  const { promised, last } = journal.tip;
  const tail: TailRecord = { syncs: journal.syncs + 1, promised, last, chain: chainOf(batches) };
  changes.set(TAIL_KEY, seal(tail).text);
  await db.batch(
    Array.from(changes, ([key, value]) =>
      value === null ? { type: 'del', key } : { type: 'put', key, value },
    ),
    { sync: true },
  );
  journal.syncs = tail.syncs;
  writeLabel(journal.folder, tail.syncs);
}

function append(journal: OpenJournal, changes: Changes, first: number, entries: readonly Entry[]) {
  const { firsts, chains } = journal.folder.batches;
  const { text, chain } = seal(batchOf(first, entries), chainOf(journal.folder.batches));
  changes.set(batchKey(first), text);
  firsts.push(first);
  chains.push(chain);
}

/** Drops every entry from `index` on; a batch that lies across it is written again without its end. */
async function truncate(journal: OpenJournal, changes: Changes, index: number) {
  const { firsts, chains } = journal.folder.batches;
  let end = journal.tip.last + 1;
  let first = firsts.at(-1);
  while (first !== undefined && first >= index) {
    changes.set(batchKey(first), null);
    firsts.pop();
    chains.pop();
    end = first;
    first = firsts.at(-1);
  }
  if (first === undefined || end === index) return;
  const text = changes.get(batchKey(first)) ?? (await journal.folder.db.get(batchKey(first)));
  firsts.pop();
  chains.pop();
  const record = unseal(text ?? '', chainOf(journal.folder.batches));
  if (record === undefined) throw damage(journal.directory, `entry ${first} has become unreadable`);
  append(journal, changes, first, entriesIn(record.value).slice(0, index - first));
}

/** A snapshot in the place of all batches that end within it; of the one across its end, the rest counts. */
async function install(journal: OpenJournal, changes: Changes, snapshot: Snapshot) {
  const { db, batches } = journal.folder;
  const { firsts, chains } = batches;
  const gone = Math.max(
    0,
    firsts.findLastIndex((first) => first <= snapshot.lastIndex + 1),
  );
  batches.before = chains[gone - 1] ?? batches.before;
  firsts.splice(0, gone);
  chains.splice(0, gone);
  const firstBatch = firsts[0] ?? snapshot.lastIndex + 1;
  const record = { ...(await writeParts(db, snapshot)), firstBatch, before: batches.before };
  changes.set(SNAPSHOT_KEY, seal(record).text);
  journal.obsolete = record;
}

/** The log is truncated already. */
function drop(journal: OpenJournal, changes: Changes) {
  journal.folder.batches.before = 0;
  changes.set(SNAPSHOT_KEY, null);
  changes.set(DAMAGE_KEY, seal(DROPPED).text);
}

async function tidyUp(journal: OpenJournal) {
  const { obsolete } = journal;
  journal.obsolete = null;
  if (obsolete !== null) await dropObsolete(journal.folder.db, obsolete);
}

type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | ({ readonly ok: false } & JournalProblem);

/** What becomes of a promise, as a value. */
async function attempt<Value>(task: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { ok: true, value: await task() };
  } catch (problem) {
    if (problem instanceof JournalFault) return { ok: false, code: problem.code, detail: problem.detail };
    return { ok: false, code: 'journal-failed', detail: `the disk failed: ${messageOf(problem)}` };
  }
}
