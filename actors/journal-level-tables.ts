/**
 * LevelDB's tables, looked over before LevelDB reads them.
 *
 * It takes what stands in them on trust: one wrong bit in the index of a table, and an assertion in its native code ends
 * the process, where a sentence was due. Every block has a checksum; here they are compared, of all tables that count.
 * What is wrong elsewhere (CURRENT, MANIFEST, a table that is gone) LevelDB finds itself, and says so.
 *
 * Source: LevelDB's doc/table_format.md; Snappy's format_description.txt.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crcOf, Reader, recordsOf, unmasked } from './journal-level-format.js';

/** A table as the MANIFEST names it. */
interface Table {
  readonly number: number;
  readonly bytes: number;
}

/** The table in `folder` that is damaged, as a word for people; null when all are sound. */
export async function damagedTable(folder: string): Promise<string | null> {
  for (const { number, bytes } of await tablesIn(folder)) {
    const name = `${String(number).padStart(6, '0')}.ldb`;
    const content = await readFile(join(folder, name)).catch(() => null);
    if (content !== null && !isSound(content, bytes)) return name;
  }
  return null;
}

/** What the newest MANIFEST says is there: others are left over, perhaps half written, and LevelDB removes them. */
async function tablesIn(folder: string): Promise<readonly Table[]> {
  try {
    const current = await readFile(join(folder, 'CURRENT'), 'utf8');
    const tables = new Map<number, Table>();
    for (const edit of recordsOf(await readFile(join(folder, current.trimEnd())))) apply(edit, tables);
    return [...tables.values()];
  } catch {
    return [];
  }
}

/** A change of what there is. Fields: a tag, then numbers and texts, by tag. */
function apply(edit: Buffer, tables: Map<number, Table>): void {
  const reader = new Reader(edit);
  while (!reader.isAtEnd) {
    const tag = reader.number();
    if (tag === 1) reader.text();
    else if (tag === 2 || tag === 3 || tag === 4 || tag === 9) reader.number();
    else if (tag === 5) [reader.number(), reader.text()];
    else if (tag === 6) {
      reader.number();
      tables.delete(reader.number());
    } else if (tag === 7) {
      reader.number();
      const [number, bytes] = [reader.number(), reader.number()];
      tables.set(number, { number, bytes });
      reader.text();
      reader.text();
    } else throw new RangeError(`tag ${tag}`);
  }
}

const FOOTER = 48;
const MAGIC = Buffer.from('57fb808b247547db', 'hex');
/** Behind every block: how it is compressed, and its checksum. */
const TRAILER = 5;

function isSound(file: Buffer, bytes: number): boolean {
  try {
    const table = file.subarray(0, bytes);
    if (table.length < bytes || !table.subarray(-MAGIC.length).equals(MAGIC)) return false;
    const footer = new Reader(table.subarray(-FOOTER));
    const meta = blockAt(table, footer);
    const index = blockAt(table, footer);
    if (meta === null || index === null) return false;
    return [...handlesIn(meta), ...handlesIn(index)].every((handle) => blockAt(table, handle) !== null);
  } catch {
    return false;
  }
}

/** The block that `handle` leads to, as it was before it was compressed; null when it is damaged. */
function blockAt(table: Buffer, handle: Reader): Buffer | null {
  const [offset, size] = [handle.number(), handle.number()];
  const end = offset + size;
  if (end + TRAILER > table.length) return null;
  if (crcOf(table.subarray(offset, end + 1)) !== unmasked(table, end + 1)) return null;
  const content = table.subarray(offset, end);
  return table[end] === 0 ? content : expanded(content);
}

/** What the entries of an index lead to. An entry: how much of the last key it shares, lengths, rest of the key, value. */
function handlesIn(index: Buffer): readonly Reader[] {
  const restarts = index.readUInt32LE(index.length - 4);
  const reader = new Reader(index.subarray(0, index.length - 4 - 4 * restarts));
  const handles: Reader[] = [];
  while (!reader.isAtEnd) {
    reader.number();
    const [keyLength, valueLength] = [reader.number(), reader.number()];
    reader.take(keyLength);
    handles.push(new Reader(reader.take(valueLength)));
  }
  return handles;
}

/** Snappy undone: literals, and copies of what came before. */
function expanded(compressed: Buffer): Buffer {
  const reader = new Reader(compressed);
  const whole = Buffer.alloc(reader.number());
  let at = 0;
  while (!reader.isAtEnd) {
    const tag = reader.take(1).readUInt8();
    const kind = tag & 3;
    const code = tag >> 2;
    if (kind === 0) {
      const length = 1 + (code < 60 ? code : reader.take(code - 59).readUIntLE(0, code - 59));
      at += reader.take(length).copy(whole, at);
      continue;
    }
    const length = kind === 1 ? 4 + (code & 7) : 1 + code;
    const back =
      kind === 1
        ? ((code >> 3) << 8) | reader.take(1).readUInt8()
        : reader.take(2 * (kind - 1)).readUIntLE(0, 2 * (kind - 1));
    if (back === 0 || back > at) throw new RangeError('a copy of what is not there');
    // A copy may overlap what it makes.
    for (let end = at + length; at < end; at += 1) whole[at] = whole[at - back] ?? 0;
  }
  return whole;
}
