/** The sequencer in office: numbering, committing, and leaving (PROTOCOL §6 lead(), §7 R2–R8, §9 M1–M3). */
import { configurationOf, member, term } from '../../support/members.js';
import {
  append,
  appended,
  collect,
  collecting,
  configured,
  elapse,
  entry,
  establishing,
  facts,
  founding,
  messages,
  noop,
  persisted,
  play,
  promise,
  rejected,
  sent,
  serving,
  settled,
  submit,
  T0,
  T1,
  voters,
  waking,
  writes,
} from '../../support/sequencing.js';
import type { Effect } from '../../support/step.js';

const T4 = term(4, '1');
const proposed = (body = configurationOf(['2', '3'], { outgoing: ['1', '2', '3'] })) =>
  ({ type: 'entry.proposed', at: 0, draft: { kind: 'configuration', body } }) as const;

describe('a coordinator that takes office', () => {
  it('opens its term with an entry of its own, and sends it to all at once', () => {
    const [leading, effects] = play(collecting('3'), promise('1', T1));

    expect(leading.matches({ coordinating: { office: 'establishing' } })).toBe(true);
    expect(writes(effects)).toMatchObject([{ truncateFrom: null, first: 2, entries: [noop(T1)] }]);
    // Sending APPEND before its own disk has it is allowed (P2).
    expect(sent(effects)).toContainEqual({ to: ['1', '2'], message: append(T1, 1, T0, [noop(T1)]) });
  });

  it('serves once that entry is committed', () => {
    const [stored] = settled(establishing());
    expect(stored.context.commit).toBe(0);

    const [ready, effects] = play(stored, appended('1', T1, 2));

    expect(ready.matches({ coordinating: { office: 'serving' } })).toBe(true);
    expect(effects).toEqual(
      expect.arrayContaining([
        { type: 'committed', commit: 2 },
        { type: 'serving', term: T1 },
      ]),
    );
  });

  // P2: it counts its own disk like any other.
  it('does not count itself before its own disk has the entry', () => {
    const [waiting] = play(establishing(), appended('1', T1, 2));
    expect(waiting.context.commit).toBe(0);

    expect(settled(waiting)[0].context.commit).toBe(2);
  });

  it('commits without its own disk when the others are enough', () => {
    const [ready] = play(establishing(), appended('1', T1, 2), appended('2', T1, 2));

    expect(ready.context.commit).toBe(2);
  });

  // R2: never count older terms (Raft §5.4.2; mutant `oldcommit`).
  it('commits what it has adopted only together with an entry of its own', () => {
    const older = [founding, noop(T0), entry(T0, 1)];
    const [leading] = settled(play(collecting('3', older), promise('1', T1))[0]);

    expect(play(leading, appended('1', T1, 3))[0].context.commit).toBe(0);
    expect(play(leading, appended('1', T1, 4))[0].context.commit).toBe(4);
  });

  it('numbers submissions already, and acknowledges none', () => {
    const [busy, effects] = play(establishing(), submit(1));

    expect(writes(effects)).toMatchObject([{ first: 3, entries: [entry(T1, 1)] }]);
    expect(busy.context.commit).toBe(0);
    expect(writes(play(busy, { type: 'sequencer.open', from: '2', nonce: 'n', at: 5 })[1])).toMatchObject([
      { first: 4, entries: [{ kind: 'session', at: 5, body: { peer: '2', nonce: 'n' } }] },
    ]);
  });
});

