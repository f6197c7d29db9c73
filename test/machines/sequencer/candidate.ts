/** The sequencer as a candidate: it collects promises and adopts the best log before it leads (PROTOCOL §6). */
import { configurationOf, member, term } from '../../support/members.js';
import {
  append,
  collect,
  collecting,
  configured,
  elapse,
  entry,
  facts,
  founding,
  messages,
  noop,
  persisted,
  play,
  promise,
  refuse,
  type Snapshot,
  sent,
  settled,
  T0,
  T1,
  waking,
  writes,
} from '../../support/sequencing.js';

const requested = { type: 'collect.requested', handoverOf: null } as const;
const T2 = term(2, '2');
const own = term(1, '1');
/** What 2 has and 1 has not, when 1 stands. */
const better = [founding, noop(T0), entry(T0, 1), entry(T0, 2)];

const fetched = (entries: typeof better, { of = own, prevIndex = 1, lastIndex = 4 } = {}) =>
  ({ type: 'sequencer.fetched', from: '2', term: of, prevIndex, prevTerm: T0, entries, lastIndex }) as const;

/** 1 has a quorum and must adopt the log of 2. */
const adopting = (entries = [founding]): Snapshot =>
  play(collecting('1', entries), promise('2', own, { lastIndex: 4 }))[0];

describe('a candidate', () => {
  // collect(): persist promised := e; only then COLLECT (P1).
  it('writes its own term down before it asks for promises', () => {
    const [standing, effects] = play(waking('1')[0], requested);
    expect(standing.value).toEqual({ standing: { gathering: 'securing' } });
    expect(writes(effects)).toMatchObject([{ write: 1, promised: own, entries: [] }]);
    expect(play(standing, persisted(standing, { write: 0, promised: T0 }))[1]).toEqual([]);

    const [, done] = settled(standing);

    expect(sent(done)).toEqual([
      { to: ['2', '3'], message: { type: 'sequencer.collect', from: '1', term: own, handoverOf: null } },
    ]);
  });

  it('says whose handover it follows', () => {
    const [standing] = play(waking('1')[0], { ...requested, handoverOf: T0 });

    expect(messages(settled(standing)[1])).toMatchObject([{ handoverOf: T0 }]);
  });

  // P3: after a restart a peer never again leads a term it led before.
  it('opens a term above every one it has seen, its own included', () => {
    const stood = (promised = T0, entries = [founding]) =>
      play(waking('1', { promised, entries })[0], requested)[0].context.promised;

    expect(stood(term(4, '1'))).toEqual(term(5, '1'));
    expect(stood(T0, [founding, noop(term(6, '3'))])).toEqual(term(7, '1'));
  });

  it('does not stand without a vote', () => {
    const learner = configurationOf(['2', '3'], { learners: ['1'] });

    expect(play(waking('1', { entries: [configured(learner)] })[0], requested)[1]).toEqual([]);
    expect(play(waking('1', { entries: [] })[0], requested)[1]).toEqual([]);
  });

  // J2: terms name their owner by id, so one that has lost its disk could lead a term it has led before.
  it('does not stand in the seat its lost disk had', () => {
    const leaving = configurationOf(['2', '3'], { outgoing: ['1', '2', '3'] });
    const me = member('1', { incarnation: 'second' });
    const entries = [configured({ ...leaving, learners: [me] })];

    expect(play(waking('1', { me, entries })[0], requested)[1]).toEqual([]);
  });

  it('leads at once when it is its own quorum', () => {
    const entries = [configured(configurationOf(['1']))];

    expect(collecting('1', entries).matches('coordinating')).toBe(true);
  });

  it('leads once a quorum has promised and none of them knows more', () => {
    const [, effects] = play(collecting('1'), promise('3', own));

    expect(facts(effects)).toEqual(expect.arrayContaining(['established']));
  });

  it('asks again at every heartbeat those who have not promised', () => {
    const five = [configured(configurationOf(['1', '2', '3', '4', '5']))];
    const [waiting] = play(collecting('1', five), promise('2', own));

    const id = 'standing.gathering.collecting';
    const [, effects] = elapse(waiting, 'heartbeatInterval', id);

    expect(sent(effects)).toMatchObject([{ to: ['3', '4', '5'], message: { type: 'sequencer.collect' } }]);
  });

  it('counts only promises of its term', () => {
    expect(play(collecting('1'), promise('2', term(1, '2')))[0].matches('standing')).toBe(true);
  });

  // J2: a promise counts only from the incarnation that holds the seat.
  it('does not count a promise from a peer that has lost its disk', () => {
    const forgetful = promise('2', own, { incarnation: 'second-of-2' });

    expect(play(collecting('1'), forgetful)[0].matches('standing')).toBe(true);
  });

  // Judged under the best log's configuration (mutant `owncfg`).
  it('is judged by the configuration of the best log, not by its own', () => {
    const configuration = configurationOf(['2', '3', '4']);
    const news = { lastIndex: 2, lastTerm: T0, configuration };

    const [asking] = play(collecting('1'), promise('2', own, news));
    expect(asking.value).toEqual({ standing: { gathering: 'collecting' } });
    const id = 'standing.gathering.collecting';
    expect(sent(elapse(asking, 'heartbeatInterval', id)[1])).toMatchObject([{ to: ['3', '4'] }]);

    expect(play(asking, promise('4', own, news))[0].value).toEqual({ standing: { adopting: 'fetching' } });
  });

  it('needs both majorities of a joint configuration', () => {
    const configuration = configurationOf(['1', '2', '3'], { outgoing: ['1', '4', '5'] });
    const news = { configuration };
    const [half] = play(collecting('1', [configured(configuration)]), promise('2', own, news));

    expect(half.matches('standing')).toBe(true);
    expect(play(half, promise('4', own, news))[0].matches('coordinating')).toBe(true);
  });

  it('gives up when a quorum does not promise in time, and opens a new term the next time', () => {
    const [free, effects] = elapse(collecting('1'), 'collectTimeout', 'standing.gathering');

    expect(free.value).toEqual({ replica: 'free' });
    expect(facts(effects)).toEqual(['abandoned']);
    expect(play(free, requested)[0].context.promised).toEqual(term(2, '1'));
  });

  it('gives up when somebody has promised more', () => {
    const [free, effects] = play(collecting('1'), refuse('2', own, T2));

    expect(free.value).toEqual({ replica: 'free' });
    expect(facts(effects)).toEqual(['abandoned']);
    expect(free.context.seen).toEqual(T2);
  });

  it('goes on when it is only told that a coordinator works', () => {
    expect(play(collecting('1'), refuse('2', own, T0, 'busy'))[0].matches('standing')).toBe(true);
  });

  it('promises a higher candidate, and refuses a lower one', () => {
    const [promising, effects] = play(collecting('1'), collect(T2));
    expect(promising.value).toEqual({ replica: 'promising' });
    expect(facts(effects)).toEqual(['abandoned', 'promised']);
    expect(writes(effects)).toMatchObject([{ promised: T2 }]);

    const [, refusal] = play(collecting('2'), collect(own));
    expect(messages(refusal)).toMatchObject([{ type: 'sequencer.refuse', reason: 'promised' }]);
  });

  it('obeys a coordinator of a higher term, and fences one of a lower', () => {
    expect(play(collecting('1'), append(T2, 1, T0))[0].matches({ replica: 'loyal' })).toBe(true);
    expect(messages(play(collecting('1'), append(T0, 1, T0))[1])).toMatchObject([
      { type: 'sequencer.rejected', promised: own },
    ]);
  });
});

