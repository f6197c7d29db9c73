/**
 * How the journal lies in LevelDB: one record batch per key, sealed by a checksum that runs on from record to record.
 *
 * LevelDB's own checksums do not suffice: it silently skips a damaged record of its log, so that an entry cut off long
 * ago could stand again in the place of a later one, and it does not verify what it reads from its tables. The running
 * checksum makes any record stand only behind those it was written behind (PROTOCOL §3, `prevHash`).
 */
import { crc32 } from 'node:zlib';
import { type Entry, packEntries, type Term, unpackEntries } from '../transport/protocol.js';

/** One key: consecutive entries, the first of them at `first`, packed as they travel. */
interface RecordBatch {
  readonly first: number;
  readonly entries: ReturnType<typeof packEntries>;
}

export const batchOf = (first: number, entries: readonly Entry[]): RecordBatch => ({
  first,
  entries: packEntries(entries),
});

/** The entries of a record batch that was unsealed. */
export const entriesIn = (value: unknown): readonly Entry[] => unpackEntries((value as RecordBatch).entries);

/** The end of the journal, rewritten by every sync, in the same LevelDB batch. */
export interface TailRecord {
  /** Syncs since the journal was begun, over all lives. */
  readonly syncs: number;
  readonly promised: Term;
  readonly last: number;
  /** The checksum of the last record batch; of an empty log 0, or what stands before its snapshot's end. */
  readonly chain: number;
}

export const IDENTITY_KEY = 'meta/identity';
export const TAIL_KEY = 'meta/tail';
/** There while part of what was acknowledged is gone. */
export const DAMAGE_KEY = 'meta/damage';
/** Every record batch lies between these; zero-padded, so that the order of keys is the order of entries. */
export const BATCH_KEYS = { gte: 'batch/', lt: 'batch0' } as const;
export const batchKey = (first: number): string => `batch/${padded(first)}`;
export const padded = (count: number): string => String(count).padStart(16, '0');

export interface Sealed {
  readonly text: string;
  readonly chain: number;
}

/** `value` as JSON behind its checksum, which continues `previous`. */
export function seal(value: unknown, previous = 0): Sealed {
  const json = JSON.stringify(value);
  const chain = crc32(json, previous);
  return { text: `${hexOf(chain)} ${json}`, chain };
}

/** The opposite of `seal`; undefined when the text is damaged, or was written behind something else. */
export function unseal(
  text: string,
  previous = 0,
): { readonly value: unknown; readonly chain: number } | undefined {
  const json = text.slice(CHECKSUM_LENGTH + 1);
  const chain = crc32(json, previous);
  if (text.slice(0, CHECKSUM_LENGTH + 1) !== `${hexOf(chain)} `) return undefined;
  return { value: JSON.parse(json), chain };
}

const CHECKSUM_LENGTH = 8;
const hexOf = (checksum: number): string => checksum.toString(16).padStart(CHECKSUM_LENGTH, '0');
