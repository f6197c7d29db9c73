/** The sequencer as a replica: what it promises, verifies and stores. Rules R1 and P1–P3 of the protocol. */
import { configurationOf, member, term } from '../../support/members.js';
import {
  append,
  collect,
  configured,
  elapse,
  entry,
  facts,
  founding,
  loyal,
  messages,
  noop,
  persisted,
  play,
  refuse,
  rejected,
  sent,
  settled,
  submit,
  T0,
  T1,
  voters,
  waking,
  writes,
} from '../../support/sequencing.js';

const T2 = term(2, '2');

describe('a replica that is asked for a promise', () => {
  // P1: a promise is on disk before anybody hears of it.
  it('writes it down first and says nothing', () => {
    const [promising, effects] = play(waking('1')[0], collect(T1));

    expect(promising.value).toEqual({ replica: 'promising' });
    expect(sent(effects)).toEqual([]);
    expect(writes(effects)).toMatchObject([{ write: 1, promised: T1, truncateFrom: null, entries: [] }]);
  });

  it('tells how far its log goes once the promise is on disk', () => {
    const [promising] = play(waking('1')[0], collect(T1));

    const [free, effects] = settled(promising);

    expect(free.value).toEqual({ replica: 'free' });
    expect(sent(effects)).toMatchObject([
      {
        to: ['3'],
        message: { type: 'sequencer.promise', term: T1, lastIndex: 1, lastTerm: T0, configuration: voters },
      },
    ]);
  });

  it('waits on while the disk speaks of an older promise', () => {
    const [promising] = play(waking('1')[0], collect(T1), collect(T2));

    const [still, effects] = play(promising, persisted(promising, { write: 1, promised: T1 }));

    expect(still.value).toEqual({ replica: 'promising' });
    expect(sent(effects)).toEqual([]);
    expect(messages(settled(still)[1])).toMatchObject([{ type: 'sequencer.promise', term: T2 }]);
  });

  it('repeats a promise it has on disk, and none that is still on its way there', () => {
    const [promising] = play(waking('1')[0], collect(T1));

    expect(play(promising, collect(T1))[1]).toEqual([]);
    const [free] = settled(promising);
    expect(messages(play(free, collect(T1))[1])).toMatchObject([{ type: 'sequencer.promise', term: T1 }]);
  });

  it('repeats it after a restart too', () => {
    const [awake] = waking('1', { promised: T1 });

    expect(messages(play(awake, collect(T1))[1])).toMatchObject([{ type: 'sequencer.promise', term: T1 }]);
  });

  // I2: nothing below the promise.
  it('refuses a lower term, and says what it has promised', () => {
    const [promised] = settled(play(waking('1')[0], collect(T2))[0]);

    const [still, effects] = play(promised, collect(T1));

    expect(still.context.promised).toEqual(T2);
    expect(messages(effects)).toMatchObject([
      { type: 'sequencer.refuse', term: T1, promised: T2, reason: 'promised' },
    ]);
  });

  // Stickiness (§6): a coordinator that works is not disturbed.
  it('promises nobody else while it hears its coordinator', () => {
    const [still, effects] = play(loyal(T1), collect(T2));

    expect(still.value).toEqual({ replica: { loyal: 'following' } });
    expect(messages(effects)).toMatchObject([{ type: 'sequencer.refuse', promised: T1, reason: 'busy' }]);
    expect(messages(play(still, collect(term(1, '2')))[1])).toMatchObject([{ reason: 'promised' }]);
  });

  // H4: passes stickiness.
  it('promises the successor its coordinator has named, and no other coordinator’s', () => {
    expect(play(loyal(T1), collect(T2, T1))[0].value).toEqual({ replica: 'promising' });
    expect(play(loyal(T1), collect(T2, T0))[0].value).toEqual({ replica: { loyal: 'following' } });
  });

  it.each(['stickiness', 'suspicion'])('is free to promise after %s', (what) => {
    const [free] =
      what === 'stickiness'
        ? elapse(loyal(T1), 'stickiness', 'replica.loyal')
        : play(loyal(T1), { type: 'coordinator.suspected' });

    expect(play(free, collect(T2))[0].value).toEqual({ replica: 'promising' });
  });
});

