import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { levelJournal } from '../../actors/journal-level.js';
import { closing, recovering, wanted } from './contract.js';
import { logAfter } from './history.js';

const { outputFiles } = buildSync({
  entryPoints: [resolve('test/journal/writer.ts')],
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  write: false,
});
const program = outputFiles[0]?.text ?? '';

/** Kills a writer with SIGKILL as soon as it has acknowledged so many writes; answers the last it acknowledged. */
function killAt(writes: number, directory: string): Promise<number> {
  return new Promise((ended, failed) => {
    const writer = spawn(process.execPath, ['--input-type=module', '-', directory], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let acknowledged = 0;
    createInterface(writer.stdout)
      .on('line', (line) => {
        if (!/^\d+$/.test(line)) failed(new Error(line));
        acknowledged = Number(line);
        if (acknowledged >= writes) writer.kill('SIGKILL');
      })
      .on('close', () => ended(acknowledged));
    writer.stdin.end(program);
  });
}

describe('a journal whose process is killed while it writes', () => {
  it.each([1, 2, 40, 300, 1000])(
    'holds all that was acknowledged, and no half write (killed at write %i)',
    async (writes) => {
      const home = mkdtempSync(join(tmpdir(), 'journal-'));
      const directory = join(home, 'data');
      const acknowledged = await killAt(writes, directory);

      const store = levelJournal({ directory, wanted });
      const recovered = await recovering(store);
      await closing(store);
      rmSync(home, { recursive: true });

      const found = recovered.promised.n;
      expect(acknowledged).toBeGreaterThanOrEqual(writes);
      expect(found).toBeGreaterThanOrEqual(acknowledged);
      expect(found % 3).toBe(0);
      expect(recovered.entries).toEqual(logAfter(found));
    },
  );
});
