import fc from 'fast-check';
import { VirtualClock } from '../../transport/virtual-clock.js';

describe('a virtual clock', () => {
  it('stands still until told to go on', () => {
    const clock = new VirtualClock();
    const fired: number[] = [];

    clock.setTimeout(() => fired.push(clock.now()), 5);
    const before = [clock.now(), [...fired]];
    clock.advance(4.5);
    clock.advance(0.5);

    expect(before).toEqual([0, []]);
    expect([clock.now(), fired]).toEqual([5, [5]]);
  });

  // What XState's SimulatedClock does not do.
  it('fires timers set by timers at their own times', () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    const beat = () => {
      fired.push(clock.now());
      clock.setTimeout(beat, 10);
    };

    clock.setTimeout(beat, 10);
    clock.advance(35);

    expect(fired).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(35);
  });

  it('fires timers of one moment in the order they were set', () => {
    const clock = new VirtualClock();
    const fired: string[] = [];

    clock.setTimeout(() => fired.push('second', 'third'), 7);
    clock.setTimeout(() => clock.setTimeout(() => fired.push('fifth'), 0), 7);
    clock.setTimeout(() => fired.push('fourth'), 7);
    clock.setTimeout(() => fired.push('first'), 6);
    clock.runUntil(7);

    expect(fired).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
  });

  it('never fires a timer that was cleared, even by another of the same moment', () => {
    const clock = new VirtualClock();
    const fired: string[] = [];

    const early = clock.setTimeout(() => fired.push('early'), 1);
    clock.setTimeout(() => clock.clearTimeout(late), 2);
    const late = clock.setTimeout(() => fired.push('late'), 2);
    clock.clearTimeout(early);
    clock.clearTimeout(undefined);
    clock.advance(10);

    expect(fired).toEqual([]);
  });

  it('goes from timer to timer, one at a time, skipping cleared ones', () => {
    const clock = new VirtualClock();
    const fired: number[] = [];

    clock.clearTimeout(clock.setTimeout(() => fired.push(1), 1));
    clock.setTimeout(() => fired.push(2), 2);
    clock.setTimeout(() => fired.push(3), 3);

    expect(clock.nextDue).toBe(2);
    expect([clock.runNext(), clock.now(), [...fired]]).toEqual([true, 2, [2]]);
    expect([clock.runNext(), clock.now(), [...fired]]).toEqual([true, 3, [2, 3]]);
    expect([clock.nextDue, clock.runNext(), clock.now()]).toEqual([null, false, 3]);
  });

  it('never goes back', () => {
    const clock = new VirtualClock();

    clock.advance(10);
    clock.runUntil(3);

    expect(clock.now()).toBe(10);
  });

  it('takes a negative delay, or none, as now', () => {
    const clock = new VirtualClock();
    const fired: number[] = [];

    clock.advance(5);
    for (const delayMs of [-1, 0, Number.NaN]) clock.setTimeout(() => fired.push(clock.now()), delayMs);
    clock.runUntil(5);

    expect(fired).toEqual([5, 5, 5]);
  });

  it('fires any set of timers by time, then by the order they were set', () => {
    const plans = fc.array(fc.record({ delayMs: fc.nat(20), isCleared: fc.boolean() }), { maxLength: 60 });

    fc.assert(
      fc.property(plans, (plan) => {
        const clock = new VirtualClock();
        const fired: number[] = [];
        const timers = plan.map(({ delayMs }, index) => clock.setTimeout(() => fired.push(index), delayMs));
        plan.forEach(({ isCleared }, index) => {
          if (isCleared) clock.clearTimeout(timers[index]);
        });

        clock.advance(20);

        const expected = plan
          .map(({ delayMs, isCleared }, index) => ({ delayMs, isCleared, index }))
          .filter(({ isCleared }) => !isCleared)
          .sort((one, other) => one.delayMs - other.delayMs || one.index - other.index);
        expect(fired).toEqual(expected.map(({ index }) => index));
      }),
    );
  });
});
