import { journalMachine } from '../../machines/journal.js';
import { expectFullCoverage } from '../support/coverage.js';
import {
  afterHearing,
  broken,
  change,
  close,
  ignoredBy,
  journalThat,
  noop,
  opened,
  promise,
  recovered,
  refused,
  synced,
  term1,
  term2,
  write,
} from '../support/journaling.js';
import './journal/full.js';
import './journal/slow.js';

describe('an opening journal', () => {
  it('asks for the disk at once', () => {
    const { state, effects } = afterHearing();

    expect(state).toBe('opening');
    expect(effects).toEqual([{ type: 'open' }]);
  });

  it('tells what the disk held, and is ready', () => {
    const { state, effects } = afterHearing(opened);

    expect(state).toBe('ready');
    expect(effects).toEqual([{ type: 'recovered', recovered }]);
  });

  it('fails with the code and the words of a disk that refuses', () => {
    const { state, effects } = afterHearing(refused);

    expect(state).toBe('failed');
    expect(effects).toEqual([{ type: 'failed', code: 'data-in-use', detail: 'held by another' }]);
  });

  it('fails when something is written before it is open: such a write would be lost', () => {
    const { state, effects } = afterHearing(promise(1, term2));

    expect(state).toBe('failed');
    expect(effects).toEqual([
      { type: 'failed', code: 'journal-failed', detail: 'write 1 came before the journal was open' },
    ]);
  });

  it('closes when told to', () => {
    const { state, effects } = afterHearing(close);

    expect(state).toBe('closing');
    expect(effects).toEqual([{ type: 'close' }]);
  });

  it('ignores what only a working disk says', () => {
    ignoredBy([], ['disk.opened', 'disk.refused', 'journal.write', 'journal.close']);
  });
});

describe('a ready journal', () => {
  it('syncs a write at once, and says nothing yet', () => {
    const { state, effects } = afterHearing(opened, promise(1, term2));

    expect(state).toBe('syncing');
    expect(effects).toEqual([
      { type: 'sync', writes: [expect.objectContaining(change(1, { promised: term2 }))] },
    ]);
  });

  it.each([
    ['leaves a hole', write(1, { first: 4, entries: [noop(term1)] }), /begins at entry 4.* continues at 3/],
    ['overwrites', write(1, { first: 2, entries: [noop(term1)] }), /begins at entry 2.* continues at 3/],
    ['takes a promise back', promise(1, { n: 0, owner: 'p9' }), /takes back the promise of term 1/],
    ['has a number that was used', write(0), /write 0 came after write 0/],
    ['truncates before the first entry', write(1, { truncateFrom: 0 }), /before the first entry/],
  ])('refuses a write that %s, and gives the disk nothing', (_, event, detail) => {
    const { state, effects } = afterHearing(opened, event);

    expect(state).toBe('failed');
    expect(effects).toEqual([
      { type: 'failed', code: 'journal-failed', detail: expect.stringMatching(detail) },
    ]);
  });

  it('closes when told to', () => {
    const { state, effects } = afterHearing(opened, close);

    expect(state).toBe('closing');
    expect(effects).toEqual([{ type: 'close' }]);
  });

  it('ignores answers to questions it has not asked', () => {
    ignoredBy([opened], ['journal.write', 'journal.close']);
  });
});

