/** `bullpen log cat|export|verify DIR`: reads a data folder without a running peer, and changes nothing in it. */
import { readJournal } from '../../actors/index.js';
import { compareTerms, hashOf } from '../../machines/index.js';

export interface LogArguments {
  /** `cat` prints every entry, `export` before them what stands for those that are gone; `verify` judges the whole in one line. */
  readonly action: 'cat' | 'export' | 'verify';
  readonly directory: string;
}

export interface LogOutput {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

type Outcome = Awaited<ReturnType<typeof readJournal>>;
type Recovered = Extract<Outcome, { readonly ok: true }>['recovered'];
type Term = Recovered['promised'];

/**
 * Prints the journal in a folder: NDJSON, one line per entry, or one line of judgement.
 *
 * @returns the exit code: 1, after one line on `err`, when there is no journal, a running peer holds it, it is damaged,
 *   or its order is broken.
 */
export async function runLog({ action, directory }: LogArguments, { out, err }: LogOutput): Promise<number> {
  const outcome = await readJournal(directory);
  if (!outcome.ok) {
    err(`bullpen log: ${outcome.detail}`);
    return 1;
  }
  const { recovered } = outcome;
  const base = recovered.snapshot?.lastIndex ?? 0;
  if (action !== 'verify') {
    if (action === 'export' && recovered.snapshot !== undefined)
      out(JSON.stringify({ kind: 'snapshot', ...recovered.snapshot }));
    for (const [i, entry] of recovered.entries.entries())
      out(JSON.stringify({ index: base + i + 1, ...entry }));
    return 0;
  }
  const disorder = disorderOf(recovered);
  if (disorder === null) out(`ok ${summaryOf(recovered)}`);
  else err(`bullpen log: ${directory}: ${disorder}`);
  return disorder === null ? 0 : 1;
}

/** What no journal may show; null when it shows nothing of the kind. Holes and damage were refused by the reader. */
function disorderOf({ entries, promised, snapshot }: Recovered): string | null {
  if (snapshot !== undefined && hashOf(snapshot.state) !== snapshot.hash)
    return `the snapshot of ${snapshot.lastIndex} entries is not what its checksum says`;
  const base = snapshot?.lastIndex ?? 0;
  const past = snapshot === undefined ? undefined : { term: snapshot.lastTerm, at: snapshot.lastAt };
  for (const [place, entry] of entries.entries()) {
    const i = base + place;
    const before = place === 0 ? past : entries[place - 1];
    if (before === undefined) continue;
    if (compareTerms(entry.term, before.term) < 0)
      return `entry ${i + 1} has term ${show(entry.term)}, after term ${show(before.term)}`;
    if (entry.at < before.at) return `entry ${i + 1} is of ${entry.at}, before entry ${i} of ${before.at}`;
  }
  const last = entries.at(-1) ?? past;
  if (last !== undefined && compareTerms(last.term, promised) > 0)
    return `the last entry has term ${show(last.term)}, above the promise ${show(promised)}`;
  return null;
}

function summaryOf({ entries, promised, identity, snapshot, damage }: Recovered): string {
  const last = entries.at(-1)?.term ?? snapshot?.lastTerm;
  return [
    `entries=${entries.length}`,
    ...(snapshot === undefined ? [] : [`snapshot=${snapshot.lastIndex}`]),
    ...(damage === undefined ? [] : [`damaged=${JSON.stringify(damage)}`]),
    `last-term=${last === undefined ? '-' : show(last)}`,
    `promised=${show(promised)}`,
    `cluster=${JSON.stringify(identity.cluster)}`,
    `id=${identity.id}`,
    `mode=${identity.mode}`,
    `incarnation=${identity.incarnation}`,
  ].join(' ');
}

const show = ({ n, owner }: Term): string => `${n}/${owner}`;
