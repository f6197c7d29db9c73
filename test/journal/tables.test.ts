import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { damagedTable } from '../../actors/journal-level-tables.js';
import { draw } from '../../machines/values/chance.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tables-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const tablesIn = () => readdirSync(folder).filter((name) => name.endsWith('.ldb'));

/** A database of `rounds` lives, each of which leaves what it wrote to a table; some values compress and some do not. */
async function fill(rounds: number, entries: number): Promise<void> {
  let seed = 1;
  const digits = () => {
    const next = draw(seed);
    seed = next.seed;
    return next.value.toString(36).slice(2);
  };
  for (let round = 0; round <= rounds; round += 1) {
    const db = new ClassicLevel(folder);
    await db.open();
    for (let entry = 0; entry < entries && round < rounds; entry += 1)
      await db.put(
        `${digits()}/${entry}`,
        entry % 2 === 0 ? 'again and '.repeat(40) : digits().repeat(3) + digits(),
      );
    await db.close();
  }
}

function flip(path: string, place: number, bit: number): void {
  const bytes = readFileSync(path);
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
  writeFileSync(path, bytes);
}

describe("LevelDB's tables", () => {
  it('are sound as LevelDB leaves them, merged ones too', async () => {
    await fill(7, 300);

    expect(tablesIn().length).toBeGreaterThan(1);
    expect(await damagedTable(folder)).toBeNull();
  });

  it('are sound where there are none yet', async () => {
    expect(await damagedTable(folder)).toBeNull();
    expect(await damagedTable(join(folder, 'nowhere'))).toBeNull();
  });

  it('are damaged when a single bit is, wherever it is', async () => {
    await fill(1, 12);
    const [name = ''] = tablesIn();
    const path = join(folder, name);
    const { length } = readFileSync(path);
    /** In the footer, behind two handles of three bytes each, nothing stands up to the magic number. */
    const padding = { from: length - 48 + 6, to: length - 8 };

    const unnoticed: number[] = [];
    for (let place = 0; place < length; place += 1) {
      flip(path, place, place % 8);
      if ((await damagedTable(folder)) === null) unnoticed.push(place);
      flip(path, place, place % 8);
    }

    expect(unnoticed.filter((place) => place < padding.from || place >= padding.to)).toEqual([]);
    expect(await damagedTable(folder)).toBeNull();
  });

  it('are damaged when they are cut short, and LevelDB’s own affair when they are gone', async () => {
    await fill(1, 12);
    const [name = ''] = tablesIn();
    truncateSync(join(folder, name), 100);

    expect(await damagedTable(folder)).toBe(name);
    rmSync(join(folder, name));
    expect(await damagedTable(folder)).toBeNull();
  });

  it('do not count when the MANIFEST does not name them: a crash has left them half written', async () => {
    await fill(1, 12);
    const [name = ''] = tablesIn();
    copyFileSync(join(folder, name), join(folder, '999999.ldb'));
    truncateSync(join(folder, '999999.ldb'), 100);

    expect(await damagedTable(folder)).toBeNull();
  });
});
