/** Snapshots in the sequencer's chart (PROTOCOL §11, D2): compaction, transfer, installation. Run by ../sequencer.test.ts. */
import type { SequencerEvent } from '../../../machines/sequencer.js';
import { LIMITS } from '../../../machines/values/limits.js';
import { Log } from '../../../machines/values/log.js';
import { hashOf, type Snapshot as Past, partAt } from '../../../machines/values/snapshot.js';
import type { Entry } from '../../../transport/protocol.js';
import { term } from '../../support/members.js';
import {
  append,
  appended,
  collect,
  collecting,
  elapse,
  entry,
  founding,
  loyal,
  messages,
  noop,
  persisted,
  play,
  promise,
  rejected,
  type Snapshot,
  serving,
  settled,
  submit,
  T0,
  T1,
  waking,
  writes,
} from '../../support/sequencing.js';

const T2 = term(2, '2');
const due = (index: number, isUrgent = false): SequencerEvent => {
  const state = `the state after ${index}`;
  return { type: 'snapshot.due', index, state, hash: hashOf(state), isUrgent };
};

/** The log of T1: the founding entry, a noop, and submissions up to `last`. */
const logUpTo = (last: number): readonly Entry[] => [
  founding,
  noop(T1),
  ...Array.from({ length: last - 2 }, (_, i) => entry(T1, i + 1)),
];
const pastOf = (last: number): Past => {
  const state = `the state after ${last}`;
  return Log.of(logUpTo(last)).snapshotAt(last, state, hashOf(state));
};
const part = (past: Past, offset = 0, of = T1): SequencerEvent => ({
  type: 'sequencer.snapshot',
  from: of.owner,
  term: of,
  ...partAt(past, offset),
});
const donated = (past: Past, of: typeof T1): SequencerEvent => ({
  type: 'sequencer.donated',
  from: '1',
  term: of,
  ...partAt(past, 0),
});

/** 3 serves; entries up to `last` are on its disk and on that of 1, and 2 has never answered. */
function reigning(last: number): Snapshot {
  let now = serving();
  for (let number = 1; number <= last - 2; number++) now = settled(play(now, submit(number))[0])[0];
  return play(now, appended('1', T1, last))[0];
}

/** The same with a snapshot of its first five entries, on disk. */
const compacted = (last = 6): Snapshot => settled(play(reigning(last), due(5, true))[0])[0];

describe('compaction', () => {
  it('puts the offered state in the place of entries, in the log and on the disk', () => {
    const [after, effects] = play(reigning(6), due(5, true));

    expect(writes(effects)).toEqual([
      expect.objectContaining({ promised: null, truncateFrom: null, entries: [], snapshot: pastOf(5) }),
    ]);
    expect(effects.find(({ type }) => type === 'compacted')).toMatchObject({ lastIndex: 5 });
    expect(after.context.log.base).toEqual(pastOf(5));
    expect(after.context.log).toMatchObject({ lastIndex: 6, configurationIndex: 1 });
    expect(after.context.log.at(5)).toBeUndefined();
    expect(after.context.log.at(6)).toEqual(entry(T1, 4));
  });

  it('lets nothing go that is not committed, and nothing twice', () => {
    const beyond = play(reigning(6), due(7, true));
    const again = play(compacted(), due(5, true));

    expect([beyond, again].map(([, effects]) => writes(effects))).toEqual([[], []]);
  });

  it('waits for a follower that answers and is almost there, unless the log has become too long', () => {
    const answering = play(reigning(6), appended('2', T1, 4))[0];
    const arrived = play(answering, appended('2', T1, 5))[0];
    const count = (now: Snapshot, isUrgent: boolean) => writes(play(now, due(5, isUrgent))[1]).length;

    expect([count(answering, false), count(answering, true), count(arrived, false)]).toEqual([0, 1, 1]);
  });

  it('goes on from its snapshot after a restart, and calls it committed', () => {
    const [awake] = waking('1', { entries: [], log: Log.of([noop(T1)], pastOf(5)) });

    expect(awake.context).toMatchObject({ commit: 5, durable: { last: 6 } });
    expect(awake.context.log.configuration).toEqual(founding.body);
  });
});

