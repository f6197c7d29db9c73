/** The journal's cast for pure tests: what is written, what the disk says, and where the chart stands then. */
import { type JournalEvent, journalMachine } from '../../machines/journal.js';
import type { JournalWrite, Recovered } from '../../machines/values/journal-record.js';
import type { Entry, Term } from '../../transport/protocol.js';
import { start, step } from './step.js';

export const term1: Term = { n: 1, owner: 'p1' };
export const term2: Term = { n: 2, owner: 'p2' };
export const noop = (term: Term): Entry => ({ kind: 'noop', term, at: 0, body: null });

export const recovered: Recovered = {
  identity: { format: 1, cluster: 'test', mode: 'safe', id: 'p1', incarnation: 'first' },
  promised: term1,
  entries: [noop(term1), noop(term1)],
};

export const change = (write: number, rest: Partial<JournalWrite> = {}): JournalWrite => ({
  write,
  promised: null,
  truncateFrom: null,
  first: 0,
  entries: [],
  ...rest,
});
export const write = (number: number, rest: Partial<JournalWrite> = {}): JournalEvent => ({
  type: 'journal.write',
  ...change(number, rest),
});
export const promise = (number: number, promised: Term): JournalEvent => write(number, { promised });

export const opened: JournalEvent = { type: 'disk.opened', recovered };
export const synced = (upTo: number): JournalEvent => ({ type: 'disk.synced', upTo });
export const close: JournalEvent = { type: 'journal.close' };
export const refused: JournalEvent = { type: 'disk.refused', code: 'data-in-use', detail: 'held by another' };
export const broken: JournalEvent = { type: 'disk.failed', detail: 'input/output error' };

/** The journal after these events, and what the last of them made it ask for. */
export function afterHearing(...events: readonly JournalEvent[]) {
  return journalThat(10_000, events);
}

export function journalThat(waitingMax: number, events: readonly JournalEvent[]) {
  let [journal, effects] = start(journalMachine, { waitingMax, fullRetryMs: 1000, slowSyncMs: 1000 });
  for (const event of events) [journal, effects] = step(journalMachine, journal, event);
  return { journal, state: journal.value, effects };
}

export const everyEvent: readonly JournalEvent[] = [
  opened,
  refused,
  promise(9, term2),
  synced(9),
  broken,
  close,
  { type: 'disk.closed' },
];
export const ignoredBy = (history: readonly JournalEvent[], heard: readonly JournalEvent['type'][]) => {
  for (const event of everyEvent.filter(({ type }) => !heard.includes(type))) {
    const before = afterHearing(...history);
    const { state, effects } = afterHearing(...history, event);
    expect([event.type, state, effects]).toEqual([event.type, before.state, []]);
  }
};
