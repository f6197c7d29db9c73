import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { levelJournal } from '../../actors/journal-level.js';
import type { JournalWrite } from '../../actors/journal-store.js';
import { runLog } from '../../apps/cli/log.js';
import { change, closing, noop, recovering, term, wanted, writing } from './contract.js';

describe('bullpen log', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'journal-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  async function keep(...writes: readonly JournalWrite[]) {
    const store = levelJournal({ directory, wanted });
    await recovering(store);
    expect(await writing(store, ...writes)).toBeNull();
    return store;
  }

  async function run(action: 'cat' | 'verify', folder = directory) {
    const out: string[] = [];
    const err: string[] = [];
    const code = await runLog(
      { action, directory: folder },
      { out: (line) => out.push(line), err: (line) => err.push(line) },
    );
    return { code, out, err };
  }

  const ordered = change(1, {
    promised: term(3),
    first: 1,
    entries: [noop(1, 10), noop(2, 10), noop(2, 12)],
  });

  it('cat prints one line of JSON per entry, in order', async () => {
    await closing(await keep(ordered));

    const { code, out, err } = await run('cat');

    expect([code, err]).toEqual([0, []]);
    expect(out.map((line) => JSON.parse(line))).toEqual([
      { index: 1, kind: 'noop', term: term(1), at: 10, body: null },
      { index: 2, kind: 'noop', term: term(2), at: 10, body: null },
      { index: 3, kind: 'noop', term: term(2), at: 12, body: null },
    ]);
  });

  it('verify prints its judgement in one line', async () => {
    await closing(await keep(ordered));

    const { code, out, err } = await run('verify');

    expect([code, err]).toEqual([0, []]);
    expect(out).toEqual([
      'ok entries=3 last-term=2/p1 promised=3/p1 cluster="test" id=p1 mode=safe incarnation=first',
    ]);
  });

  it('verify accepts a journal without entries', async () => {
    await closing(await keep());

    const { code, out } = await run('verify');

    expect(code).toBe(0);
    expect(out).toEqual([expect.stringContaining('entries=0 last-term=- promised=0/p1')]);
  });

  it.each([
    ['whose terms decrease', [noop(2, 1), noop(1, 1)], 'entry 2 has term 1/p1, after term 2/p1'],
    ['whose clock goes back', [noop(1, 5), noop(1, 4)], 'entry 2 is of 4, before entry 1 of 5'],
    ['with entries above its promise', [noop(4, 1)], 'the last entry has term 4/p1, above the promise 3/p1'],
  ])('verify refuses a journal %s', async (_, entries, detail) => {
    await closing(await keep(change(1, { promised: term(3), first: 1, entries })));

    const { code, out, err } = await run('verify');

    expect([code, out]).toEqual([1, []]);
    expect(err).toEqual([`bullpen log: ${directory}: ${detail}`]);
  });

  it.each(['cat', 'verify'] as const)('%s says so when a running peer holds the folder', async (action) => {
    const store = await keep(ordered);

    const { code, out, err } = await run(action);
    await closing(store);

    expect([code, out]).toEqual([1, []]);
    expect(err).toEqual([expect.stringContaining('is held by a running peer')]);
  });

  it.each(['cat', 'verify'] as const)('%s says so when there is no journal', async (action) => {
    const missing = join(directory, 'missing');

    const { code, out, err } = await run(action, missing);

    expect([code, out]).toEqual([1, []]);
    expect(err).toEqual([expect.stringContaining(`${missing} is not a journal`)]);
  });
});