describe('a syncing journal', () => {
  // P1, P2: what is revealed is on disk first.
  it('tells the promise and the end of the log once they are on disk', () => {
    const append = write(1, { promised: term2, first: 3, entries: [noop(term2)] });

    const { state, effects } = afterHearing(opened, append, synced(1));

    expect(state).toBe('ready');
    expect(effects).toEqual([{ type: 'persisted', write: 1, promised: term2, last: 3 }]);
  });

  it('keeps the promise that a write leaves alone', () => {
    const { effects } = afterHearing(opened, write(1, { first: 3, entries: [noop(term1)] }), synced(1));

    expect(effects).toEqual([{ type: 'persisted', write: 1, promised: term1, last: 3 }]);
  });

  it('counts the end of the log behind a truncation', () => {
    const replace = write(1, { truncateFrom: 2, first: 2, entries: [noop(term2), noop(term2)] });

    const { effects } = afterHearing(opened, replace, synced(1));

    expect(effects).toEqual([{ type: 'persisted', write: 1, promised: term1, last: 3 }]);
  });

  it('lets further writes wait', () => {
    const { state, effects, journal } = afterHearing(opened, promise(1, term1), promise(2, term2));

    expect(state).toBe('syncing');
    expect(effects).toEqual([]);
    expect(journal.context.waiting).toHaveLength(1);
  });

  it('gives all that waited to the next sync, and tells no more than is on disk', () => {
    const { state, effects } = afterHearing(
      opened,
      promise(1, term1),
      promise(2, term2),
      write(3, { first: 3, entries: [noop(term2)] }),
      synced(1),
    );

    expect(state).toBe('syncing');
    expect(effects).toEqual([
      { type: 'persisted', write: 1, promised: term1, last: 2 },
      {
        type: 'sync',
        writes: [expect.objectContaining({ write: 2 }), expect.objectContaining({ write: 3 })],
      },
    ]);
  });

  it('tells the newest of the writes that went together', () => {
    const { state, effects } = afterHearing(
      opened,
      promise(1, term1),
      promise(2, term2),
      write(3, { first: 3, entries: [noop(term2)] }),
      synced(1),
      synced(3),
    );

    expect(state).toBe('ready');
    expect(effects).toEqual([{ type: 'persisted', write: 3, promised: term2, last: 3 }]);
  });

  it('judges a write by those that wait before it', () => {
    const { state, effects } = afterHearing(opened, promise(1, term2), promise(2, term1));

    expect(state).toBe('failed');
    expect(effects).toEqual([
      { type: 'failed', code: 'journal-failed', detail: expect.stringMatching(/takes back the promise/) },
    ]);
  });

  it('fails loudly when more writes wait than it may hold', () => {
    const { state, effects } = journalThat(2, [
      opened,
      promise(1, term1),
      promise(2, term1),
      promise(3, term1),
      promise(4, term1),
    ]);

    expect(state).toBe('failed');
    expect(effects).toEqual([
      { type: 'failed', code: 'journal-failed', detail: 'the disk stands still: 2 writes wait for one sync' },
    ]);
  });

  it('does not take the answer to another sync for its own', () => {
    const { state, effects } = afterHearing(opened, promise(1, term1), synced(2));

    expect(state).toBe('syncing');
    expect(effects).toEqual([]);
  });

  // P4: an fsync error is final.
  it('fails for good when the disk fails', () => {
    const { state, effects } = afterHearing(opened, promise(1, term1), promise(2, term2), broken);

    expect(state).toBe('failed');
    expect(effects).toEqual([{ type: 'failed', code: 'journal-failed', detail: 'input/output error' }]);
  });

  it('closes when told to, behind what waits: it has been accepted', () => {
    const { state, effects } = afterHearing(opened, promise(1, term1), promise(2, term2), close);

    expect(state).toBe('closing');
    expect(effects).toEqual([
      { type: 'sync', writes: [expect.objectContaining(change(2, { promised: term2 }))] },
      { type: 'close' },
    ]);
  });

  it('closes at once when nothing waits behind the sync under way', () => {
    const { state, effects } = afterHearing(opened, promise(1, term1), close);

    expect(state).toBe('closing');
    expect(effects).toEqual([{ type: 'close' }]);
  });

  it('ignores what only an opening or closing disk says', () => {
    ignoredBy([opened, promise(1, term2)], ['journal.write', 'disk.failed', 'journal.close']);
  });
});

describe('a failed journal', () => {
  it('accepts nothing and tells nothing, not even a late success', () => {
    ignoredBy([opened, promise(1, term2), broken], ['journal.close']);
    ignoredBy([refused], ['journal.close']);
  });

  it('lets go of the disk when told to', () => {
    const { state, effects } = afterHearing(opened, promise(1, term1), broken, close);

    expect(state).toBe('closing');
    expect(effects).toEqual([{ type: 'close' }]);
  });
});

describe('a closing journal', () => {
  it('is closed once the disk has let go', () => {
    const { journal, state, effects } = afterHearing(opened, close, { type: 'disk.closed' });

    expect(state).toBe('closed');
    expect(journal.status).toBe('done');
    expect(effects).toEqual([{ type: 'closed' }]);
  });

  it('ignores everything else, the end of the sync under way included', () => {
    ignoredBy([opened, promise(9, term2), close], ['disk.closed']);
    ignoredBy([close], ['disk.closed']);
  });
});

describe('a closed journal', () => {
  it('hears nothing any more', () => {
    ignoredBy([opened, close, { type: 'disk.closed' }], []);
  });
});

it('is covered: every state, every transition', () => expectFullCoverage(journalMachine));
