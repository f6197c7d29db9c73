/** A small disk for a data folder: a tmpfs that can be filled to its last byte, and emptied. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, open, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, perform } from './command.js';

/** The journal of a round and its rewriting fit in several times. */
const SIZE = '256m';
const CHUNK_BYTES = 1024 * 1024;
const BALLAST = 'ballast';

/** @returns null when one may be mounted here; else why not. */
export async function whyNoSmallDisk(): Promise<string | null> {
  const place = await mkdtemp(join(tmpdir(), 'bullpen-disk-'));
  const { exitCode, stderr } = await attempt('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place]);
  if (exitCode === 0) await perform('umount', place);
  await rmdir(place);
  return exitCode === 0 ? null : `mounting a tmpfs is not permitted here (${stderr.trim()})`;
}

export interface SmallDisk {
  /** Leaves no byte free. */
  fill(): Promise<void>;
  empty(): Promise<void>;
  /** Unmounts it: what it held is gone. */
  close(): void;
}

/** Mounts one at `place`, which is made. */
export async function mountSmallDisk(place: string): Promise<SmallDisk> {
  mkdirSync(place, { recursive: true });
  await perform('mount', '-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', place);
  const close = () => {
    process.off('exit', close);
    execFileSync('umount', ['-l', place]);
  };
  process.once('exit', close);
  return {
    fill: () => fill(join(place, BALLAST)),
    empty: () => rm(join(place, BALLAST), { force: true }),
    close,
  };
}

async function fill(path: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    // Large pieces first, then single bytes: until not even one fits.
    for (let size = CHUNK_BYTES; size >= 1; ) {
      const written = await file.write(Buffer.alloc(size)).catch(() => null);
      if (written === null || written.bytesWritten < size) size = Math.floor(size / 2);
    }
  } finally {
    await file.close();
  }
}