describe('a coordinator that serves', () => {
  it('numbers what is submitted, with a time that never goes back', () => {
    const [, effects] = play(serving(), submit(1, 70), submit(2, 30));

    expect(writes(effects)).toMatchObject([{ first: 4, entries: [{ at: 70 }] }]);
    expect(messages(effects)).toMatchObject([{ type: 'sequencer.append', prevIndex: 3, commit: 2 }]);
  });

  it('opens sessions', () => {
    const [, effects] = play(serving(), { type: 'sequencer.open', from: '2', nonce: 'n', at: 5 });

    expect(writes(effects)).toMatchObject([
      { entries: [{ kind: 'session', body: { peer: '2', nonce: 'n' } }] },
    ]);
  });

  // R4: at most W batches in flight.
  it('keeps no more than four batches on their way to one follower', () => {
    const [busy, effects] = play(serving(), submit(1), submit(2), submit(3), submit(4), submit(5));
    expect(sent(effects)).toEqual([]);

    const [, more] = play(busy, appended('1', T1, 3));

    expect(sent(more)).toMatchObject([{ to: ['1'], message: { prevIndex: 6, entries: [entry(T1, 5)] } }]);
  });

  // I4 and J2.
  it('counts no acknowledgement of another term, of a stranger, or of a lost disk', () => {
    const [waiting] = settled(play(serving(), submit(1))[0]);

    for (const answer of [
      appended('1', T4, 3),
      appended('9', T1, 3),
      appended('2', T1, 3, 'second-of-2'),
      rejected('9', T1),
    ])
      expect(play(waiting, answer)).toEqual([waiting, []]);
  });

  it('believes nobody who claims more than there is', () => {
    const [still] = play(serving(), appended('2', T1, 99));

    expect(still.context.followers.find(({ id }) => id === '2')?.match).toBe(2);
  });

  // J2: its own disk counts only in the seat of its own incarnation.
  it('does not count its own disk without a seat', () => {
    const [stored] = settled(play(serving(), submit(1))[0]);
    expect(play(stored, appended('1', T1, 3))[0].context.commit).toBe(3);

    const me = member('3', { incarnation: 'second-of-3' });
    const forgetful = { ...stored, context: { ...stored.context, me } } as typeof stored;

    expect(play(forgetful, appended('1', T1, 3))[0].context.commit).toBe(2);
    expect(play(forgetful, appended('1', T1, 3), appended('2', T1, 3))[0].context.commit).toBe(3);
  });

  it('tries again where a follower says its log differs, from there', () => {
    const [busy] = play(serving(), submit(1));

    const [, effects] = play(busy, rejected('2', T1, { hint: 1 }));
    expect(sent(effects)).toMatchObject([
      { to: ['2'], message: { prevIndex: 0, entries: [founding, noop(T1), entry(T1, 1)] } },
    ]);
  });

  // Found by a seed: it was sent the same entries as fast as it could refuse them.
  it('sends no entries to who denies what it has acknowledged, until that one takes a heartbeat', () => {
    const [busy] = play(serving(), submit(1));
    const denial = rejected('1', T1, { hint: 1 });

    const [denied, silence] = play(busy, denial, denial);
    expect(sent(silence)).toEqual([]);
    const [, beat] = elapse(denied, 'heartbeatInterval', 'coordinating.pulse.beating');
    expect(sent(beat)).toContainEqual({ to: ['1'], message: append(T1, 2, T1, [], 2) });

    const [, resumed] = play(denied, appended('1', T1, 2));
    expect(sent(resumed)).toMatchObject([{ to: ['1'], message: { prevIndex: 2, entries: [entry(T1, 1)] } }]);
  });

  it('sends again what was on its way when a link is new', () => {
    const [busy] = play(serving(), submit(1));

    const [, effects] = play(busy, { type: 'follower.reconnected', peer: '1' });

    expect(sent(effects)).toMatchObject([{ to: ['1'], message: { prevIndex: 2, entries: [entry(T1, 1)] } }]);
  });

  // R7: an empty APPEND is the heartbeat, and carries the commit index.
  it('beats', () => {
    const [, effects] = elapse(serving(), 'heartbeatInterval', 'coordinating.pulse.beating');

    expect(sent(effects)).toEqual([{ to: ['1', '2'], message: append(T1, 2, T1, [], 2) }]);
    expect(effects).toContainEqual(expect.objectContaining({ type: 'measured', lastIndex: 2, commit: 2 }));
  });
});

