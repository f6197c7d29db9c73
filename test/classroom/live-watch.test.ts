/** Of whom there is news in Live, and marks that stay where they were made while traces are merged anew. */
import { anchorAt, bookmarksIn, recordsOf } from '../../apps/classroom/bookmarks.js';
import type { TraceEvent } from '../../apps/classroom/contract.js';
import {
  createHistory,
  createLives,
  createReader,
  type History,
  historyOfRecords,
} from '../../apps/classroom/history/index.js';
import { appearanceOf, sinceInWords, unheardInWords } from '../../apps/classroom/panes/appearance.js';
import { matrixOf } from '../../apps/classroom/panes/beliefs-matrix.js';
import { LATE_MS, type Sight, unheardIn } from '../../apps/classroom/screens/live-watch.js';
import { linesOf, statusOf } from './traces.js';

const HEARD = { k: 'receive' as const, ev: 'failure.heartbeat' };
const LINES = linesOf([
  statusOf(0, '1', 'follower', '2', 1),
  statusOf(0, '2', 'coordinator', '2', 1),
  { t: 900, p: '1', fr: '3', ...HEARD },
  { t: 1000, p: '2', fr: '1', ...HEARD },
  { t: 9000, p: '1', fr: '2', ...HEARD },
]);
const history = createHistory();
history.append(LINES);

type Heard = Sight['sources'][number];
const following = (sources: readonly Heard[], nowMs: number): Sight => ({
  history,
  world: history.worldAt(history.placeAt(9000)),
  sources,
  isFollowing: true,
  nowMs,
});
const source = (id: string, heardAt: number | null, state: Heard['state'] = 'live'): Heard => ({
  id,
  heardAt,
  state,
});

describe('at the live edge', () => {
  it('a peer is late by real time, once it has told nothing for so long, and lost as soon as its stream has ended', () => {
    const sources = [source('1', 50_000), source('2', 50_000 - LATE_MS - 1)];

    expect(unheardIn('1', following(sources, 50_000))).toBeUndefined();
    expect(unheardIn('2', following(sources, 50_000))).toEqual({ why: 'late', forMs: LATE_MS + 1 });
    expect(unheardIn('2', following([source('2', 49_900, 'lost')], 50_000))).toEqual({
      why: 'lost',
      forMs: 100,
    });
    expect(
      unheardIn('2', following([source('2', 49_900, 'lost'), source('2', 49_990)], 50_000)),
    ).toBeUndefined();
  });

  it('a member that nobody follows is known by when others heard it', () => {
    const sight = following([source('1', 50_000), source('2', 50_000)], 50_000);

    expect(unheardIn('3', sight)).toEqual({ why: 'not followed', forMs: 8100 });
    expect(unheardIn('4', sight)).toEqual({ why: 'not followed', forMs: null });
  });
});

describe('looking back', () => {
  const at = (ms: number): Sight => ({
    ...following([source('1', 50_000), source('2', 50_000, 'lost')], 60_000),
    world: history.worldAt(history.placeAt(ms)),
    isFollowing: false,
  });

  it('counts by the time of the trace, and what is now does not matter', () => {
    expect(unheardIn('2', at(1500))).toBeUndefined();
    expect(unheardIn('2', at(5000))).toEqual({ why: 'late', forMs: 4000 });
    expect(unheardIn('1', at(9000))).toBeUndefined();
  });

  it('says of a peer whose records begin later that nothing is recorded', () => {
    expect(unheardIn('1', { ...at(0), world: history.worldAt({ index: -1, ms: -1 }) })).toEqual({
      why: 'not recorded',
      forMs: null,
    });
  });
});

