/**
 * A journal's folder: `log/` is a LevelDB, `LABEL` says whose it is and how many syncs it must at least hold.
 *
 * The label is read before LevelDB is touched, so a stranger's folder stays as it is, to the byte. And it is the witness
 * for the one damage LevelDB cannot see: it cuts a damaged end of its log silently, as if it were a torn, never
 * acknowledged write; with it would go acknowledged entries and, worse, a promise (PROTOCOL §11, D3). The label is
 * written after each sync and not synced itself, so it never claims too much.
 */
import { constants, writeSync } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { Snapshot } from '../machines/values/snapshot.js';
import { termZero } from '../machines/values/term.js';
import { printable } from '../transport/codec.js';
import type { Entry } from '../transport/protocol.js';
import { begin, foreignness, JOURNAL_FORMAT } from './journal-identity.js';
import { repeatingLog } from './journal-level-logs.js';
import {
  BATCH_KEYS,
  batchKey,
  DAMAGE_KEY,
  entriesIn,
  IDENTITY_KEY,
  seal,
  TAIL_KEY,
  type TailRecord,
  unseal,
} from './journal-level-records.js';
import { dropObsolete, readSnapshot, SNAPSHOT_KEY, type SnapshotRecord } from './journal-level-snapshot.js';
import { damagedTable } from './journal-level-tables.js';
import type { Identity, JournalCode, JournalProblem, Recovered, WantedJournal } from './journal-store.js';

/** A misfortune on the way to the disk; the store turns it into a value. */
export class JournalFault extends Error implements JournalProblem {
  readonly code: JournalCode;
  readonly detail: string;

  constructor(code: JournalCode, detail: string) {
    // The disk's own words may hold what stands in a damaged file.
    const shown = printable(detail);
    super(shown);
    this.code = code;
    this.detail = shown;
  }
}

/** An open journal: what is needed to go on writing. What it held is not kept, so that memory can let go of it. */
export interface JournalFolder {
  readonly db: ClassicLevel;
  /** Null in a journal that is only read. */
  readonly label: FileHandle | null;
  readonly identity: Identity;
  readonly batches: BatchList;
}

/** What a journal held when it was opened, checked. */
interface Held {
  readonly recovered: Recovered;
  readonly batches: BatchList;
  readonly tail: TailRecord;
  readonly past: SnapshotRecord | undefined;
  /** What is wrong with it; what was read is sound as far as it goes. */
  readonly harm: string | undefined;
}

/** Where each record batch begins, and the running checksum behind it; the last one ends where the log ends. */
export interface BatchList {
  readonly firsts: number[];
  readonly chains: number[];
  /** The running checksum before the first of them. */
  before: number;
}

/** The running checksum at the end. */
export const chainOf = ({ chains, before }: BatchList): number => chains.at(-1) ?? before;

/**
 * Opens the journal in `directory`.
 *
 * @param wanted - whose it must be, and how to begin one where there is none; null opens any that is there, to read it.
 * @throws JournalFault - what is there is left as it is.
 */
export async function openFolder(
  directory: string,
  wanted: WantedJournal | null,
): Promise<{ readonly folder: JournalFolder; readonly recovered: Recovered; readonly syncs: number }> {
  const label = await readLabel(directory);
  if (typeof label === 'object') checkIdentity(label.identity, wanted, directory);
  if (wanted !== null) await makeFolder(directory);
  else await checkIsJournal(directory);
  const db = await openLevel(directory, wanted !== null && label === 'absent');
  try {
    let held = (await readAll(db, directory)) ?? (await beginJournal(db, directory, wanted, label));
    checkIdentity(held.recovered.identity, wanted, directory);
    if (held.harm !== undefined && wanted === null) throw damage(directory, held.harm);
    if (held.harm !== undefined) held = await mark(db, held, held.harm);
    const { recovered, batches, tail } = held;
    if (typeof label === 'object' && label.syncs > tail.syncs)
      throw damage(
        directory,
        `the last of its acknowledged writes are missing: ${label.syncs - tail.syncs} of them`,
      );
    if (held.past !== undefined && wanted !== null) await dropObsolete(db, held.past);
    const handle = wanted === null ? null : await renewLabel(directory, recovered.identity, tail.syncs);
    const folder = { db, label: handle, identity: recovered.identity, batches };
    return { folder, recovered, syncs: tail.syncs };
  } catch (problem) {
    await db.close();
    throw problem instanceof JournalFault ? problem : damage(directory, messageOf(problem));
  }
}

export async function closeFolder({ db, label }: JournalFolder): Promise<void> {
  await label?.close();
  await db.close();
}

export const damage = (directory: string, what: string): JournalFault =>
  new JournalFault(
    'journal-failed',
    `journal ${directory} is damaged (${what}): move the folder away and start again, and the peer joins anew and ` +
      'learns the log from the others.',
  );

