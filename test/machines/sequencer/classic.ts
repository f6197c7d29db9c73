/** The textbook's sequencer (PROTOCOL §12): it asks nobody, and its word can be taken back. */
import { term } from '../../support/members.js';
import {
  append,
  elapse,
  entry,
  founding,
  noop,
  persisted,
  play,
  type Snapshot,
  sent,
  submit,
  T0,
  T1,
  waking,
  writes,
} from '../../support/sequencing.js';
import type { Effect } from '../../support/step.js';

const T2 = term(2, '2');
const stand = { type: 'collect.requested', handoverOf: null } as const;
const classic = (id: string): Snapshot => waking(id, { mode: 'classic' })[0];
const leading = (): Snapshot => {
  const [standing] = play(classic('3'), stand);
  return play(standing, persisted(standing))[0];
};
/** 1 follows 3, which has numbered two submissions and called them committed. */
const following = (): Snapshot => {
  const [offered] = play(classic('1'), append(T1, 1, T0, [noop(T1), entry(T1, 1), entry(T1, 2)], 4));
  return play(offered, persisted(offered))[0];
};

const allOf = (type: string, effects: readonly Effect[]) => effects.filter((effect) => effect.type === type);

describe('a classic sequencer', () => {
  it('leads as soon as its own promise is on disk, asking nobody', () => {
    const [standing, effects] = play(classic('3'), stand);
    expect(sent(effects)).toEqual([]);

    const [led] = play(standing, persisted(standing));

    expect(led.matches('coordinating')).toBe(true);
  });

  it('stands though it has just heard a coordinator', () => {
    expect(play(following(), stand)[0].matches({ standing: 'gathering' })).toBe(true);
  });

  it('commits what is on its own disk alone', () => {
    const [numbered] = play(leading(), submit(1));
    const [stored, effects] = play(numbered, persisted(numbered));

    expect(stored.context.commit).toBe(stored.context.log.lastIndex);
    expect(allOf('committed', effects)).toEqual([{ type: 'committed', commit: 3 }]);
  });

  it('believes what its disk holds when it starts', () => {
    const [woken, effects] = waking('1', { mode: 'classic', entries: [founding, noop(T1), entry(T1, 1)] });

    expect(woken.context.commit).toBe(3);
    expect(allOf('committed', effects)).toEqual([{ type: 'committed', commit: 3 }]);
  });

  it('stays in office though nobody answers', () => {
    const [still] = elapse(leading(), 'supportWindow', 'coordinating.support.listening');

    expect(still.context.supporters).toEqual([]);
    expect(still.matches({ coordinating: { support: 'listening' } })).toBe(true);
  });

  it('cuts what it had committed when a coordinator of a higher term says otherwise, and tells what it lost', () => {
    const [rewritten, effects] = play(following(), append(T2, 2, T1, [noop(T2)], 3));

    expect(allOf('rewritten', effects)).toEqual([
      { type: 'rewritten', from: 3, lost: [entry(T1, 1), entry(T1, 2)] },
    ]);
    expect(writes(effects)).toMatchObject([{ truncateFrom: 3, first: 3, entries: [noop(T2)] }]);
    expect(rewritten.context.log.lastIndex).toBe(3);
    expect(rewritten.context.commit).toBe(3);
  });

  it('tells anew of what stands there now, as committed', () => {
    const [, effects] = play(following(), append(T2, 2, T1, [noop(T2)], 3));

    expect(allOf('committed', effects)).toEqual([{ type: 'committed', commit: 3 }]);
  });
});

describe('a safe sequencer', () => {
  it('would rather end than cut what it knows to be committed', () => {
    const [offered] = play(waking('1')[0], append(T1, 1, T0, [noop(T1), entry(T1, 1)], 3));
    const [committed] = play(offered, persisted(offered));

    expect(() => play(committed, append(T2, 2, T1, [noop(T2)], 3))).toThrow(/would be cut/);
  });
});
