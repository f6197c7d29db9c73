/** A damaged disk in the sequencer's chart (PROTOCOL §11, D3). Run by ../sequencer.test.ts. */
import type { SequencerEvent } from '../../../machines/sequencer.js';
import { Log } from '../../../machines/values/log.js';
import { hashOf, partAt } from '../../../machines/values/snapshot.js';
import { member, term } from '../../support/members.js';
import {
  append,
  appended,
  collect,
  elapse,
  entry,
  facts,
  founding,
  messages,
  noop,
  persisted,
  play,
  rejected,
  type Snapshot,
  sent,
  serving,
  settled,
  submit,
  T0,
  T1,
  waking,
  writes,
} from '../../support/sequencing.js';

const T2 = term(2, '2');
const recovered = (lastIndex: number, nonce = 'n', of = T1): SequencerEvent => ({
  type: 'sequencer.recovered',
  from: of.owner,
  term: of,
  nonce,
  lastIndex,
});
const recover = (lastIndex: number, of = T1, { incarnation } = member('2')): SequencerEvent => ({
  type: 'sequencer.recover',
  from: '2',
  term: of,
  incarnation,
  nonce: 'n',
  lastIndex,
});

/** 1, which had promised T1 and lost all but the founding entry. */
const damaged = (): Snapshot => waking('1', { promised: T1, damagedAs: 'n' })[0];
/** It has been told that the coordinator's log ended at 3, and holds 2 of it, on disk. */
const halfWay = (): Snapshot => {
  const [answered] = play(damaged(), recovered(3));
  return settled(play(answered, append(T1, 1, T0, [noop(T1)], 1))[0])[0];
};
/** It holds all three, and has asked the disk to forget the mark. */
const mending = (): Snapshot => settled(play(halfWay(), append(T1, 2, T1, [entry(T1, 1)], 3))[0])[0];

describe('a peer whose disk lacks what it had acknowledged', () => {
  it('asks the coordinator of its promise how far it must come, again and again', () => {
    const [asking, effects] = waking('1', { promised: T1, damagedAs: 'n' });
    const [, again] = elapse(asking, 'heartbeatInterval', 'damaged.asking');

    for (const said of [effects, again])
      expect(messages(said)).toEqual([
        {
          type: 'sequencer.recover',
          from: '1',
          term: T1,
          incarnation: member('1').incarnation,
          nonce: 'n',
          lastIndex: 1,
        },
      ]);
  });

  it('asks nobody as long as it has promised nobody but itself', () => {
    const [, effects] = waking('1', { damagedAs: 'n' });

    expect(sent(effects).map(({ to }) => to)).toEqual([[]]);
  });

  it('gives no promise, no part of its log, and does not stand', () => {
    const { incarnation } = member('1');
    const fetch: SequencerEvent = {
      type: 'sequencer.fetch',
      from: '3',
      term: T1,
      incarnation,
      prevIndex: 0,
      prevTerm: T0,
    };
    const [after, effects] = play(damaged(), collect(T2), fetch);
    const [, wanted] = play(damaged(), { type: 'collect.requested', handoverOf: null });

    expect(effects).toEqual([]);
    expect(after.context.promised).toEqual(T1);
    expect(facts(wanted)).toEqual(['abandoned']);
  });

  it('stores what the coordinator sends, and says that it does not count', () => {
    const [storing, effects] = play(damaged(), append(T1, 1, T0, [noop(T1)], 1));
    const [stored, said] = settled(storing);
    const [, early] = play(storing, persisted(storing, { write: 0, promised: T0 }));
    const [, beaten] = play(stored, append(T1, 2, T1, [], 2));
    const [, gap] = play(stored, append(T1, 7, T1));
    const [, fenced] = play(stored, append(T0, 1, T0));

    expect(writes(effects)).toHaveLength(1);
    expect(messages(early)).toEqual([]);
    for (const step of [said, beaten])
      expect(messages(step)).toMatchObject([{ type: 'sequencer.appended', match: 2, damaged: true }]);
    expect(messages(gap)).toMatchObject([{ type: 'sequencer.rejected', hint: 3 }]);
    expect(messages(fenced)).toMatchObject([{ type: 'sequencer.rejected', promised: T1 }]);
  });

  it('takes a snapshot as any replica does', () => {
    const state = 'a state of some length';
    const past = Log.of([founding, noop(T1), noop(T1)]).snapshotAt(3, state, hashOf(state));
    const whole: SequencerEvent = {
      type: 'sequencer.snapshot',
      from: '3',
      term: T1,
      ...partAt(past, 0),
    };
    const [installing, effects] = play(damaged(), whole);
    const [stored, said] = settled(installing);
    const [, repeated] = play(stored, whole);
    const [, part] = play(damaged(), { ...whole, isLast: false });
    const [, fenced] = play(damaged(), { ...whole, term: T0 });
    const [, newer] = play(stored, { ...whole, from: '2', term: T2 });

    expect(writes(effects)).toMatchObject([{ truncateFrom: 1, snapshot: { lastIndex: 3 } }]);
    for (const step of [said, repeated])
      expect(messages(step)).toMatchObject([{ type: 'sequencer.appended', match: 3, damaged: true }]);
    expect(messages(part)).toMatchObject([{ type: 'sequencer.received' }]);
    expect(messages(fenced)).toMatchObject([{ type: 'sequencer.rejected' }]);
    expect(writes(newer)).toMatchObject([{ promised: T2 }]);
  });

  it('believes only an answer to the question of this life, by the coordinator it obeys', () => {
    const another = play(damaged(), recovered(1, 'older'))[0];
    const deposed = play(damaged(), recovered(1, 'n', T2))[0];

    expect([another, deposed].map(({ value }) => value)).toEqual([
      { damaged: 'asking' },
      { damaged: 'asking' },
    ]);
  });

  it('is not whole before it holds, on disk, all that the coordinator held', () => {
    const [underway] = play(halfWay(), append(T1, 2, T1, [entry(T1, 1)], 3));

    expect([halfWay(), underway].map(({ value }) => value)).toEqual([
      { damaged: 'catchingUp' },
      { damaged: 'catchingUp' },
    ]);
  });

  it('asks anew when another coordinator takes over before', () => {
    const [asking, effects] = play(halfWay(), append(T2, 2, T1, [noop(T2)]));

    expect(asking.value).toEqual({ damaged: 'asking' });
    expect(messages(effects)).toMatchObject([{ type: 'sequencer.recover', term: T2 }]);
  });

  it('has a say again once the mark is off the disk, and not before', () => {
    const now = mending();
    const asked = writes(settled(play(halfWay(), append(T1, 2, T1, [entry(T1, 1)], 3))[0])[1]);
    const [early, silence] = play(now, collect(T2));
    const [not] = play(now, persisted(now, { write: now.context.writes - 1 }));
    const [whole, effects] = settled(now);
    const [promising] = play(whole, collect(T2));

    expect(now.value).toEqual({ damaged: 'mending' });
    expect(asked).toMatchObject([{ isMended: true }]);
    expect([early.value, not.value]).toEqual([{ damaged: 'mending' }, { damaged: 'mending' }]);
    expect(silence).toEqual([]);
    expect(whole.value).toEqual({ replica: 'free' });
    expect(facts(effects)).toContain('recovered');
    expect(promising.value).toEqual({ replica: 'promising' });
  });

  // LevelDB may lose the write that replaced them.
  it('drops what stands behind what it has compared', () => {
    const stale = waking('1', {
      promised: T1,
      damagedAs: 'n',
      entries: [founding, noop(T0), noop(T0), noop(T0)],
    });
    const [answered] = play(stale[0], recovered(2));
    const [mended, effects] = settled(play(answered, append(T1, 1, T0, [noop(T1)], 1))[0]);
    const [equal] = play(answered, append(T1, 2, T0, []));

    expect(writes(effects)).toMatchObject([{ isMended: true }]);
    expect(mended.context.log).toMatchObject({ lastIndex: 2, lastTerm: T1 });
    expect(writes(play(answered, append(T1, 2, T0, []))[1])).toMatchObject([
      { truncateFrom: 3, isMended: true },
    ]);
    expect(equal.context.log.lastIndex).toBe(2);
  });

  it('waits for the disk also while more is written', () => {
    const now = play(mending(), append(T1, 3, T1, [entry(T1, 2)], 3))[0];
    const [later] = play(now, persisted(now, { write: now.context.writes }));

    expect(now.value).toEqual({ damaged: 'mending' });
    expect(later.value).toEqual({ replica: 'free' });
  });
});