/** Everything in the database, checked from the first record to the tail; undefined when it is empty. */
async function readAll(db: ClassicLevel, directory: string): Promise<Held | undefined> {
  const [identityText, tailText, damageText] = await db.getMany([IDENTITY_KEY, TAIL_KEY, DAMAGE_KEY]);
  const past = await readPast(db);
  let harm = past === 'unreadable' ? 'its snapshot is unreadable or missing' : undefined;
  const known = past === 'unreadable' ? undefined : past;
  const base = known?.snapshot.lastIndex ?? 0;
  let next = known?.record.firstBatch ?? 1;
  const entries: Entry[] = [];
  const batches: BatchList = { firsts: [], chains: [], before: known?.record.before ?? 0 };
  const range = { gte: batchKey(next), lt: BATCH_KEYS.lt };
  for await (const [key, text] of db.iterator({ ...range, highWaterMarkBytes: READ_AHEAD_BYTES })) {
    if (harm !== undefined) break;
    const record = unseal(text, chainOf(batches));
    if (record === undefined || key !== batchKey(next)) {
      harm = `entry ${next} is unreadable or missing`;
      break;
    }
    batches.firsts.push(next);
    batches.chains.push(record.chain);
    // A batch may begin before the snapshot ends.
    for (const entry of entriesIn(record.value)) if (next++ > base) entries.push(entry);
  }
  if (identityText === undefined && tailText === undefined && next === 1 && harm === undefined)
    return undefined;
  const identity = unseal(identityText ?? '')?.value as Identity | undefined;
  const tail = unseal(tailText ?? '')?.value as TailRecord | undefined;
  if (identity === undefined) throw damage(directory, 'its identity is unreadable or missing');
  if (tail === undefined) throw damage(directory, 'its promise is unreadable or missing');
  const last = base + entries.length;
  if (tail.last !== last || tail.chain !== chainOf(batches))
    harm ??= `it ends at entry ${last}, but ${tail.last} were written`;
  const recovered: Recovered = {
    identity,
    promised: tail.promised,
    entries,
    ...(known && { snapshot: known.snapshot }),
    ...(damageText !== undefined && { damage: String(unseal(damageText)?.value ?? 'it was damaged before') }),
  };
  return { recovered, batches, tail, past: known?.record, harm };
}

/**
 * Of a damaged journal that still knows what it has promised, the sound beginning is kept; that the rest is gone is on the
 * disk before anybody hears of this journal.
 */
async function mark(db: ClassicLevel, held: Held, harm: string): Promise<Held> {
  const { recovered, batches } = held;
  const last = (recovered.snapshot?.lastIndex ?? 0) + recovered.entries.length;
  const tail = { ...held.tail, syncs: held.tail.syncs + 1, last, chain: chainOf(batches) };
  await db.clear({ gte: batchKey(Math.max(last + 1, held.past?.firstBatch ?? 1)), lt: BATCH_KEYS.lt });
  const gone = held.past === undefined ? [{ type: 'del' as const, key: SNAPSHOT_KEY }] : [];
  const put = (key: string, value: unknown) => ({ type: 'put' as const, key, value: seal(value).text });
  await db.batch([...gone, put(DAMAGE_KEY, harm), put(TAIL_KEY, tail)], { sync: true });
  return { ...held, tail, recovered: { ...recovered, damage: harm }, harm: undefined };
}

/** The snapshot the log goes on from, with what points to it; undefined when there is none. */
async function readPast(
  db: ClassicLevel,
): Promise<{ readonly snapshot: Snapshot; readonly record: SnapshotRecord } | 'unreadable' | undefined> {
  const text = await db.get(SNAPSHOT_KEY);
  if (text === undefined) return undefined;
  const record = unseal(text)?.value as SnapshotRecord | undefined;
  const snapshot = record && (await readSnapshot(db, record));
  return record === undefined || snapshot === undefined ? 'unreadable' : { snapshot, record };
}

const READ_AHEAD_BYTES = 1024 * 1024;

/** A database without anything in it is a new one, unless the label knows better. */
async function beginJournal(
  db: ClassicLevel,
  directory: string,
  wanted: WantedJournal | null,
  label: Label,
): Promise<Held> {
  if (wanted === null || label !== 'absent') throw damage(directory, 'everything in it is gone');
  const identity = begin(wanted);
  const tail: TailRecord = { syncs: 1, promised: termZero(wanted.id), last: 0, chain: 0 };
  const records = { [IDENTITY_KEY]: identity, [TAIL_KEY]: tail };
  await db.batch(
    Object.entries(records).map(([key, value]) => ({ type: 'put', key, value: seal(value).text })),
    { sync: true },
  );
  return {
    recovered: { identity, promised: tail.promised, entries: [] },
    batches: { firsts: [], chains: [], before: 0 },
    tail,
    past: undefined,
    harm: undefined,
  };
}

