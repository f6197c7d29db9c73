import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { levelJournal, readJournal } from '../../actors/journal-level.js';
import {
  change,
  closing,
  describeJournal,
  noops,
  opening,
  recovering,
  term,
  wanted,
  writing,
} from './contract.js';

describeJournal('on disk', () => {
  const home = mkdtempSync(join(tmpdir(), 'journal-'));
  const directory = join(home, 'data');
  return {
    store: (wanted) => levelJournal({ directory, wanted }),
    remove: () => rmSync(home, { recursive: true }),
  };
});

describe('a journal on disk', () => {
  let home: string;
  let directory: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'journal-'));
    directory = join(home, 'deep', 'data');
  });
  afterEach(() => rmSync(home, { recursive: true }));

  async function written(...lengths: readonly number[]) {
    const store = levelJournal({ directory, wanted });
    await recovering(store);
    let first = 1;
    for (const [i, length] of lengths.entries()) {
      await writing(store, change(i + 1, { first, entries: noops(1, length), promised: term(i + 1) }));
      first += length;
    }
    await closing(store);
  }

  /** Every file below the folder, with its bytes. */
  const contents = () =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => [file.name, readFileSync(join(file.parentPath, file.name), 'hex')] as const);

  it('makes its folder, with all above it, for its owner only', async () => {
    await written(1);

    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it('makes it beside others that are being made in the same place', async () => {
    const directories = Array.from({ length: 8 }, (_, i) => join(home, 'deep', 'deeper', `${i}`));
    const stores = directories.map((one) => levelJournal({ directory: one, wanted }));

    const opened = await Promise.all(stores.map((store) => opening(store)));

    expect(opened.map(({ ok }) => ok)).toEqual(directories.map(() => true));
    await Promise.all(stores.map((store) => closing(store)));
  });

  it('leaves the folder of another peer as it is, to the byte', async () => {
    await written(3);
    const before = contents();

    const refusal = await opening(levelJournal({ directory, wanted: { ...wanted, id: 'p2' } }));

    expect(refusal).toEqual({
      ok: false,
      code: 'data-of-another',
      detail: `data folder ${directory} belongs to another peer (id "p1" instead of "p2"): start this peer with its own folder.`,
    });
    expect(contents()).toEqual(before);
  });

  it('refuses a file where its folder should be', async () => {
    mkdirSync(join(home, 'deep'));
    writeFileSync(directory, 'not a folder');

    const refusal = await opening(levelJournal({ directory, wanted }));

    expect(refusal).toMatchObject({ ok: false, code: 'data-unusable' });
    expect(refusal).toMatchObject({ detail: expect.stringContaining(directory) });
  });

  const asOther = process.getuid?.() === 0 ? it.skip : it;
  asOther('refuses a folder it may not write', async () => {
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o500);

    const refusal = await opening(levelJournal({ directory, wanted }));

    chmodSync(directory, 0o700);
    expect(refusal).toMatchObject({ ok: false, code: 'data-unusable' });
  });

  it('refuses a journal of a layout it does not know', async () => {
    await written(1);
    const { seal } = await import('../../actors/journal-level-records.js');
    const identity = { format: 2, cluster: 'test', mode: 'safe', id: 'p1', incarnation: 'first' };
    writeFileSync(join(directory, 'LABEL'), seal({ identity, syncs: 1 }).text);

    const refusal = await opening(levelJournal({ directory, wanted }));

    expect(refusal).toMatchObject({ ok: false, code: 'data-unusable' });
    expect(refusal).toMatchObject({ detail: expect.stringContaining('format 2') });
  });

  it('stays failed once a write has failed', async () => {
    const store = levelJournal({ directory, wanted });
    await recovering(store);
    await writing(store, change(1, { first: 5, entries: noops(1, 1) }));

    const problem = await writing(store, change(2, { first: 1, entries: noops(1, 1) }));
    await closing(store);

    expect(problem).toEqual({ code: 'journal-failed', detail: expect.stringContaining('continues at 1') });
  });

  describe('read without a peer', () => {
    it('shows what it holds', async () => {
      await written(2, 3);

      const outcome = await readJournal(directory);

      expect(outcome).toMatchObject({ ok: true, recovered: { promised: term(2) } });
      expect(outcome).toMatchObject({ recovered: { entries: [...noops(1, 2), ...noops(1, 3)] } });
    });

    it('serves its peer afterwards as before', async () => {
      await written(2);
      await readJournal(directory);

      const store = levelJournal({ directory, wanted });
      const recovered = await recovering(store);
      await closing(store);

      expect(recovered.entries).toEqual(noops(1, 2));
    });

    it('says so when there is none, and makes none', async () => {
      const outcome = await readJournal(directory);

      expect(outcome).toMatchObject({ ok: false, code: 'data-unusable' });
      expect(readdirSync(home)).toEqual([]);
    });

    it('says so while a peer holds it', async () => {
      const store = levelJournal({ directory, wanted });
      await recovering(store);

      const outcome = await readJournal(directory);
      await closing(store);

      expect(outcome).toMatchObject({ ok: false, code: 'data-in-use' });
    });
  });
});
