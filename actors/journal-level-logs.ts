/**
 * LevelDB's logs, looked over before LevelDB reads them: every write in one has numbers of its own, each higher than the last.
 *
 * A log that is written over with what it holds already keeps its checksums; LevelDB would take each of those writes twice,
 * and an assertion in its native code ends the process. What is damaged it leaves out itself.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordsOf } from './journal-level-format.js';

/** The log in `folder` that holds a write twice, as a word for people; null when none does. */
export async function repeatingLog(folder: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.endsWith('.log'))) {
    const content = await readFile(join(folder, name)).catch(() => null);
    if (content !== null && repeats(content)) return name;
  }
  return null;
}

/** In front of a write's records: the number of the first, and how many they are. */
const WRITE_HEADER = 12;

function repeats(log: Buffer): boolean {
  let next = 0n;
  for (const write of recordsOf(log)) {
    // LevelDB leaves it out.
    if (write.length < WRITE_HEADER) continue;
    const first = write.readBigUInt64LE(0);
    if (first < next) return true;
    next = first + BigInt(write.readUInt32LE(8));
  }
  return false;
}