describe('a coordinator that changes the configuration', () => {
  const joint = configurationOf(['2', '3'], { outgoing: ['1', '2', '3'] });

  // M1, M3: joint, and in force as soon as it is in the log.
  it('commits a joint change by both majorities', () => {
    const [changing, effects] = play(serving(), proposed(joint));
    expect(writes(effects)).toMatchObject([{ entries: [configured(joint, T1)] }]);

    const [half] = play(settled(changing)[0], appended('1', T1, 3));
    expect(half.context.commit).toBe(2);
    expect(play(half, appended('2', T1, 3))[0].context.commit).toBe(3);
  });

  // M2: only with the previous one committed.
  it('changes one thing at a time', () => {
    const [changing] = play(serving(), proposed(joint));

    expect(play(changing, proposed(configurationOf(['2', '3'])))).toEqual([changing, []]);
  });

  // M2, and Raft's bug of 2015: none before the reign has committed an entry of its own.
  it('changes nothing before it serves', () => {
    const [opening] = settled(establishing());

    expect(play(opening, proposed(joint))).toEqual([opening, []]);
  });

  // M1, I16: what skips the joint step, or was proposed for an older configuration, would allow two quorums.
  it.each([
    ['a voter less', configurationOf(['2', '3'])],
    ['a voter more', configurationOf(['1', '2', '3', '4'])],
    [
      'another incarnation',
      { ...voters, voters: [...voters.voters.slice(1), member('1', { incarnation: 'second' })] },
    ],
    ['outgoing voters that are not the present ones', configurationOf(['4'], { outgoing: ['1', '2'] })],
    ['another cluster', { ...voters, clusterId: 'd' }],
  ])('does not take %s', (_, body) => {
    const present = serving();

    expect(play(present, proposed(body))).toEqual([present, []]);
  });

  it('takes a learner at once, and proposals of views at any time', () => {
    const [changing] = play(serving(), proposed(configurationOf(['1', '2', '3'], { learners: ['4'] })));
    expect(changing.context.followers.map(({ id }) => id)).toEqual(['1', '2', '4']);

    const view = { number: 1, coordinator: '3', members: [] };
    const [, effects] = play(changing, {
      type: 'entry.proposed',
      at: 0,
      draft: { kind: 'view', body: view },
    });
    expect(writes(effects)).toMatchObject([{ entries: [{ kind: 'view', body: view }] }]);
  });

  // M5: those who leave are told so.
  it('keeps sending to a voter that leaves until that one knows', () => {
    const [changing] = settled(play(serving(), proposed(joint))[0]);
    const [committed] = play(changing, appended('2', T1, 3), appended('1', T1, 3));
    const [settling] = settled(play(committed, proposed(configurationOf(['2', '3'])))[0]);
    expect(settling.context.followers.map(({ id }) => id)).toEqual(['2', '1']);

    const [told] = play(settling, appended('2', T1, 4), appended('1', T1, 4));
    const id = 'coordinating.pulse.beating';
    const [beaten] = elapse(told, 'heartbeatInterval', id);

    expect(beaten.context.followers.map((f) => f.id)).toEqual(['2']);
  });
});

describe('a coordinator that must go', () => {
  // R5: any frame with a higher term.
  it('steps down when a follower has promised more', () => {
    const [free, effects] = play(serving(), rejected('1', T1, { promised: T4 }));

    expect(free.value).toEqual({ replica: 'free' });
    expect(facts(effects)).toEqual(['ended']);
    expect(free.context.seen).toEqual(T4);
  });

  it('obeys a coordinator of a higher term', () => {
    expect(play(serving(), append(T4, 2, T1))[0].matches({ replica: 'loyal' })).toBe(true);
  });

  it('counts nothing that comes late', () => {
    const [busy] = play(serving(), submit(1));
    const [free] = play(busy, rejected('1', T1, { promised: T4 }));

    const [late, effects] = play(free, appended('1', T1, 3), appended('2', T1, 3), persisted(free));

    expect(late.context.commit).toBe(2);
    expect(messages(effects)).toEqual([]);
  });

  // E7: it must hear a quorum, not only speak to it.
  it('steps down when a quorum has not answered for a window, and stays when one has', () => {
    const id = 'coordinating.support.listening';
    const [next] = elapse(serving(), 'supportWindow', id);
    expect(next.matches('coordinating')).toBe(true);

    const [free, effects] = elapse(next, 'supportWindow', id);

    expect(free.value).toEqual({ replica: 'free' });
    expect(facts(effects)).toEqual(['ended']);
  });

  it('is not disturbed by a candidate, whether above or below its term', () => {
    const reasons = [T4, term(1, '1')].map((of) => messages(play(serving(), collect(of))[1]));

    expect(reasons).toMatchObject([[{ reason: 'busy' }], [{ reason: 'promised' }]]);
  });

  // P3: never again a term it led before.
  it('never resumes its term after a restart', () => {
    const [awake] = waking('3', { promised: T1, entries: [founding, noop(T1)] });

    const [still] = play(awake, promise('1', T1), promise('2', T1), appended('1', T1, 2));
    expect(still.value).toEqual({ replica: 'free' });
    expect(play(still, { type: 'collect.requested', handoverOf: null })[0].context.promised).toEqual(
      term(2, '3'),
    );
  });
});

describe('the voice of a coordinator', () => {
  const announced = (effects: readonly Effect[]) =>
    messages(effects).filter(
      (message) => message.type === 'sequencer.append' && message.entries.length === 0,
    );

  it('says at once how far the log is committed, and then not for a moment', () => {
    const [quiet] = elapse(serving(), 'announceRest', 'coordinating.voice.speaking');
    const [first] = play(quiet, submit(1), submit(2));
    const [stored] = settled(first);
    const [told, effects] = play(stored, appended('1', T1, 3));
    const [still, later] = play(told, appended('1', T1, 4));
    const [, last] = elapse(still, 'announceRest', 'coordinating.voice.speaking');

    expect(announced(effects)).toMatchObject([{ commit: 3 }]);
    expect(announced(later)).toEqual([]);
    expect(announced(last)).toMatchObject([{ commit: 4 }]);
  });
});