describe('a coordinator whose log begins later than a follower needs', () => {
  /** 2 answers that it has nothing. */
  const behind = (): ReturnType<typeof play> => play(compacted(), rejected('2', T1, { hint: 1 }));

  it('sends the snapshot, one part at a time', () => {
    Object.assign(LIMITS, { partCharactersMax: 10 });
    const [sending, first] = behind();
    const { lastIndex, hash } = pastOf(5);
    const received = (offset: number): SequencerEvent => ({
      type: 'sequencer.received',
      from: '2',
      term: T1,
      lastIndex,
      hash,
      offset,
    });
    const [more, second] = play(sending, received(10));
    const [, again] = play(more, received(10));
    Object.assign(LIMITS, { partCharactersMax: 32 * 1024 });

    expect(messages(first)).toMatchObject([{ type: 'sequencer.snapshot', offset: 0, text: 'the state ' }]);
    expect(messages(second)).toMatchObject([{ type: 'sequencer.snapshot', offset: 10, isLast: true }]);
    expect(messages(again)).toEqual([]);
  });

  it('sends the part again once the follower is back, and entries once it has all', () => {
    const [sending] = behind();
    const [, back] = play(sending, { type: 'follower.reconnected', peer: '2' });
    const [, done] = play(sending, appended('2', T1, 5));

    expect(messages(back)).toMatchObject([{ type: 'sequencer.snapshot', offset: 0 }]);
    expect(messages(done)).toMatchObject([
      { type: 'sequencer.append', prevIndex: 5, entries: [entry(T1, 4)] },
    ]);
  });

  it('tells it of no commit meanwhile, but goes on beating', () => {
    const [sending] = behind();
    const [stored, ordered] = play(settled(play(sending, submit(9))[0])[0], appended('1', T1, 7));
    const [, beaten] = elapse(stored, 'heartbeatInterval', 'coordinating.pulse.beating');
    const to2 = (effects: typeof ordered) =>
      effects.flatMap(({ letters = [] }) =>
        (letters as { to: string[]; message: object }[]).filter(({ to }) => to.includes('2')),
      );

    expect(to2(ordered)).toEqual([]);
    expect(to2(beaten)).toMatchObject([
      { message: { type: 'sequencer.append', prevIndex: 5, prevTerm: T1 } },
    ]);
  });
});

describe('a replica that is sent a snapshot', () => {
  it('collects the parts, and says how far it is', () => {
    Object.assign(LIMITS, { partCharactersMax: 10 });
    const past = pastOf(5);
    const [one, first] = play(loyal(T1), part(past));
    const [, repeated] = play(one, part(past));
    const [, anothers] = play(one, part(past, 10, T2));
    Object.assign(LIMITS, { partCharactersMax: 32 * 1024 });

    expect(one.value).toEqual({ replica: { loyal: 'installing' } });
    expect(messages(first)).toMatchObject([{ type: 'sequencer.received', lastIndex: 5, offset: 10 }]);
    expect(messages(repeated)).toMatchObject([{ type: 'sequencer.received', offset: 10 }]);
    // The rest may come from another coordinator that has the same one.
    expect(writes(anothers)).toMatchObject([{ promised: T2, truncateFrom: 1, snapshot: past }]);
  });

  it('puts it in the place of all it had, and acknowledges it once it is on the disk', () => {
    const stale = loyal(T1, [founding, noop(T0), noop(T0)]);
    const [installing, effects] = play(stale, part(pastOf(5)));
    const [stored, said] = settled(installing);

    expect(writes(effects)).toMatchObject([{ promised: T1, truncateFrom: 1, snapshot: pastOf(5) }]);
    expect(messages(effects)).toEqual([]);
    expect(installing.context.durable.last).toBe(0);
    expect(messages(said)).toMatchObject([{ type: 'sequencer.appended', match: 5 }]);
    expect(stored.context).toMatchObject({ commit: 5, verified: 5, incoming: null });
    expect(stored.value).toEqual({ replica: { loyal: 'following' } });
  });

  // The old log was longer on the disk than in what counts: its entries may be others.
  it('counts nothing that older writes bring to the disk meanwhile', () => {
    const [appending] = play(loyal(T1), append(T1, 1, T0, logUpTo(4).slice(1), 0));
    const { writes: older } = appending.context;
    const [installing] = play(appending, part(pastOf(5)));
    const [, said] = play(installing, persisted(installing, { write: older, last: 4 }));

    expect(messages(said)).toMatchObject([{ type: 'sequencer.appended', match: 0 }]);
  });

  it('goes on with what follows it', () => {
    const [stored] = settled(play(loyal(T1), part(pastOf(5)))[0]);
    const [after] = play(stored, append(T1, 4, T1, [entry(T1, 3), entry(T1, 4)], 6));

    expect(after.context).toMatchObject({ commit: 6 });
    expect(after.context.log.at(6)).toEqual(entry(T1, 4));
  });

  it('keeps its log when that holds the end of the snapshot already', () => {
    const level = loyal(T1, [...logUpTo(6)]);
    const [after, effects] = play(level, part(pastOf(5)));
    const [, newer] = play(level, part(pastOf(5), 0, T2));

    expect(after.context).toMatchObject({ commit: 5, verified: 6 });
    expect(after.context.log.lastIndex).toBe(6);
    expect(messages(effects)).toMatchObject([{ type: 'sequencer.appended', match: 6 }]);
    expect(writes(newer)).toMatchObject([{ promised: T2, truncateFrom: null, entries: [] }]);
  });

  it('begins anew when what arrived is not what was announced', () => {
    const past = { ...pastOf(5), state: 'another state' };
    const [after, effects] = play(loyal(T1), part(past));

    expect(writes(effects)).toEqual([]);
    expect(messages(effects)).toMatchObject([{ type: 'sequencer.received', offset: 0 }]);
    expect(after.context.incoming).toBeNull();
  });

  it('is fenced like any other replica', () => {
    const [, effects] = play(loyal(T2), part(pastOf(5)));

    expect(messages(effects)).toMatchObject([{ type: 'sequencer.rejected', promised: T2 }]);
  });
});

