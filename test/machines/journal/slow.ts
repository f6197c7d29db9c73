/** A slow disk in the journal's chart (PROTOCOL §11, D5). Run by ../journal.test.ts. */
import { type JournalEvent, journalMachine } from '../../../machines/journal.js';
import {
  broken,
  close,
  journalThat,
  opened,
  promise,
  synced,
  term1,
  term2,
} from '../../support/journaling.js';
import { after, step } from '../../support/step.js';

describe('a journal whose sync takes long', () => {
  /** So many times as long as a sync may take have passed, then this happens. */
  function lagging(times: number, ...events: readonly JournalEvent[]) {
    let [journal, effects] = [journalThat(1, [opened, promise(1, term1)]).journal, [] as unknown[]];
    for (let time = 0; time < times; time++)
      [journal, effects] = after(journalMachine, journal, 'slowSync', `journal.${journal.value as string}`);
    for (const event of events) [journal, effects] = step(journalMachine, journal, event);
    return { state: journal.value, effects };
  }

  it('says so again and again, as long as it does', () => {
    for (const times of [1, 2, 5])
      expect(lagging(times)).toEqual({ state: 'lagging', effects: [{ type: 'dragged' }] });
  });

  it('is the same sync: its end is told, and what has waited shares the next', () => {
    expect(lagging(2, synced(1))).toMatchObject({
      state: 'ready',
      effects: [{ type: 'persisted', write: 1 }],
    });
    expect(lagging(2, promise(2, term2)).effects).toEqual([]);
    expect(lagging(2, promise(2, term2), synced(1))).toMatchObject({
      state: 'syncing',
      effects: [{ type: 'persisted', write: 1 }, { type: 'sync' }],
    });
  });

  it('fails, fills up and closes like any other', () => {
    expect(lagging(1, { type: 'disk.filled' })).toEqual({ state: 'full', effects: [{ type: 'filled' }] });
    expect(lagging(1, broken).state).toBe('failed');
    expect(lagging(1, promise(1, term1)).state).toBe('failed');
    expect(lagging(1, promise(2, term2), promise(3, term2)).state).toBe('failed');
    expect(lagging(1, close).state).toBe('closing');
    expect(lagging(1, promise(2, term2), close).effects).toMatchObject([{ type: 'sync' }, { type: 'close' }]);
  });
});
