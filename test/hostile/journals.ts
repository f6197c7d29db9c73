/**
 * Target: a journal's folder after something has happened to one of its files. It opens with all that was ever
 * acknowledged, or it does not open and says why in one line: nothing between, and no other the second time.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { levelJournal } from '../../actors/journal-level.js';
import type { JournalStore, OpenOutcome, WantedJournal } from '../../actors/journal-store.js';
import { runLog } from '../../apps/cli/log.js';
import { advance } from '../../machines/values/journal-record.js';
import { BEGINNING, logAfter, writeAfter } from '../journal/history.js';
import type { Choices } from './choices.js';
import { UNPRINTABLE } from './frames.js';
import type { Target, Verdict, World } from './fuzzing.js';

/** Memory rather than a disk, where there is such a thing: what is asked for here is not how fast a disk is. */
const HOME = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const WANTED: WantedJournal = { cluster: 'test', mode: 'safe', id: 'p1', freshIncarnation: 'first' };

/** How a journal came to be: in how many lives its writes were made, and how many they are. */
interface Past {
  readonly lives: number;
  readonly writes: number;
}
const PASTS: readonly Past[] = [
  { lives: 1, writes: 12 },
  { lives: 2, writes: 12 },
  { lives: 1, writes: 300 },
  { lives: 3, writes: 300 },
];

/** Every way in which a file changes behind one's back. Sizes and places are shares of the file, in millionths. */
const HARMS = [
  'flip',
  'cut',
  'gone',
  'garbage',
  'zeros',
  'repeat',
  'append',
  'swap',
  'folder',
  'torn',
] as const;

interface Damage {
  readonly past: number;
  readonly harm: (typeof HARMS)[number];
  readonly file: number;
  readonly place: number;
  readonly size: number;
  readonly bit: number;
  /** Looked at by `bullpen log verify` first, or opened at once. */
  readonly isVerified: boolean;
}

const WHOLE = 1_000_000;

const damageFrom = (choices: Choices): Damage => ({
  past: choices.below(PASTS.length),
  harm: choices.onceIn(2) ? 'flip' : choices.of(HARMS),
  file: choices.below(16),
  // The ends of files are where writes are cut off.
  place: choices.onceIn(4) ? WHOLE - choices.below(2000) : choices.below(WHOLE + 1),
  size: choices.below(choices.of([10, 1000, WHOLE]) + 1),
  bit: choices.below(8),
  isVerified: choices.onceIn(5),
});

export const journals: Target<Damage> = {
  name: 'journal',
  share: 6,
  inputsPerWorld: 500,
  isComputing: true,
  draw: damageFrom,
  show: ({ past, ...damage }) => JSON.stringify({ ...PASTS[past], ...damage }),
  open: async () => new Attic(await theKept()),
};

/** A sound journal, and the same with one write more, of which the last sync may have been cut off. */
interface Kept {
  readonly past: Past;
  readonly folder: string;
  readonly next: string;
}

let keeping: Promise<readonly Kept[]> | null = null;

/** Made once: every input harms a copy. */
function theKept(): Promise<readonly Kept[]> {
  if (keeping !== null) return keeping;
  keeping = Promise.all(PASTS.map(kept));
  keeping.then((all) =>
    process.once('exit', () => {
      for (const { folder, next } of all)
        for (const path of [folder, next]) rmSync(path, { recursive: true, force: true });
    }),
  );
  return keeping;
}

const opened = (store: JournalStore): Promise<OpenOutcome> => new Promise((done) => store.open(done));
const closed = (store: JournalStore): Promise<void> => new Promise((done) => store.close(done));

async function kept(past: Past): Promise<Kept> {
  const folder = mkdtempSync(join(HOME, 'bullpen-hostile-'));
  let tip = BEGINNING;
  for (let life = 1; life <= past.lives; life += 1)
    tip = await lived(folder, tip, Math.ceil((past.writes * life) / past.lives));
  const next = mkdtempSync(join(HOME, 'bullpen-hostile-'));
  cpSync(folder, next, { recursive: true });
  await lived(next, tip, past.writes + 1);
  return { past, folder, next };
}

