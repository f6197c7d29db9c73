import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { levelJournal, readJournal } from '../../actors/journal-level.js';
import { runLog } from '../../apps/cli/log.js';
import { backUp, restore } from '../../apps/cli/log-backup.js';
import { change, closing, noops, recovering, snapshotOf, term, wanted, writing } from './contract.js';

const entries = noops(1, 10);
const snapshot = snapshotOf(entries, 4);

describe('a backup', () => {
  let home: string;
  const at = (name: string) => join(home, name);
  const spoken: string[] = [];
  const output = { out: (line: string) => spoken.push(line), err: (line: string) => spoken.push(line) };
  const heldIn = async (directory: string) => {
    const outcome = await readJournal(directory);
    if (!outcome.ok) throw new Error(outcome.detail);
    return outcome.recovered;
  };

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'backup-'));
    spoken.length = 0;
    const store = levelJournal({ directory: at('data'), wanted });
    await recovering(store);
    const first = change(1, { first: 1, entries, promised: term(3) });
    expect(await writing(store, first, change(2, { snapshot }))).toBeNull();
    await closing(store);
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('becomes a journal with the same content, of another incarnation', async () => {
    const codes = [
      await backUp(at('data'), at('file'), output),
      await restore(at('file'), at('new'), { isFounding: false }, output),
    ];

    const before = await heldIn(at('data'));
    const after = await heldIn(at('new'));
    expect(codes).toEqual([0, 0]);
    expect(after).toEqual({
      ...before,
      identity: { ...before.identity, incarnation: after.identity.incarnation },
    });
    expect(after.identity.incarnation).not.toBe(before.identity.incarnation);
    expect(await runLog({ action: 'verify', directory: at('new') }, output)).toBe(0);
    expect(spoken.at(-1)).toMatch(/^ok entries=6 snapshot=4 last-term=1\/p1 promised=3\/p1 /);
  });

  it('founds another cluster when it is told to, with one voter', async () => {
    await backUp(at('data'), at('file'), output);
    const code = await restore(at('file'), at('new'), { isFounding: true }, output);

    const { entries: after, promised, identity } = await heldIn(at('new'));
    const { incarnation } = identity;
    expect(code).toBe(0);
    expect(promised).toEqual({ n: 4, owner: 'p1' });
    expect(after).toHaveLength(7);
    expect(after.at(-1)).toMatchObject({
      kind: 'configuration',
      body: { voters: [{ id: 'p1', incarnation }] },
    });
  });

  it('is refused with one line when it is damaged, cut off, or no backup', async () => {
    await backUp(at('data'), at('file'), output);
    const text = readFileSync(at('file'), 'utf8');
    const lines = text.split('\n');
    const broken = [
      text.replace('"n":1', '"n":2'),
      lines.slice(0, -2).join('\n'),
      [...lines.slice(0, 3), ...lines.slice(4)].join('\n'),
      `${text}${lines[1]}\n`,
      'no backup',
      '',
    ];
    const codes: number[] = [];
    for (const [place, content] of broken.entries()) {
      writeFileSync(at(`broken ${place}`), content);
      codes.push(await restore(at(`broken ${place}`), at('never'), { isFounding: false }, output));
    }
    codes.push(await restore(at('nowhere'), at('never'), { isFounding: false }, output));

    expect(codes).toEqual(codes.map(() => 1));
    expect(spoken.slice(1).every((line) => line.startsWith('bullpen log: ') && !line.includes('\n'))).toBe(
      true,
    );
    expect((await readJournal(at('never'))).ok).toBe(false);
  });

  it('is not restored over something, and not made of nothing or of what is in use', async () => {
    await backUp(at('data'), at('file'), output);
    const over = await restore(at('file'), at('data'), { isFounding: false }, output);
    const nothing = await backUp(at('nowhere'), at('other'), output);
    const store = levelJournal({ directory: at('data'), wanted });
    await recovering(store);
    const held = await backUp(at('data'), at('other'), output);
    await closing(store);
    const unwritable = await backUp(at('data'), at('no/such/folder'), output);

    expect([over, nothing, held, unwritable]).toEqual([1, 1, 1, 1]);
  });

  it('can be read without it: export begins with the snapshot, cat with the entry behind it', async () => {
    const lines = async (action: 'cat' | 'export') => {
      spoken.length = 0;
      await runLog({ action, directory: at('data') }, output);
      return spoken.map((line) => JSON.parse(line));
    };

    const cat = await lines('cat');
    const whole = await lines('export');
    expect(cat.map(({ index }) => index)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(whole).toEqual([{ kind: 'snapshot', ...snapshot }, ...cat]);
  });
});