describe('who is not heard', () => {
  const world = history.worldAt(history.placeAt(9000));
  const late = { why: 'late', forMs: 2300 } as const;
  const isLate = (id: string) => (id === '2' ? late : undefined);

  it('is drawn grey with words, where all is seen and in its own eyes; others believe what they do', () => {
    const all = appearanceOf(world, '2', { view: 'god', viewer: null }, isLate);
    const own = appearanceOf(world, '2', { view: 'node', viewer: '2' }, isLate);
    const other = appearanceOf(world, '2', { view: 'node', viewer: '1' }, isLate);

    expect(all).toMatchObject({
      look: 'unheard',
      word: 'not heard',
      note: 'last heard 2.3 s ago',
      term: null,
    });
    expect(own).toEqual(all);
    expect(other.look).toBe('leading');
    expect(appearanceOf(world, '2', { view: 'god', viewer: null })).toMatchObject({
      look: 'leading',
      note: '',
    });
  });

  it('may well be there: nobody is told to follow one that is gone, as one who crashed is', () => {
    const gone = createHistory();
    gone.append(linesOf([statusOf(0, '1', 'follower', '9', 1)]));
    const there = gone.worldAt(gone.placeAt(0));
    const followerIn = (unheard: (id: string) => typeof late | undefined) =>
      appearanceOf(there, '1', { view: 'god', viewer: null }, unheard);

    expect(followerIn((id) => (id === '9' ? late : undefined))).toMatchObject({
      follows: '9',
      isMisled: false,
    });
    expect(followerIn(() => undefined)).toMatchObject({ follows: '9', isMisled: true });
  });

  it('has no row of beliefs, and does not count in whether others disagree', () => {
    const rows = matrixOf(world, ['1', '2', '3'], (id) => (id === '1' ? undefined : late));

    expect(rows.map(({ isLive, isUnheard }) => [isLive, isUnheard])).toEqual([
      [true, false],
      [false, true],
      [false, true],
    ]);
    expect(rows[1]?.absence).toBe('not heard, last heard 2.3 s ago');
    expect(rows[1]?.cells.map(({ suspicion }) => suspicion)).toEqual(['silent', 'itself', 'silent']);
  });

  it('is told in no more digits than one can read', () => {
    expect(sinceInWords({ why: 'lost', forMs: 59_999 })).toBe('last heard 59 s ago');
    expect(sinceInWords({ why: 'lost', forMs: 180_000 })).toBe('last heard 3 min ago');
    expect(unheardInWords({ why: 'not followed', forMs: 40 })).toBe('not followed, others hear it');
    expect(unheardInWords({ why: 'not followed', forMs: null })).toBe('not followed');
  });
});

/** What a real peer tells: heartbeats to and fro, by its own clock and its own numbers. */
function ownRecords(p: string, other: string, ahead: number): readonly TraceEvent[] {
  const read = createReader();
  const beats = Array.from({ length: 40 }, (_, beat) => [
    {
      t: ahead + beat * 100 + (p < other ? 0 : 50),
      p,
      k: 'send' as const,
      to: other,
      ev: 'failure.heartbeat',
    },
    {
      t: ahead + beat * 100 + (p < other ? 55 : 5),
      p,
      k: 'receive' as const,
      fr: other,
      ev: 'failure.heartbeat',
    },
  ]);
  const records = beats.flat().sort((a, b) => a.t - b.t);
  return linesOf(records).flatMap((line) => {
    const told = read(line);
    return told.kind === 'entry' ? told.event : [];
  });
}

describe('marks', () => {
  const records = [ownRecords('1', '2', 0), ownRecords('2', '1', 70_000)];
  const merged = (from: number): History =>
    historyOfRecords(
      records.map((list) => list.slice(from)),
      () => false,
    ).history;
  const whole = merged(0);
  const anchor = anchorAt(whole, whole.placeAt(2020), 'the second second', 1);
  const findIn = (history: History) => bookmarksIn(history, anchor === null ? [] : [anchor])[0];

  it('keep to their record when the traces are merged anew from a later beginning, until that is no longer kept', () => {
    const [early, late] = [findIn(whole)?.place, findIn(merged(20))?.place];
    const event = whole.at(early?.index ?? -1);

    expect(early).toEqual(whole.placeAt(2020));
    expect(late?.ms).toBeLessThan(1100);
    expect(merged(20).at(late?.index ?? -1)).toMatchObject({ p: event?.p, k: event?.k, own: event?.own });
    expect(findIn(merged(70))).toMatchObject({ place: null, words: 'the second second' });
  });

  it('are saved as records that a history shows, and cannot be made where there is nothing', () => {
    const [kept] = recordsOf(bookmarksIn(whole, anchor === null ? [] : [anchor]), 900);
    const replayed = createHistory();
    replayed.append([JSON.stringify(kept?.record)]);

    expect(kept).toEqual({
      after: whole.placeAt(2020).index,
      record: { s: 900, t: 2020, p: '', k: 'mark', words: 'the second second' },
    });
    expect(replayed.refusals.count).toBe(0);
    expect(bookmarksIn(replayed, [])).toMatchObject([{ words: 'the second second', isSaved: true }]);
    expect(recordsOf(bookmarksIn(replayed, []), 1)).toEqual([]);
    expect(anchorAt(createHistory(), { index: -1, ms: 0 }, 'nothing', 1)).toBeNull();
  });
});