/** Writes history up to `writes`; in each life the writes are counted anew. */
async function lived(folder: string, from: typeof BEGINNING, writes: number): Promise<typeof BEGINNING> {
  const store = levelJournal({ directory: folder, wanted: WANTED });
  await opened(store);
  let tip = from;
  while (tip.write < writes) {
    const write = writeAfter(tip);
    const problem = await new Promise((done) => store.write([write], done));
    if (problem !== null) throw new Error(`no journal to harm: ${JSON.stringify(problem)}`);
    tip = advance(tip, write);
  }
  await closed(store);
  return tip;
}

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(folder.length + 1))
    // LevelDB numbers them as it goes: the same content has the same order.
    .sort();

class Attic implements World<Damage> {
  readonly #kept: readonly Kept[];
  readonly #folder = mkdtempSync(join(HOME, 'bullpen-hostile-'));

  constructor(keptOnes: readonly Kept[]) {
    this.#kept = keptOnes;
  }

  async judge(damage: Damage): Promise<Verdict> {
    const source = this.#kept[damage.past];
    if (source === undefined) throw new Error(`no past ${damage.past}`);
    const folder = join(this.#folder, 'data');
    rmSync(folder, { recursive: true, force: true });
    cpSync(damage.harm === 'torn' ? source.next : source.folder, folder, { recursive: true });
    const file = harm(folder, damage, source);
    const times: number[] = [];
    const timed = async <Result>(task: Promise<Result>): Promise<Result> => {
      const started = performance.now();
      const result = await task;
      times.push(performance.now() - started);
      return result;
    };
    const verified = damage.isVerified ? await timed(verify(folder)) : null;
    const first = await timed(this.#open(folder));
    const again = await timed(this.#open(folder));
    const outcome = `${damage.harm} ${kindOf(file)}: ${first.ok ? 'whole' : first.code}`;
    const may = damage.harm === 'torn' ? [source.past.writes, source.past.writes + 1] : [source.past.writes];
    const complaint = verified ?? wrongWith(first, may) ?? wrongWith(again, may) ?? healed(first, again);
    const detail = complaint === null ? null : `${complaint} (${damage.harm} of ${file})`;
    return { outcome, complaint: detail, longestMs: Math.max(...times) };
  }

  async #open(folder: string): Promise<OpenOutcome> {
    const store = levelJournal({ directory: folder, wanted: { ...WANTED, freshIncarnation: 'second' } });
    const outcome = await opened(store);
    await closed(store);
    return outcome;
  }

  close(): null {
    rmSync(this.#folder, { recursive: true });
    return null;
  }
}

/** Does it to one file of `folder`, and says to which. */
function harm(folder: string, damage: Damage, source: Kept): string {
  const files = filesOf(folder).filter((file) => readFileSync(join(folder, file)).length > 0);
  const isTorn = damage.harm === 'torn';
  const log = files.findLast((file) => file.endsWith('.log'));
  const name = (isTorn ? log : files[damage.file % files.length]) ?? 'LABEL';
  const path = join(folder, name);
  const bytes = readFileSync(path);
  const at = Math.min(bytes.length - 1, Math.floor((bytes.length * damage.place) / WHOLE));
  const end = Math.min(bytes.length, at + 1 + Math.floor((bytes.length * damage.size) / WHOLE));
  switch (damage.harm) {
    case 'flip':
      bytes[at] = (bytes[at] ?? 0) ^ (1 << damage.bit);
      break;
    case 'zeros':
      bytes.fill(0, at, end);
      break;
    case 'swap': {
      // Not with the label, which is the witness of the others: two damages at once are more than it can tell.
      const others = name === 'LABEL' ? [name] : files.filter((file) => file !== 'LABEL');
      const other = join(folder, others[(damage.file + 1 + damage.bit) % others.length] ?? name);
      writeFileSync(path, readFileSync(other));
      writeFileSync(other, bytes);
      return name;
    }
    case 'gone':
      rmSync(path);
      return name;
    case 'folder':
      rmSync(path);
      mkdirSync(path);
      return name;
    case 'torn': {
      // The write after the last acknowledged one: cut off anywhere, and not in the label yet.
      cpSync(join(source.folder, 'LABEL'), join(folder, 'LABEL'));
      writeFileSync(path, bytes.subarray(0, tornAt(bytes.length, damage, source)));
      return name;
    }
    default:
      writeFileSync(path, changed(bytes, at, end, damage));
      return name;
  }
  writeFileSync(path, bytes);
  return name;
}

function tornAt(length: number, { place }: Damage, { folder, past }: Kept): number {
  // A journal of several lives begins its log anew with each: all of it is of the last write.
  const logs = filesOf(folder).filter((file) => file.endsWith('.log'));
  const before = past.lives === 1 ? readFileSync(join(folder, logs.at(-1) ?? '')).length : 0;
  const isContinued = before <= length;
  return (isContinued ? before : 0) + Math.floor(((length - (isContinued ? before : 0)) * place) / WHOLE);
}

function changed(bytes: Buffer, at: number, end: number, { harm }: Damage): Buffer {
  switch (harm) {
    case 'cut':
      return bytes.subarray(0, at);
    case 'garbage':
      return Buffer.from(bytes.map((byte, place) => byte ^ (place * 31 + 7)));
    case 'repeat':
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes, bytes.subarray(at, end)]);
  }
}

const kindOf = (file: string): string => file.replace(/^.*\//, '').replace(/^.*\.|-?\d+$/g, '');

/** What opens is what was acknowledged, or says that part of it is gone; what does not says so in one line. */
function wrongWith(outcome: OpenOutcome, may: readonly number[]): string | null {
  if (!outcome.ok) {
    const { code, detail } = outcome;
    if (code !== 'journal-failed' && code !== 'data-unusable') return `code: ${code}: ${detail}`;
    return UNPRINTABLE.test(detail) ? `unprintable: ${JSON.stringify(detail)}` : null;
  }
  const { identity, promised, entries, damage } = outcome.recovered;
  if (identity.incarnation !== 'first') return 'begun anew: in place of the journal that was there';
  if (!may.includes(promised.n)) return `promise: ${promised.n} instead of ${may.join(' or ')}`;
  // Its peer knows, and has no vote until it has learnt again what is gone.
  if (damage !== undefined) return UNPRINTABLE.test(damage) ? `unprintable: ${JSON.stringify(damage)}` : null;
  const expected = JSON.stringify(logOf(promised.n));
  return JSON.stringify(entries) === expected
    ? null
    : `entries: ${entries.length} that are not the acknowledged ones`;
}

const logs = new Map<number, readonly unknown[]>();
function logOf(writes: number): readonly unknown[] {
  const log = logs.get(writes) ?? logAfter(writes);
  logs.set(writes, log);
  return log;
}

const healed = (first: OpenOutcome, again: OpenOutcome): string | null =>
  first.ok === again.ok ? null : `not the same twice: ${show(first)}, then ${show(again)}`;
const show = (outcome: OpenOutcome): string => (outcome.ok ? 'whole' : `${outcome.code} ${outcome.detail}`);

async function verify(folder: string): Promise<string | null> {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const code = await runLog({ action: 'verify', directory: folder }, { out: say, err: say });
  const isLine =
    said.length === 1 &&
    !UNPRINTABLE.test(said[0] ?? '') &&
    (said[0] ?? '').startsWith(code === 0 ? 'ok ' : 'bullpen log: ');
  return isLine ? null : `verify: exit ${code}: ${JSON.stringify(said)}`;
}
