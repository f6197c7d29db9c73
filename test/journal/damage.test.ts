import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { levelJournal } from '../../actors/journal-level.js';
import type { JournalWrite, OpenOutcome } from '../../actors/journal-store.js';
import { advance } from '../../machines/values/journal-record.js';
import { change, closing, noop, noops, opening, recovering, term, wanted, writing } from './contract.js';
import { BEGINNING, logAfter, writeAfter } from './history.js';

const WRITES = 30;
const whole = logAfter(WRITES);

/** A journal whose writes lie in LevelDB's log, or, opened once more, in its tables. */
async function journal(lives: 1 | 2): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'journal-'));
  let store = levelJournal({ directory, wanted });
  await recovering(store);
  let tip = BEGINNING;
  while (tip.write < WRITES) {
    const write = writeAfter(tip);
    expect(await writing(store, write)).toBeNull();
    tip = advance(tip, write);
  }
  await closing(store);
  if (lives === 2) {
    store = levelJournal({ directory, wanted });
    await recovering(store);
    await closing(store);
  }
  return directory;
}

const filesOf = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(directory.length + 1))
    .sort();

/** So many places spread over a file of `length` bytes, both ends included. */
const places = (length: number, count: number): readonly number[] =>
  length === 0
    ? []
    : [...new Set(Array.from({ length: count }, (_, i) => Math.floor((i * (length - 1)) / (count - 1))))];

function flip(file: string, place: number) {
  const bytes = readFileSync(file);
  bytes[place] = (bytes[place] ?? 0) ^ (1 << (place % 8));
  writeFileSync(file, bytes);
}

describe.each([
  ["LevelDB's log", 1],
  ["LevelDB's tables", 2],
] as const)('a journal in %s', (_, lives) => {
  let sound: string;
  beforeAll(async () => {
    sound = await journal(lives);
  });
  afterAll(() => rmSync(sound, { recursive: true }));

  /** What opens after `harm` was done to one file of a copy of the journal. */
  async function opened(file: string, harm: (path: string) => void): Promise<OpenOutcome> {
    const directory = mkdtempSync(join(tmpdir(), 'journal-'));
    cpSync(sound, directory, { recursive: true });
    harm(join(directory, file));
    const store = levelJournal({ directory, wanted: { ...wanted, freshIncarnation: 'second' } });
    const outcome = await opening(store);
    await closing(store);
    rmSync(directory, { recursive: true });
    return outcome;
  }

  /** Never an entry missing that is not said to be, never a promise taken back, never a journal begun anew in place of a lost one. */
  function expectAllOrNothing(harm: string, outcome: OpenOutcome) {
    const found = outcome.ok
      ? [
          outcome.recovered.identity.incarnation,
          outcome.recovered.promised.n,
          outcome.recovered.damage === undefined ? outcome.recovered.entries : 'marked',
        ]
      : outcome.code;
    const expected = outcome.ok
      ? ['first', WRITES, outcome.recovered.damage === undefined ? whole : 'marked']
      : 'journal-failed';
    expect([harm, found]).toEqual([harm, expected]);
  }

  it('opens sound as it is', async () => {
    const outcome = await opened('LABEL', () => {});

    expect(outcome).toMatchObject({ ok: true });
    expectAllOrNothing('none', outcome);
  });

  it('opens whole or not at all when a bit flips, wherever it is', async () => {
    const refusals = new Set<string>();
    for (const file of filesOf(sound)) {
      const length = readFileSync(join(sound, file)).length;
      for (const place of places(length, 60)) {
        const outcome = await opened(file, (path) => flip(path, place));
        expectAllOrNothing(`${file} bit flipped in byte ${place} of ${length}`, outcome);
        if (!outcome.ok) refusals.add(file);
      }
    }

    expect(refusals.size).toBeGreaterThan(0);
  });

  it('opens whole or not at all when a file stands twice', async () => {
    for (const file of filesOf(sound)) {
      const twice = (path: string) =>
        writeFileSync(path, Buffer.concat([readFileSync(path), readFileSync(path)]));
      const outcome = await opened(file, twice);
      expectAllOrNothing(`${file} twice`, outcome);
      if (file.endsWith('.log') && lives === 1)
        expect(outcome).toMatchObject({ code: 'journal-failed', detail: expect.stringContaining('twice') });
    }
  });

  it('opens whole or not at all when a file is cut short or gone', async () => {
    const refusals = new Set<string>();
    for (const file of filesOf(sound)) {
      const length = readFileSync(join(sound, file)).length;
      for (const place of places(length, 20)) {
        const outcome = await opened(file, (path) => truncateSync(path, place));
        expectAllOrNothing(`${file} cut to ${place} of ${length}`, outcome);
        if (!outcome.ok) refusals.add(file);
      }
      expectAllOrNothing(`${file} gone`, await opened(file, (path) => rmSync(path)));
    }

    expect(refusals.size).toBeGreaterThan(0);
  });
});

// LevelDB names the file it looked for, and the name comes from the damaged file.
it('says in one line what is wrong, whatever stands in a damaged file', async () => {
  const directory = await journal(1);
  writeFileSync(join(directory, 'log/CURRENT'), 'MANIFEST-\u001b[31m\nready\n');

  const store = levelJournal({ directory, wanted });
  const outcome = await opening(store);
  await closing(store);
  rmSync(directory, { recursive: true });

  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(outcome.ok ? '\n' : outcome.detail).toMatch(/^[^\u0000-\u001f]*$/);
});

// LevelDB skips a damaged block of its log without a word, and goes on with the next one.
it('says so when truncated entries stand again, since the write that replaced them is lost', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'journal-'));
  const live = async (...writes: readonly JournalWrite[]) => {
    const store = levelJournal({ directory, wanted });
    await recovering(store);
    for (const write of writes) expect(await writing(store, write)).toBeNull();
    await closing(store);
  };
  const block = 32 * 1024;
  const long = { session: 1, submission: { number: 1, topic: 't', payload: 'x'.repeat(block) } };
  await live(change(1, { first: 1, entries: noops(1, 2) }));
  await live(
    change(1, {
      truncateFrom: 1,
      first: 1,
      entries: [{ kind: 'submission', term: term(2), at: 0, body: long }, noop(2)],
    }),
    change(2, { first: 3, entries: noops(2, 1) }),
  );

  const log = filesOf(directory).find((file) => file.endsWith('.log')) ?? '';
  flip(join(directory, log), block / 2);
  const store = levelJournal({ directory, wanted });
  const outcome = await opening(store);
  await closing(store);
  const again = levelJournal({ directory, wanted });
  const later = await recovering(again);
  const mended = await writing(again, change(1, { truncateFrom: 2, isMended: true }));
  await closing(again);
  const last = levelJournal({ directory, wanted });
  const sound = await recovering(last);
  await closing(last);
  rmSync(directory, { recursive: true });

  const damage = 'entry 3 is unreadable or missing';
  expect(outcome).toMatchObject({ ok: true, recovered: { damage, entries: noops(1, 2) } });
  // The mark stays until it is taken off.
  expect(later).toMatchObject({ damage, entries: noops(1, 2) });
  expect(mended).toBeNull();
  expect(sound).toMatchObject({ entries: noops(1, 1) });
  expect(sound.damage).toBeUndefined();
});
