/** Looks for bytes in the memory of another process, and in folders. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

const CHUNK = 1 << 20;

/** A number as a process may hold it: digits in one byte each or in two, and as a machine's number. */
export function formsOf(amount: number): readonly Buffer[] {
  const double = Buffer.alloc(8);
  double.writeDoubleLE(amount);
  const whole = Buffer.alloc(8);
  whole.writeBigInt64LE(BigInt(amount));
  return [Buffer.from(String(amount)), Buffer.from(String(amount), 'utf16le'), double, whole];
}

/**
 * Reads all that `pid` may read and write.
 *
 * @returns how many bytes were read, and how often any of `forms` occurs.
 * @throws Error where that is not permitted: it takes Linux and the right to trace the process.
 */
export function searchMemory(
  pid: number,
  forms: readonly Buffer[],
): { readonly bytes: number; readonly found: number } {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  let bytes = 0;
  let found = 0;
  try {
    for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').matchAll(REGION)) {
      const [, from = '', to = '', resident = '0'] = line;
      if (resident === '0') continue;
      const end = Number.parseInt(to, 16);
      // Chunks overlap, so that nothing is missed that lies on their border.
      for (let at = Number.parseInt(from, 16); at < end; at += CHUNK - 32) {
        const chunk = readAt(memory, at, Math.min(CHUNK, end - at));
        bytes += chunk.length;
        for (const form of forms) if (chunk.includes(form)) found += 1;
      }
    }
  } finally {
    closeSync(memory);
  }
  return { bytes, found };
}

/** Of each region that may be read and written: where it begins and ends, and how much of it is in memory, kB. */
const REGION = /^([0-9a-f]+)-([0-9a-f]+) rw\S+ .*\n(?:\w.*\n)*?Rss:\s+(\d+) kB/gm;

function readAt(memory: number, at: number, length: number): Buffer {
  const chunk = Buffer.alloc(length);
  try {
    return chunk.subarray(0, readSync(memory, chunk, 0, length, at));
  } catch {
    return chunk.subarray(0, 0);
  }
}

/** How many files below `folder` hold any of `forms`, of how many. */
export function searchFiles(
  folder: string,
  forms: readonly Buffer[],
): { readonly files: number; readonly found: number } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const holds = ({ parentPath, name }: { readonly parentPath: string; readonly name: string }) => {
    const content = readFileSync(join(parentPath, name));
    return forms.some((form) => content.includes(form));
  };
  return { files: files.length, found: files.filter(holds).length };
}
