/** A full disk in the journal's chart (PROTOCOL §11, D5). Run by ../journal.test.ts. */
import { type JournalEvent, journalMachine } from '../../../machines/journal.js';
import {
  afterHearing,
  broken,
  change,
  close,
  journalThat,
  noop,
  opened,
  promise,
  synced,
  term1,
  term2,
  write,
} from '../../support/journaling.js';
import { after, step } from '../../support/step.js';

describe('a journal whose disk is full', () => {
  const filled: JournalEvent = { type: 'disk.filled' };
  const full: readonly JournalEvent[] = [opened, promise(1, term2), promise(2, term2), filled];
  /** Some time has passed: it tries again. */
  function retrying(...events: readonly JournalEvent[]) {
    let [journal, effects] = after(
      journalMachine,
      journalThat(10_000, full).journal,
      'fullRetry',
      'journal.full',
    );
    for (const event of events) [journal, effects] = step(journalMachine, journal, event);
    return { state: journal.value, effects };
  }

  it('says so, and neither gives up nor forgets what it was asked', () => {
    const { state, effects } = afterHearing(...full);
    const again = retrying();

    expect([state, effects]).toEqual(['full', [{ type: 'filled' }]]);
    expect(again).toMatchObject({
      state: 'retrying',
      effects: [{ type: 'sync', writes: [change(1, { promised: term2 }), change(2, { promised: term2 })] }],
    });
  });

  it('takes what it is asked meanwhile, within its bound', () => {
    const later = retrying(promise(3, term2));
    const waiting = journalThat(3, [...full, promise(3, term2)]);
    const tooMany = journalThat(3, [...full, promise(3, term2), promise(4, term2)]);

    expect([later.state, waiting.state, tooMany.state]).toEqual(['retrying', 'full', 'failed']);
  });

  it('says that there is room again together with what is on the disk then', () => {
    const { state, effects } = retrying(synced(2));

    expect(state).toBe('ready');
    expect(effects).toEqual([{ type: 'emptied' }, { type: 'persisted', write: 2, promised: term2, last: 2 }]);
  });

  it('waits again when there is still no room', () => {
    expect(retrying(filled)).toEqual({ state: 'full', effects: [] });
  });

  it('fails when the disk does, or when what it is asked makes no sense', () => {
    const wrong = write(9, { first: 9, entries: [noop(term1)] });
    const soMany = Array.from({ length: 10_000 }, (_, i) => promise(i + 3, term2));

    expect(
      [
        retrying(broken),
        retrying(wrong),
        retrying(...soMany, promise(20_000, term2)),
        afterHearing(...full, wrong),
      ].map(({ state }) => state),
    ).toEqual(['failed', 'failed', 'failed', 'failed']);
  });

  it('closes when told to', () => {
    expect([retrying(close), afterHearing(...full, close)].map(({ state }) => state)).toEqual([
      'closing',
      'closing',
    ]);
  });
});
