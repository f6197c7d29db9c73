/**
 * Runs: how submissions and their entries travel, and lie on disk. What most of them share (who, when, where to) is said once,
 * and then there are only payloads: less than half the bytes, and a fraction of the time to write, read and check them.
 */
import * as z from 'zod';
import { Count, Entry, LIMITS, Submission, Term, Topic } from './protocol-parts.js';

const { freeze } = Object;

const Payloads = z.array(z.unknown()).min(1).max(LIMITS.batchEntriesMax).readonly();

/** Each of a run has a number of its own, the last one too. */
const isCountable = ({
  number,
  payloads,
}: {
  readonly number: number;
  readonly payloads: readonly unknown[];
}) => number + (payloads.length - 1) <= Number.MAX_SAFE_INTEGER;
const UNCOUNTABLE = 'a run counts too far';

/** Submissions `number`, `number` + 1, … of one session and topic, without keys. */
const SubmissionRun = z
  .strictObject({ number: Count.min(1), topic: Topic, payloads: Payloads })
  .refine(isCountable, UNCOUNTABLE)
  .readonly();
type SubmissionRun = z.infer<typeof SubmissionRun>;

/** The entries they become, when they were numbered in one go. */
const EntryRun = z
  .strictObject({
    kind: z.literal('run'),
    term: Term,
    at: Count,
    // As deep as a submission's own body: no payload may be deeper because it travels in a run.
    body: z
      .strictObject({ session: Count, number: Count.min(1), topic: Topic, payloads: Payloads })
      .refine(isCountable, UNCOUNTABLE)
      .readonly(),
  })
  .readonly();
type EntryRun = z.infer<typeof EntryRun>;

/** On the wire at most as many items as there may be entries, which are counted once they are unpacked. */
const unpackedBy =
  <Packed, Item>(unpack: (packed: readonly Packed[]) => readonly Item[]) =>
  (packed: readonly Packed[], context: z.RefinementCtx): readonly Item[] => {
    const items = unpack(packed);
    if (items.length <= LIMITS.batchEntriesMax) return freeze(items);
    context.addIssue({ code: 'custom', message: `more than ${LIMITS.batchEntriesMax} in one message` });
    return z.NEVER;
  };

export const Submissions = z
  .array(z.union([SubmissionRun, Submission]))
  .max(LIMITS.batchEntriesMax)
  .transform(unpackedBy(unpackSubmissions));

export const Entries = z
  .array(z.discriminatedUnion('kind', [EntryRun, ...Entry.options]))
  .max(LIMITS.batchEntriesMax)
  .transform(unpackedBy(unpackEntries));

export function packSubmissions(submissions: readonly Submission[]): readonly (Submission | SubmissionRun)[] {
  const packed: (Submission | SubmissionRun)[] = [];
  let run: (Omit<SubmissionRun, 'payloads'> & { readonly payloads: unknown[] }) | null = null;
  for (const submission of submissions) {
    const { number, topic, payload, key } = submission;
    if (
      run !== null &&
      run.topic === topic &&
      number === run.number + run.payloads.length &&
      isPlain(submission)
    )
      run.payloads.push(payload);
    else {
      run = key === undefined && payload !== undefined ? { number, topic, payloads: [payload] } : null;
      packed.push(run ?? submission);
    }
  }
  return packed;
}

export function unpackSubmissions(packed: readonly (Submission | SubmissionRun)[]): readonly Submission[] {
  const submissions: Submission[] = [];
  for (const item of packed) {
    if (!('payloads' in item)) submissions.push(item);
    else {
      const { topic, payloads } = item;
      let { number } = item;
      for (const payload of payloads) submissions.push(freeze({ number: number++, topic, payload }));
    }
  }
  return submissions;
}

/** What has a key, or carries nothing, goes alone. */
const isPlain = ({ key, payload }: Submission): boolean => key === undefined && payload !== undefined;

export function packEntries(entries: readonly Entry[]): readonly (Entry | EntryRun)[] {
  const packed: (Entry | EntryRun)[] = [];
  let run: { readonly shared: EntryRun; readonly payloads: unknown[] } | null = null;
  for (const entry of entries) {
    if (entry.kind !== 'submission' || !isPlain(entry.body.submission)) {
      packed.push(entry);
      run = null;
      continue;
    }
    const { term, at, body } = entry;
    const { session, submission } = body;
    const { number, topic, payload } = submission;
    if (run !== null && continues(run.shared, run.payloads.length, entry.body, entry))
      run.payloads.push(payload);
    else {
      const payloads = [payload];
      run = { shared: { kind: 'run', term, at, body: { session, number, topic, payloads } }, payloads };
      packed.push(run.shared);
    }
  }
  return packed;
}

type SubmissionEntry = Extract<Entry, { kind: 'submission' }>;

/** The entry is the next of the run, which has so many. */
function continues(
  run: EntryRun,
  length: number,
  body: SubmissionEntry['body'],
  { term, at }: Entry,
): boolean {
  return (
    run.body.session === body.session &&
    run.body.number + length === body.submission.number &&
    run.body.topic === body.submission.topic &&
    run.at === at &&
    run.term.n === term.n &&
    run.term.owner === term.owner
  );
}

export function unpackEntries(packed: readonly (Entry | EntryRun)[]): readonly Entry[] {
  const entries: Entry[] = [];
  for (const item of packed) {
    if (item.kind !== 'run') entries.push(item);
    else {
      const { term, at, body } = item;
      const { session, topic, payloads } = body;
      let { number } = body;
      for (const payload of payloads) {
        const submission = freeze({ number: number++, topic, payload });
        entries.push(freeze({ kind: 'submission', term, at, body: freeze({ session, submission }) }));
      }
    }
  }
  return entries;
}