describe('a coordinator with a damaged follower', () => {
  /** 2 had acknowledged the noop; 1 and 2 hold entry 3, and 1 is gone. */
  const known = (): Snapshot => play(serving(), appended('2', T1, 2))[0];

  it('answers with the end of its log, and begins where the follower ends', () => {
    const [after, effects] = play(known(), recover(1));

    expect(messages(effects)).toMatchObject([
      { type: 'sequencer.recovered', nonce: 'n', lastIndex: 2 },
      { type: 'sequencer.append', prevIndex: 1, entries: [noop(T1)] },
    ]);
    expect(after.context.followers.find(({ id }) => id === '2')).toMatchObject({ match: 0, isDamaged: true });
  });

  it('answers no stranger, and nobody who obeys another term', () => {
    const stranger = play(known(), recover(1, T1, { ...member('2'), incarnation: 'another' }));
    const other = play(known(), recover(1, T2));

    expect([stranger, other].map(([, effects]) => messages(effects))).toEqual([[], []]);
  });

  it('does not count what it acknowledges, until it is whole', () => {
    const [ordered] = settled(play(play(known(), recover(1))[0], submit(1))[0]);
    const [held] = play(ordered, { ...appended('2', T1, 3), damaged: true });
    const [counted] = play(held, appended('2', T1, 3));

    expect(held.context.commit).toBe(2);
    expect(counted.context.commit).toBe(3);
  });

  it('does not hand over to it', () => {
    const [ordered] = settled(play(known(), submit(1))[0]);
    const [committed] = play(ordered, appended('1', T1, 3), { ...appended('2', T1, 3), damaged: true });
    const [levelling] = play(
      committed,
      { type: 'handover.requested', successor: '2' },
      rejected('1', T1, { hint: 4 }),
    );

    expect(levelling.value).toMatchObject({ coordinating: { office: 'levelling' } });
  });
});
