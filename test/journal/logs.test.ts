import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { repeatingLog } from '../../actors/journal-level-logs.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes of all sizes: several to a block, and over several blocks. */
async function fill(writes: number): Promise<string> {
  const db = new ClassicLevel(folder);
  await db.open();
  for (let write = 0; write < writes; write += 1)
    await db.batch([
      { type: 'put', key: `a/${write % 5}`, value: 'x'.repeat((write * 7919) % 70_000) },
      { type: 'del', key: `b/${write}` },
    ]);
  await db.close();
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.log')) ?? '');
}

describe("LevelDB's logs", () => {
  it('hold every write once as LevelDB leaves them, and where there are none yet', async () => {
    expect(await repeatingLog(join(folder, 'nowhere'))).toBeNull();
    await fill(40);
    expect(await repeatingLog(folder)).toBeNull();
    // Opened anew: what the log held is in a table, and a new log begins.
    await fill(40);
    expect(await repeatingLog(folder)).toBeNull();
  });

  it('hold a write twice when they are written over with themselves, whole or in part', async () => {
    const path = await fill(40);
    const bytes = readFileSync(path);
    const block = 32 * 1024;
    const repeated = [
      Buffer.concat([bytes, bytes]),
      // Where a block ends the next one is read, whatever stands before it.
      Buffer.concat([bytes.subarray(0, 8 * block), bytes.subarray(2 * block)]),
      Buffer.concat([bytes.subarray(0, 3 * block), Buffer.alloc(block, 7), bytes.subarray(block)]),
    ];

    for (const content of repeated) {
      writeFileSync(path, content);
      expect(await repeatingLog(folder)).toBe(path.slice(folder.length + 1));
    }
  });

  it('hold no write twice when they are cut short or a part is unreadable', async () => {
    const path = await fill(40);
    const bytes = readFileSync(path);

    for (const cut of [3, 100, 40_000, bytes.length - 1]) {
      writeFileSync(path, bytes.subarray(0, cut));
      expect(await repeatingLog(folder)).toBeNull();
      writeFileSync(path, Buffer.concat([bytes.subarray(0, cut), Buffer.alloc(9), bytes.subarray(cut + 9)]));
      expect(await repeatingLog(folder)).toBeNull();
    }
  });
});
