/** A journal on a disk without room. Skipped where this process may not mount a small one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { levelJournal } from '../../actors/journal-level.js';
import type { Entry } from '../../transport/protocol.js';
import { change, closing, recovering, term, wanted, writing } from './contract.js';

const directory = mkdtempSync(join(tmpdir(), 'journal-'));
const mount = (...words: readonly string[]) => execFileSync('mount', words, { stdio: 'ignore' });
const isMounted = (() => {
  try {
    mount('-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', directory);
    return true;
  } catch {
    return false;
  }
})();
afterAll(() => {
  if (isMounted) execFileSync('umount', [directory]);
  rmSync(directory, { recursive: true });
});

const long = (place: number): Entry => ({
  kind: 'submission',
  term: term(1),
  at: place,
  body: { session: 1, submission: { number: place, topic: 't', payload: `${place} `.repeat(20_000) } },
});

(isMounted ? it : it.skip)(
  'says that there is no room, keeps what it had, and goes on where it was',
  async () => {
    const store = levelJournal({ directory: join(directory, 'data'), wanted });
    await recovering(store);
    const filling = join(directory, 'filling');
    const { bavail, bsize } = statfsSync(directory);
    writeFileSync(filling, Buffer.alloc(bavail * bsize - 500_000));

    let last = 0;
    let problem = null;
    while (problem === null && last < 100) {
      problem = await writing(store, change(last + 1, { first: last + 1, entries: [long(last + 1)] }));
      if (problem === null) last += 1;
    }
    const again = await writing(store, change(last + 1, { first: last + 1, entries: [long(last + 1)] }));
    rmSync(filling);
    const more = change(last + 2, { first: last + 2, entries: [long(last + 2)], promised: term(2) });
    const roomy = await writing(
      store,
      change(last + 1, { first: last + 1, entries: [long(last + 1)] }),
      more,
    );
    await closing(store);
    const next = levelJournal({ directory: join(directory, 'data'), wanted });
    const recovered = await recovering(next);
    await closing(next);

    expect([problem, again]).toMatchObject([{ isFull: true }, { isFull: true }]);
    expect(last).toBeGreaterThan(0);
    expect(roomy).toBeNull();
    expect(recovered.entries.map(({ at }) => at)).toEqual(Array.from({ length: last + 2 }, (_, i) => i + 1));
    expect(recovered.promised).toEqual(term(2));
    expect(recovered.damage).toBeUndefined();
  },
);
