/** A long history of writes, the same in every process: what the killed writer wrote, and what must be found of it. */
import type { JournalWrite } from '../../actors/journal-store.js';
import { advance, type JournalTip } from '../../machines/values/journal-record.js';
import type { Entry } from '../../transport/protocol.js';

export const BEGINNING: JournalTip = { write: 0, promised: { n: 0, owner: 'p1' }, last: 0 };

/** The write after `tip`: it promises the term of its own number, and now and then takes a few entries back. */
export function writeAfter(tip: JournalTip): JournalWrite {
  const write = tip.write + 1;
  const truncateFrom = write % 5 === 0 && tip.last > 4 ? tip.last - 3 : null;
  const first = (truncateFrom ?? tip.last + 1) as number;
  const term = { n: write, owner: 'p1' };
  const entries = Array.from(
    { length: 1 + (write % 7) },
    (_, i): Entry => ({
      kind: 'submission',
      term,
      at: write,
      body: { session: 1, submission: { number: first + i, topic: 'history', payload: `${write}.${i}` } },
    }),
  );
  return { write, promised: term, truncateFrom, first, entries };
}

/** The log after so many writes. */
export function logAfter(writes: number): Entry[] {
  const log: Entry[] = [];
  let tip = BEGINNING;
  while (tip.write < writes) {
    const write = writeAfter(tip);
    if (write.truncateFrom !== null) log.length = write.truncateFrom - 1;
    log.push(...write.entries);
    tip = advance(tip, write);
  }
  return log;
}
