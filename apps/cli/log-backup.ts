/**
 * `bullpen log backup DIR FILE` and `bullpen log restore FILE DIR`: a journal as one file, and one made from it again.
 *
 * What is restored is another incarnation: whatever the old journal had promised or acknowledged since the backup, the new one
 * does not know, so it may not vote as the old one did. Into a cluster that lives it comes back as a learner; where a cluster
 * is gone, `--found` makes it the first voter of a new one, which begins with all that was backed up.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { readJournal, writeJournal } from '../../actors/index.js';
import { defaultPriority, Log } from '../../machines/index.js';
import { Entry, Mode, PeerId, snapshotHead, Term } from '../../transport/index.js';
import type { LogOutput } from './log.js';

const Identity = z.object({ cluster: z.string().min(1).max(64), mode: Mode, id: PeerId });
const Head = z.strictObject({
  bullpen: z.literal('backup'),
  format: z.literal(1),
  identity: Identity,
  promised: Term,
  snapshot: z.strictObject({ ...snapshotHead, state: z.string() }).nullable(),
});
const End = z.strictObject({ entries: z.number().int().nonnegative(), sha256: z.string() });

/** Writes all that the journal in `directory` holds to `file`, which appears whole or not at all. Answers the exit code. */
export async function backUp(directory: string, file: string, { out, err }: LogOutput): Promise<number> {
  const outcome = await readJournal(directory);
  if (!outcome.ok) return fail(err, outcome.detail);
  const { identity, promised, snapshot = null, entries, damage } = outcome.recovered;
  if (damage !== undefined) return fail(err, `${directory} is damaged (${damage}): it has to recover first`);
  try {
    const handle = await open(`${file}.part`, 'w', 0o600);
    const sum = createHash('sha256');
    const write = async (value: unknown) => {
      const line = `${JSON.stringify(value)}\n`;
      sum.update(line);
      await handle.write(line);
    };
    await write({ bullpen: 'backup', format: 1, identity, promised, snapshot });
    for (const entry of entries) await write(entry);
    await write({ entries: entries.length, sha256: sum.copy().digest('hex') });
    await handle.sync();
    await handle.close();
    await rename(`${file}.part`, file);
  } catch (problem) {
    return fail(err, `cannot write ${file}: ${(problem as Error).message}`);
  }
  out(`ok entries=${entries.length} snapshot=${snapshot?.lastIndex ?? 0} id=${identity.id} file=${file}`);
  return 0;
}

/** Makes a journal in `directory`, which must be empty or not there, of the backup in `file`. Answers the exit code. */
export async function restore(
  file: string,
  directory: string,
  { isFounding }: { readonly isFounding: boolean },
  { out, err }: LogOutput,
): Promise<number> {
  const backup = await readBackup(file);
  if (typeof backup === 'string') return fail(err, `${file}: ${backup}`);
  const found = await readdir(directory).catch(() => []);
  if (found.length > 0) return fail(err, `${directory} is not empty: name a new folder`);
  const { identity, snapshot, entries } = backup;
  const freshIncarnation = randomUUID().replaceAll('-', '').slice(0, 16);
  const wanted = { ...identity, freshIncarnation };
  const past = snapshot === null ? {} : { snapshot };
  const held = { promised: backup.promised, entries, ...past };
  const problem = await writeJournal(directory, wanted, isFounding ? refounded(held, wanted) : held);
  if (problem !== null) return fail(err, problem.detail);
  out(`ok entries=${entries.length} id=${identity.id} incarnation=${freshIncarnation} data=${directory}`);
  return 0;
}

const fail = (err: LogOutput['err'], detail: string): number => {
  err(`bullpen log: ${detail}`);
  return 1;
};

type Backup = z.infer<typeof Head> & { readonly entries: readonly Entry[] };
type Held = Pick<Backup, 'promised' | 'entries'> & { readonly snapshot?: NonNullable<Backup['snapshot']> };

/** With one voter, this peer, in a cluster of another id: those of the old one refuse it. */
function refounded(held: Held, { id, freshIncarnation }: { id: PeerId; freshIncarnation: string }): Held {
  const term = { n: held.promised.n + 1, owner: id };
  const member = { id, incarnation: freshIncarnation, address: `${id}:0`, priority: defaultPriority(id) };
  const clusterId = randomUUID().replaceAll('-', '').slice(0, 16);
  const body = { clusterId, voters: [member], outgoing: [], learners: [] };
  const at = Log.of(held.entries, held.snapshot).lastAt;
  return { ...held, promised: term, entries: [...held.entries, { kind: 'configuration', term, at, body }] };
}

/** What the file holds, checked from the first line to the last; else what is wrong with it. */
async function readBackup(file: string): Promise<Backup | string> {
  const sum = createHash('sha256');
  const entries: Entry[] = [];
  let head: z.infer<typeof Head> | undefined;
  let end: z.infer<typeof End> | undefined;
  let expected = '';
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: 0 })) {
      if (end !== undefined) return 'something follows its end';
      const value: unknown = JSON.parse(line);
      if (head === undefined) head = Head.parse(value);
      else if (End.safeParse(value).success) {
        expected = sum.copy().digest('hex');
        end = End.parse(value);
      } else entries.push(Entry.parse(value));
      sum.update(`${line}\n`);
    }
  } catch (problem) {
    const isMissing = (problem as { code?: string }).code !== undefined;
    return isMissing ? (problem as Error).message : 'it is no backup, or a damaged one';
  }
  if (head === undefined || end === undefined) return 'it is cut off';
  if (end.entries !== entries.length || end.sha256 !== expected) return 'it is damaged';
  return { ...head, entries };
}