function checkIdentity(identity: Identity, wanted: WantedJournal | null, directory: string) {
  if (identity.format !== JOURNAL_FORMAT)
    throw new JournalFault(
      'data-unusable',
      `data folder ${directory} has format ${identity.format}, this build reads ${JOURNAL_FORMAT}: use the build that wrote it.`,
    );
  const stranger = wanted === null ? null : foreignness(identity, wanted, `data folder ${directory}`);
  if (stranger !== null) throw new JournalFault(stranger.code, stranger.detail);
}

async function openLevel(directory: string, createIfMissing: boolean): Promise<ClassicLevel> {
  const place = join(directory, LEVEL);
  const table = await damagedTable(place);
  if (table !== null) throw damage(directory, `its table ${table} is unreadable`);
  const log = await repeatingLog(place);
  if (log !== null) throw damage(directory, `its log ${log} holds what was written once twice`);
  const db = new ClassicLevel(place, { createIfMissing, writeBufferSize: WRITE_BUFFER_BYTES });
  try {
    await db.open();
    return db;
  } catch (problem) {
    const cause = fieldOf(problem, 'cause') ?? problem;
    if (fieldOf(cause, 'code') === 'LEVEL_LOCKED')
      throw new JournalFault(
        'data-in-use',
        `data folder ${directory} is held by a running peer: stop that one first, or choose another folder.`,
      );
    const message = messageOf(cause);
    if (/permission denied|read-only|no space|too many open files/i.test(message))
      throw unusable(directory, message);
    throw damage(directory, message);
  }
}

const LEVEL = 'log';
const LABEL = 'LABEL';
/** LevelDB rewrites its log into tables each time this much has come. */
const WRITE_BUFFER_BYTES = 16 * 1024 * 1024;

/** Makes the folder, for its owner only, and its name last: a lost folder name is a lost journal. */
async function makeFolder(directory: string) {
  try {
    await makeWithin(resolve(directory, LEVEL));
  } catch (problem) {
    throw unusable(directory, messageOf(problem));
  }
}

/** One folder at a time: Node's own `recursive` never returns where nothing can be made, as under /proc. */
async function makeWithin(path: string): Promise<void> {
  if (await isDirectory(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeWithin(parent);
  // Another peer, starting beside us, may have made the folder above both meanwhile.
  await mkdir(path, { mode: 0o700 }).catch(async (problem) => {
    if (!(await isDirectory(path))) throw problem;
  });
  if (process.platform !== 'win32') await syncDirectory(parent);
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function syncDirectory(path: string) {
  const handle = await open(path, 'r');
  await handle.sync();
  await handle.close();
}

async function checkIsJournal(directory: string) {
  const isThere = await stat(join(directory, LEVEL, 'CURRENT')).catch(() => null);
  if (isThere === null)
    throw new JournalFault(
      'data-unusable',
      `${directory} is not a journal: name the folder given as --data.`,
    );
}

type Label = 'absent' | 'unreadable' | { readonly identity: Identity; readonly syncs: number };

async function readLabel(directory: string): Promise<Label> {
  try {
    const text = await readFile(join(directory, LABEL), 'utf8');
    const label = unseal(text.trimEnd());
    return label === undefined ? 'unreadable' : (label.value as Exclude<Label, string>);
  } catch (problem) {
    if (fieldOf(problem, 'code') === 'ENOENT') return 'absent';
    throw unusable(directory, messageOf(problem));
  }
}

async function renewLabel(directory: string, identity: Identity, syncs: number): Promise<FileHandle> {
  const label = await open(join(directory, LABEL), constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    writeLabel({ label, identity }, syncs);
    return label;
  } catch (problem) {
    await label.close();
    throw unusable(directory, messageOf(problem));
  }
}

/**
 * Of one length always, so that it is overwritten in place, in one piece. At once, for it only goes into the system's memory:
 * to have another thread do it takes ten times as long.
 */
export function writeLabel(
  { label, identity }: Pick<JournalFolder, 'label' | 'identity'>,
  syncs: number,
): void {
  const { text } = seal({ identity, syncs });
  if (label !== null) writeSync(label.fd, `${text.padEnd(LABEL_LENGTH)}\n`, 0);
}

const LABEL_LENGTH = 1023;

const unusable = (directory: string, why: string): JournalFault =>
  new JournalFault(
    'data-unusable',
    `data folder ${directory} cannot be used (${why}): make it a folder this process may write, or choose another.`,
  );

/** Not by `instanceof`: what Node throws may come from another realm than this file. */
const fieldOf = (problem: unknown, field: 'code' | 'message' | 'cause'): unknown =>
  typeof problem === 'object' && problem !== null ? (problem as Record<string, unknown>)[field] : undefined;

export const messageOf = (problem: unknown): string => String(fieldOf(problem, 'message') ?? problem);