describe('a candidate behind the beginning of the best log', () => {
  const T3 = term(1, '3');
  /** 3, which holds the founding entry alone; the log of 1 ends at 6. */
  const adopting = (): Snapshot =>
    play(collecting('3'), promise('1', T3, { lastIndex: 6, lastTerm: term(1, '2') }))[0];
  const ofAnother = (last: number): Past => ({ ...pastOf(last), lastTerm: term(1, '2') });

  it('is given a snapshot, installs it, and fetches what follows', () => {
    const [storing, effects] = play(adopting(), donated(ofAnother(5), T3));
    const [fetching, more] = play(storing, persisted(storing));

    expect(writes(effects)).toMatchObject([{ promised: T3, truncateFrom: 1, snapshot: ofAnother(5) }]);
    expect(storing.value).toEqual({ standing: { adopting: 'storing' } });
    expect(fetching.value).toEqual({ standing: { adopting: 'fetching' } });
    expect(messages(more)).toMatchObject([{ type: 'sequencer.fetch', prevIndex: 5 }]);
  });

  it('asks for the next part, and says what it has', () => {
    Object.assign(LIMITS, { partCharactersMax: 10 });
    const [, effects] = play(adopting(), donated(ofAnother(5), T3));
    Object.assign(LIMITS, { partCharactersMax: 32 * 1024 });

    expect(messages(effects)).toMatchObject([
      { type: 'sequencer.fetch', held: { lastIndex: 5, offset: 10 } },
    ]);
  });

  it('goes on behind what it has of it', () => {
    const [, effects] = play(adopting(), donated({ ...pastOf(2), lastIndex: 1, lastTerm: T0 }, T3));

    expect(messages(effects)).toMatchObject([{ type: 'sequencer.fetch', prevIndex: 1 }]);
  });

  it('has a donor that sends the part asked for', () => {
    Object.assign(LIMITS, { partCharactersMax: 10 });
    const [donor] = settled(play(waking('1', { log: Log.of([], pastOf(5)) })[0], collect(term(2, '3')))[0]);
    const { lastIndex, hash } = pastOf(5);
    const fetch = {
      type: 'sequencer.fetch' as const,
      from: '3',
      term: term(2, '3'),
      prevIndex: 1,
      prevTerm: T0,
    };
    const { incarnation } = donor.context.me;
    const [, first] = play(donor, { ...fetch, incarnation });
    const [, next] = play(donor, { ...fetch, incarnation, held: { lastIndex, hash, offset: 10 } });
    Object.assign(LIMITS, { partCharactersMax: 32 * 1024 });

    expect(messages(first)).toMatchObject([{ type: 'sequencer.donated', offset: 0 }]);
    expect(messages(next)).toMatchObject([{ type: 'sequencer.donated', offset: 10, isLast: true }]);
  });
});