describe('traces that are merged again', () => {
  it('keep the times that moments had, while old records go, and when those that related them are gone, too', () => {
    const records = [ownRecords('1', '2', 0), ownRecords('2', '1', 70_000)];
    const first = historyOfRecords(records, () => false);
    const again = historyOfRecords(
      records.map((list) => list.slice(20)),
      () => false,
      first.clocks,
    );
    const apart = historyOfRecords(
      [records[0]?.slice(0, 10) ?? [], records[1]?.slice(60) ?? []],
      () => true,
      again.clocks,
    );
    const timeOf = (history: History, p: string, own: number) =>
      Array.from({ length: history.length }, (_, place) => history.at(place)).find(
        (entry) => entry?.p === p && entry.own === own,
      )?.t;

    expect(first.history.startMs).toBe(0);
    expect(again.history.startMs).toBeGreaterThan(900);
    for (const own of [30, 60]) {
      expect(timeOf(again.history, '1', own)).toBe(timeOf(first.history, '1', own));
      expect(timeOf(again.history, '2', own)).toBe(timeOf(first.history, '2', own));
    }
    expect(timeOf(apart.history, '2', 70)).toBe(timeOf(first.history, '2', 70));
  });
});

describe('a live source that is slow', () => {
  it('has not crashed; one that is over has', () => {
    const [one = [], two = []] = [ownRecords('1', '2', 0), ownRecords('2', '1', 0)];
    const end = (isOver: boolean) => {
      const { history } = historyOfRecords([one, two.slice(0, 30)], () => isOver);
      return history.worldAt(history.placeAt(history.endMs)).peers['2']?.condition;
    };

    expect(end(true)).toBe('crashed');
    expect(end(false)).not.toBe('crashed');
  });
});

describe('a peer that runs again', () => {
  const records = (from: number, to: number) =>
    linesOf(
      Array.from({ length: to - from }, (_, place) => ({
        ...{ t: (from + place) * 10, p: '1', k: 'timer' as const, a: 'peer', ev: 'x', c: from + place },
        s: from + place + 1,
      })),
    ).map((line) => JSON.parse(line) as TraceEvent);

  it('goes on where its last process ended, in real time, with a crash between', () => {
    const told = createLives();
    const first = told(records(0, 50), 1000);
    const second = told(records(0, 20), 3000);
    const third = told(records(20, 30), 3100);

    expect(first).toEqual(records(0, 50));
    expect(second.map(({ k }) => k).slice(0, 2)).toEqual(['fault', 'timer']);
    // 2 s have passed since; the newest record is of now, and the first of 190 ms before.
    expect(second.map(({ t }) => t).slice(0, 2)).toEqual([490, 490 + 2000 - 190]);
    expect([...first, ...second, ...third].map(({ s }) => s)).toEqual(
      Array.from({ length: 81 }, (_, place) => place + 1),
    );
    expect(third[0]).toMatchObject({ s: 72, c: 71, t: 490 + 2000 + 10 });
  });

  it('has no crash between when it said goodbye, and a gap is no new process', () => {
    const told = createLives();
    const bye = { s: 51, t: 500, p: '1', k: 'transition' as const, a: 'peer', ev: 'x', st: 'stopped' };
    told([...records(0, 50), bye], 1000);
    const gap = { s: 3, t: 20, p: '1', k: 'gap' as const, lost: 3 };

    expect(told([gap, ...records(51, 52)], 1100)).toEqual([gap, ...records(51, 52)]);
    expect(told(records(0, 1), 2000).map(({ k }) => k)).toEqual(['timer']);
  });
});
