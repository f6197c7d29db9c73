/** The sequencer hands over, without losing anything on the way (PROTOCOL §8, H1–H6). */
import { LIMITS } from '../../../machines/values/limits.js';
import { term } from '../../support/members.js';
import {
  appended,
  collect,
  elapse,
  entry,
  establishing,
  facts,
  messages,
  play,
  type Snapshot,
  sent,
  serving,
  settled,
  submit,
  T1,
  writes,
} from '../../support/sequencing.js';

const office = 'coordinating.office';
const handover = { type: 'handover.requested', successor: '1' } as const;
/** 1 lacks an entry, so 3 waits for it. */
const levelling = (): Snapshot => play(settled(play(serving(), submit(1))[0])[0], handover)[0];
/** 1 has everything, and has been told. */
const handing = (): Snapshot => play(levelling(), appended('1', T1, 3))[0];

/** And so much is held by now. */
function holding(count: number, bytes: number, full = handing()): Snapshot {
  const entries = Array.from({ length: count }, (_, place) => entry(T1, place + 2));
  return { ...full, context: { ...full.context, held: { entries, bytes } } } as Snapshot;
}

describe('a coordinator that hands over', () => {
  // H1
  it('gives out no more numbers', () => {
    for (const waiting of [levelling(), handing()])
      for (const event of [submit(2), { type: 'sequencer.open', from: '2', nonce: 'n', at: 0 } as const]) {
        const [still, effects] = play(waiting, event);
        expect(still.context.log.lastIndex).toBe(3);
        expect(effects).toEqual([]);
      }
  });

  // H2, H3
  it('tells its successor once that one has all there is, and all of it is committed', () => {
    const waiting = levelling();
    expect(waiting.matches({ coordinating: { office: 'levelling' } })).toBe(true);

    const [told, effects] = play(waiting, appended('1', T1, 3));

    expect(told.matches({ coordinating: { office: 'handing' } })).toBe(true);
    expect(sent(effects)).toContainEqual({
      to: ['1'],
      message: { type: 'sequencer.handover', from: '3', term: T1, lastIndex: 3, lastTerm: T1 },
    });
  });

  it('begins as soon as it serves, when it is asked before', () => {
    const [waiting] = play(establishing(), handover);
    const [ready] = play(waiting, appended('1', T1, 2), appended('2', T1, 2));

    expect(waiting.matches({ coordinating: { office: 'establishing' } })).toBe(true);
    expect(ready.matches({ coordinating: { office: 'handing' } })).toBe(true);
  });

  it('does not take another follower for the successor', () => {
    const [waiting] = play(levelling(), appended('2', T1, 3));

    expect(waiting.context.commit).toBe(3);
    expect(waiting.matches({ coordinating: { office: 'levelling' } })).toBe(true);
  });

  it('hands over at once to one that is level already', () => {
    const [told] = play(serving(), handover);

    expect(told.matches({ coordinating: { office: 'handing' } })).toBe(true);
  });

  // H5
  it('promises its successor, and is in office no more', () => {
    const [promising, effects] = play(handing(), collect(term(2, '1'), T1));

    expect(promising.value).toEqual({ replica: 'promising' });
    expect(facts(effects)).toEqual(['ended', 'promised']);
    expect(writes(effects)).toMatchObject([{ promised: term(2, '1') }]);
    expect(messages(settled(promising)[1])).toMatchObject([{ type: 'sequencer.promise', lastIndex: 3 }]);
  });

  it('promises nobody who comes by another handover', () => {
    const [still] = play(handing(), collect(term(2, '1'), term(1, '2')));

    expect(still.matches('coordinating')).toBe(true);
  });

  // H6
  it.each(['levelling', 'handing'])(
    'serves again when %s takes too long, and numbers what waited',
    (place) => {
      const [waiting] = play(place === 'handing' ? handing() : levelling(), submit(2), submit(3));

      const [resumed, effects] = elapse(waiting, 'handoverTimeout', `${office}.${place}`);

      expect(resumed.matches({ coordinating: { office: 'serving' } })).toBe(true);
      expect(effects).toContainEqual({ type: 'handoverFailed', successor: '1' });
      expect(writes(effects)).toMatchObject([{ first: 4, entries: [entry(T1, 2), entry(T1, 3)] }]);
      expect(play(resumed, submit(4))[0].context.log.at(6)).toEqual(entry(T1, 4));
    },
  );

  // Found by seed 6 of the search with newcomers.
  it('keeps the time of what waited in order, though wall clocks go back', () => {
    const [waiting] = play(handing(), submit(2, 70), submit(3, 30));

    const [resumed] = elapse(waiting, 'handoverTimeout', `${office}.handing`);

    expect(resumed.context.log.slice(4, 2)).toMatchObject([{ at: 70 }, { at: 70 }]);
  });

  // I20
  it('holds no more than it has room for', () => {
    const filled = { count: LIMITS.heldMax, bytes: 100 };
    const heavy = { count: 3, bytes: LIMITS.heldBytesMax };

    for (const [{ count, bytes }, place] of [
      [filled, handing()],
      [heavy, levelling()],
    ] as const)
      for (const [event, session] of [
        [submit(2), 1],
        [{ type: 'sequencer.open', from: '1', nonce: 'n', at: 0 } as const, null],
      ] as const) {
        const [still, effects] = play(holding(count, bytes, place), event);
        expect(still.context.held.entries).toHaveLength(count);
        expect(sent(effects)).toEqual([
          { to: ['1'], message: { type: 'sessions.retry', from: '3', session } },
        ]);
      }
  });

  it('holds what still fits', () => {
    const [still, effects] = play(holding(LIMITS.heldMax - 1, LIMITS.heldBytesMax - 1000), submit(2));

    expect(still.context.held.entries).toHaveLength(LIMITS.heldMax);
    expect(still.context.held.bytes).toBeGreaterThan(LIMITS.heldBytesMax - 1000);
    expect(effects).toEqual([]);
  });
});