describe('a replica that is sent entries', () => {
  const news = append(T1, 1, T0, [noop(T1), entry(T1, 1)], 1);

  // R1, P2: entries and promise go to disk in one write, and only then is it said so.
  it('stores promise and entries together, and acknowledges them once they are on disk', () => {
    const [storing, effects] = play(waking('1')[0], news);
    expect(messages(effects)).toEqual([]);
    expect(writes(effects)).toMatchObject([{ write: 1, promised: T1, truncateFrom: null, first: 2 }]);

    const [, done] = settled(storing);

    expect(sent(done)).toMatchObject([
      { to: ['3'], message: { type: 'sequencer.appended', term: T1, match: 3 } },
    ]);
  });

  it('acknowledges no more than the disk has, and nothing before the promise is there', () => {
    const [storing] = play(waking('1')[0], news, append(T1, 3, T1, [entry(T1, 2)]));

    expect(messages(play(storing, persisted(storing, { write: 1, last: 3 }))[1])).toMatchObject([
      { match: 3 },
    ]);
    expect(play(storing, persisted(storing, { write: 0, promised: T0, last: 1 }))[1]).toEqual([]);
  });

  // R1: match = prevI + |es|, not lastI: what lies beyond may be a stale suffix.
  it('acknowledges only what it has compared, though its log is longer', () => {
    const stale = loyal(T1, [founding, noop(T1), entry(T1, 1), entry(T1, 2)]);

    const [under] = play(stale, append(T2, 2, T1));
    const [, effects] = settled(under);

    expect(messages(effects)).toMatchObject([{ type: 'sequencer.appended', term: T2, match: 2 }]);
  });

  it('forgets what it had verified for an older coordinator', () => {
    const [obedient] = settled(play(loyal(T1), news)[0]);
    expect(obedient.context.verified).toBe(3);

    const [, effects] = settled(play(obedient, append(T2, 1, T0))[0]);

    expect(messages(effects)).toMatchObject([{ term: T2, match: 1 }]);
  });

  it('acknowledges at once what changes nothing', () => {
    const [stored] = settled(play(waking('1')[0], news)[0]);

    const [still, effects] = play(stored, news);

    expect(writes(effects)).toEqual([]);
    expect(messages(effects)).toMatchObject([{ type: 'sequencer.appended', match: 3 }]);
    expect(still.context.log.lastIndex).toBe(3);
  });

  it('writes the promise down even when no entry comes with it', () => {
    const [, effects] = play(waking('1')[0], append(T1, 1, T0));

    expect(messages(effects)).toEqual([]);
    expect(writes(effects)).toMatchObject([{ promised: T1, entries: [] }]);
  });

  it('cuts from the first entry that differs', () => {
    const stale = loyal(T1, [founding, noop(T1), entry(T1, 1)]);

    const [agreed, effects] = play(stale, append(T2, 1, T0, [noop(T1), noop(T2)]));

    expect(writes(effects)).toMatchObject([{ promised: T2, truncateFrom: 3, first: 3, entries: [noop(T2)] }]);
    expect(agreed.context.log.slice(1, 9)).toEqual([founding, noop(T1), noop(T2)]);
  });

  // The disk may still report a write that a later one has cut.
  it('does not count what the disk held before the cut', () => {
    const [long] = play(waking('1')[0], append(T1, 1, T0, [noop(T1), entry(T1, 1), entry(T1, 2)]));
    const [cut] = play(long, append(T2, 2, T1, [noop(T2)]));

    const [told, before] = play(cut, persisted(cut, { write: 1, promised: T1, last: 4 }));
    expect(messages(before)).toEqual([]);
    expect(told.context.durable.last).toBe(1);
    expect(messages(settled(told)[1])).toMatchObject([{ term: T2, match: 3 }]);
  });

  // I8: a broken invariant is our mistake, and must not be survived.
  it('would rather die than cut what is committed', () => {
    const [stored] = settled(play(waking('1')[0], append(T1, 1, T0, [noop(T1)], 2))[0]);

    expect(() => play(stored, append(T2, 1, T0, [noop(T2)]))).toThrow(/invariant broken/);
  });

  // R1: fencing; the stale coordinator steps down on it.
  it('rejects entries from before its promise', () => {
    const [promised] = settled(play(waking('1')[0], collect(T2))[0]);

    const [still, effects] = play(promised, news);

    expect(sent(effects)).toMatchObject([
      { to: ['3'], message: { type: 'sequencer.rejected', term: T1, promised: T2 } },
    ]);
    expect(still.context.log.lastIndex).toBe(1);
  });

  it('asks for what is missing, and obeys from then on', () => {
    const [catchingUp, effects] = play(waking('1')[0], append(T1, 4, T1, [entry(T1, 3)], 4));

    expect(catchingUp.value).toEqual({ replica: { loyal: 'catchingUp' } });
    expect(messages(effects)).toMatchObject([
      { type: 'sequencer.rejected', term: T1, promised: T1, hint: 2 },
    ]);
    expect(facts(effects)).toEqual(['followed']);
    expect(play(catchingUp, append(term(1, '2'), 1, T0))[0].context.log.lastIndex).toBe(1);
  });

  it('asks from the start of the term that differs', () => {
    const stale = loyal(T1, [founding, noop(T1), entry(T1, 1), entry(T1, 2)]);

    expect(messages(play(stale, append(T2, 4, T2))[1])).toMatchObject([{ hint: 2 }]);
  });

  // P1: a term it only knows from entries it could not take is not promised yet.
  it('acknowledges nothing to a coordinator it could not follow yet', () => {
    const [gap] = play(loyal(T1), append(T2, 5, T2));

    expect(messages(play(gap, persisted(gap, { promised: T1 }))[1])).toEqual([]);
    expect(messages(play(gap, append(T2, 1, T0))[1])).toEqual([]);
  });

  // R1: commitI := max(commitI, min(c, prevI + |es|)), and it never goes back (I8).
  it('commits what it has verified, and no more', () => {
    const [verified, effects] = play(loyal(T1), append(T1, 1, T0, [noop(T1)], 7));
    expect(effects).toContainEqual({ type: 'committed', commit: 2 });

    const [still] = play(verified, append(T1, 1, T0, [], 1));
    expect(still.context.commit).toBe(2);
  });

  it('tells of a configuration as soon as it is in the log, and again once it is committed', () => {
    const joint = configurationOf(['1', '2'], { outgoing: ['1', '2', '3'] });
    const [heard, effects] = play(loyal(T1), append(T1, 1, T0, [configured(joint, T1)]));
    expect(effects).toContainEqual({ type: 'reconfigured', configuration: joint, isCommitted: false });

    expect(play(heard, append(T1, 2, T1, [], 2))[1]).toEqual(
      expect.arrayContaining([{ type: 'reconfigured', configuration: joint, isCommitted: true }]),
    );
  });

  // M3: truncation restores the previous one.
  it('goes back to the configuration before, when the entry is cut', () => {
    const joint = configurationOf(['1', '2'], { outgoing: ['1', '2', '3'] });
    const [changed] = play(loyal(T1), append(T1, 1, T0, [configured(joint, T1)]));

    const [, effects] = play(changed, append(T2, 1, T0, [noop(T2)]));

    expect(effects).toContainEqual({ type: 'reconfigured', configuration: voters, isCommitted: false });
  });
});

