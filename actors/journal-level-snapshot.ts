/**
 * The snapshot in LevelDB: its state in parts, and one record that points to them and says where the log goes on.
 *
 * The parts are written and synced first, one by one; the pointer goes into the batch of the sync that follows. So a crash
 * leaves the old pointer or the new one, and parts that nothing points to go at the next start.
 */
import type { ClassicLevel } from 'classic-level';
import type { Snapshot, SnapshotHead } from '../machines/values/snapshot.js';
import { BATCH_KEYS, batchKey, padded, seal, unseal } from './journal-level-records.js';

/** The one snapshot that counts. */
export interface SnapshotRecord {
  readonly head: SnapshotHead;
  /** How many parts its state has, and their running checksum. */
  readonly parts: number;
  readonly chain: number;
  /** Where the first record batch behind it begins, and the running checksum before that. */
  readonly firstBatch: number;
  readonly before: number;
}

export const SNAPSHOT_KEY = 'meta/snapshot';
const PART_CHARACTERS = 256 * 1024;
const partKey = (lastIndex: number, part: number): string => `snapshot/${padded(lastIndex)}/${padded(part)}`;
const PART_KEYS = { gte: 'snapshot/', lt: 'snapshot0' } as const;

/** Puts the parts there, and answers what will point to them. One at a time, so that nobody waits long for the disk. */
export async function writeParts(
  db: ClassicLevel,
  { state, ...head }: Snapshot,
): Promise<Pick<SnapshotRecord, 'head' | 'parts' | 'chain'>> {
  let parts = 0;
  let chain = 0;
  for (let at = 0; at < state.length; at += PART_CHARACTERS) {
    const sealed = seal(state.slice(at, at + PART_CHARACTERS), chain);
    await db.put(partKey(head.lastIndex, parts), sealed.text, { sync: true });
    chain = sealed.chain;
    parts += 1;
  }
  return { head, parts, chain };
}

/** The snapshot `record` points to; undefined when it is damaged. */
export async function readSnapshot(db: ClassicLevel, record: SnapshotRecord): Promise<Snapshot | undefined> {
  const texts: string[] = [];
  let chain = 0;
  for (let part = 0; part < record.parts; part += 1) {
    const sealed = unseal((await db.get(partKey(record.head.lastIndex, part))) ?? '', chain);
    if (sealed === undefined) return undefined;
    texts.push(sealed.value as string);
    chain = sealed.chain;
  }
  return chain === record.chain ? { ...record.head, state: texts.join('') } : undefined;
}

/** Takes away what `record` stands for: batches before it, and parts of other snapshots. */
export async function dropObsolete(db: ClassicLevel, record: SnapshotRecord): Promise<void> {
  const { lastIndex } = record.head;
  await db.clear({ gte: BATCH_KEYS.gte, lt: batchKey(record.firstBatch) });
  await db.clear({ gte: PART_KEYS.gte, lt: partKey(lastIndex, 0) });
  await db.clear({ gte: partKey(lastIndex, record.parts), lt: PART_KEYS.lt });
}