describe('a candidate that has to adopt', () => {
  const id = 'standing.adopting';

  it('asks the peer with the best log, by term and then by length', () => {
    const five = [configured(configurationOf(['1', '2', '3', '4', '5']))];
    const configuration = configurationOf(['1', '2', '3', '4', '5']);
    const long = promise('2', own, { lastIndex: 9, lastTerm: T0, configuration });
    const recent = promise('3', own, { lastIndex: 2, lastTerm: term(0, '3'), configuration });

    const [fetching, effects] = play(collecting('1', five), long, recent);

    expect(fetching.value).toEqual({ standing: { adopting: 'fetching' } });
    const wish = { type: 'sequencer.fetch', prevIndex: 1, incarnation: recent.incarnation };
    expect(sent(effects)).toMatchObject([{ to: ['3'], message: wish }]);
  });

  // P2: what is adopted is on disk before the term is led.
  it('leads only once all of it is on disk', () => {
    const [storing, effects] = play(adopting(), fetched(better.slice(1)));
    expect(storing.value).toEqual({ standing: { adopting: 'storing' } });
    expect(writes(effects)).toMatchObject([{ promised: null, truncateFrom: null, first: 2 }]);
    const [still] = play(storing, persisted(storing, { write: storing.context.writes - 1, last: 1 }));
    expect(still.value).toEqual({ standing: { adopting: 'storing' } });

    const [leading, done] = settled(still);

    expect(leading.matches('coordinating')).toBe(true);
    expect(leading.context.log.slice(1, 9)).toEqual([...better, noop(own)]);
    expect(facts(done)).toEqual(expect.arrayContaining(['established']));
  });

  it('asks for the rest as long as something is missing', () => {
    const [storing] = play(adopting(), fetched(better.slice(1, 3)));

    const [again, effects] = settled(storing);

    expect(again.value).toEqual({ standing: { adopting: 'fetching' } });
    expect(sent(effects)).toMatchObject([{ to: ['2'], message: { prevIndex: 3 } }]);
  });

  // Found by seed 1891 of the core walk: what was equal was fetched again and again.
  it('asks for what follows, also when nothing differed so far', () => {
    const stale = [founding, ...better.slice(1, 2), entry(term(0, '0'), 7)];
    const [asking] = play(adopting(stale), { type: 'sequencer.mismatched', from: '2', term: own, hint: 2 });
    const [storing] = play(
      { ...asking, context: { ...asking.context, fetchFrom: 1 } },
      fetched(better.slice(1, 2)),
    );

    const [again, effects] = settled(storing);

    expect(again.value).toEqual({ standing: { adopting: 'fetching' } });
    expect(sent(effects)).toMatchObject([{ to: ['2'], message: { prevIndex: 2 } }]);
  });

  it('goes back behind its own run of a term, when the run of the donor goes back further', () => {
    const stale = [founding, ...better.slice(1, 2), entry(term(0, '9'), 7), entry(term(0, '9'), 8)];
    const configuration = configurationOf(['1', '2', '3']);
    const recent = promise('2', own, { lastIndex: 9, lastTerm: T1, configuration });
    const mismatched = { type: 'sequencer.mismatched', from: '2', term: own, hint: 1 } as const;
    const [asking] = play(collecting('1', stale), recent, mismatched);

    expect(asking.context.fetchFrom).toBe(2);
  });

  it('replaces what it has beyond the common part', () => {
    const stale = [founding, noop(term(0, '0')), entry(term(0, '0'), 7)];
    const [asking] = play(adopting(stale), { type: 'sequencer.mismatched', from: '2', term: own, hint: 2 });
    expect(asking.context.fetchFrom).toBe(1);

    const [adopted, effects] = play(asking, fetched(better.slice(1)));

    expect(writes(effects)).toMatchObject([{ truncateFrom: 2, first: 2 }]);
    expect(adopted.context.log.slice(1, 9)).toEqual(better);
  });

  // Prefix of the better log, and more of its own: the better log ends where it ends.
  it('keeps nothing that the best log does not have', () => {
    const stale = [founding, noop(T0), entry(T0, 1), noop(T0)];
    const configuration = configurationOf(['1', '2', '3']);
    const [fetching] = play(
      collecting('1', stale),
      promise('2', own, { lastIndex: 2, lastTerm: term(0, '2'), configuration }),
    );

    const donor = [noop(term(0, '2'))];
    const [adopted, effects] = play(fetching, fetched(donor, { lastIndex: 2 }));

    expect(writes(effects)).toMatchObject([{ truncateFrom: 2, first: 2, entries: donor }]);
    expect(adopted.context.log.lastIndex).toBe(2);
  });

  it('heeds only its own term, and only what joins its log', () => {
    const fetching = adopting();

    for (const other of [
      fetched(better.slice(1), { of: T1 }),
      fetched([], { prevIndex: 9 }),
      { type: 'sequencer.mismatched', from: '2', term: T1, hint: 1 } as const,
    ])
      expect(play(fetching, other)).toEqual([fetching, []]);
  });

  it('takes the same part twice for one', () => {
    const [again] = settled(play(adopting(), fetched(better.slice(1, 3)))[0]);

    const [storing, effects] = play(again, fetched(better.slice(1, 3)));

    expect(writes(effects)).toMatchObject([{ truncateFrom: null, entries: [] }]);
    expect(settled(storing)[0].value).toEqual({ standing: { adopting: 'fetching' } });
  });

  it('asks again at every heartbeat', () => {
    const [, effects] = elapse(adopting(), 'heartbeatInterval', `${id}.fetching`);

    expect(sent(effects)).toMatchObject([{ to: ['2'], message: { type: 'sequencer.fetch' } }]);
  });

  // Never falls back to a worse log within the term.
  it('gives the term up when the donor is gone', () => {
    const [waiting] = play(adopting(), promise('3', own));
    expect(waiting.value).toEqual({ standing: { adopting: 'fetching' } });

    const [free] = elapse(waiting, 'collectTimeout', id);

    expect(free.value).toEqual({ replica: 'free' });
  });
});