describe('a replica', () => {
  it('shows its log to the candidate it has promised, and to nobody else', () => {
    const { incarnation } = member('1');
    const ask = (of = T1, prevIndex = 1, prevTerm = T0) =>
      ({ type: 'sequencer.fetch', from: of.owner, term: of, incarnation, prevIndex, prevTerm }) as const;
    const entries = [founding, noop(T0), entry(T0, 1)];
    const [donor] = settled(play(waking('1', { entries })[0], collect(T1))[0]);

    expect(messages(play(donor, ask())[1])).toMatchObject([
      { type: 'sequencer.fetched', term: T1, prevIndex: 1, entries: entries.slice(1), lastIndex: 3 },
    ]);
    expect(messages(play(donor, ask(T1, 9))[1])).toMatchObject([{ type: 'sequencer.mismatched', hint: 4 }]);
    expect(play(donor, ask(T2))[1]).toEqual([]);
  });

  // Found by `bullpen verify --losses 1`: the candidate counted a log that is gone, and was about to cut its own to match.
  it('does not show in one life of its disk what it promised in another', () => {
    const me = member('1', { incarnation: 'second-of-1' });
    const [donor] = settled(play(waking('1', { me, entries: [] })[0], collect(T1))[0]);
    const ask = { type: 'sequencer.fetch', from: '3', term: T1, prevIndex: 0, prevTerm: T0 } as const;

    expect(play(donor, { ...ask, incarnation: member('1').incarnation })).toEqual([donor, []]);
    expect(messages(play(donor, { ...ask, incarnation: me.incarnation })[1])).toMatchObject([
      { lastIndex: 0 },
    ]);
  });

  it('that has not heard the coordinator it knows for a while sends whoever submits there', () => {
    const open = { type: 'sequencer.open', from: '2', nonce: 'n', at: 0 } as const;

    for (const event of [submit(1), open])
      expect(messages(play(waking('1', { promised: T1 })[0], event)[1])).toEqual([
        { type: 'sessions.redirect', from: '1', coordinator: '3' },
      ]);
  });

  it('admits that it knows none when the last term was its own', () => {
    expect(messages(play(waking('1')[0], submit(1))[1])).toMatchObject([{ coordinator: null }]);
  });

  it('learns of higher terms from refusals, and stands above them', () => {
    const [wiser] = play(waking('1')[0], refuse('2', T1, T2), rejected('2', T1, { promised: term(7, '2') }));

    const [standing] = play(wiser, { type: 'collect.requested', handoverOf: null });

    expect(wiser.context.promised).toEqual(T0);
    expect(standing.context.promised).toEqual(term(8, '1'));
  });

  it('notes what the disk did while it waited for nothing', () => {
    const [free] = play(play(loyal(T1), append(T1, 1, T0, [noop(T1)]))[0], { type: 'coordinator.suspected' });

    const [noted, effects] = settled(free);

    expect(noted.context.durable.last).toBe(2);
    expect(messages(effects)).toEqual([]);
  });

  // H4: x checks that its log is equal, and stands.
  it('takes a handover only when it has all the coordinator has', () => {
    const handover = (lastIndex: number) =>
      ({ type: 'sequencer.handover', from: '3', term: T1, lastIndex, lastTerm: T0 }) as const;

    const [free, effects] = play(loyal(T1), handover(1));
    expect(free.value).toEqual({ replica: 'free' });
    expect(facts(effects)).toEqual(['handoverOffered']);
    expect(play(loyal(T1), handover(2))[1]).toEqual([]);
  });
});
