import type { Act, Script } from '../../apps/classroom/contract.js';
import { createHistory } from '../../apps/classroom/history/index.js';
import * as tree from '../../apps/classroom/screens/branches.js';
import { divergenceOf } from '../../apps/classroom/screens/divergence.js';
import { crashOrRestart, cutOneWay, healing, partition } from '../../apps/classroom/screens/gestures.js';

const script = (...acts: Act[]): Script =>
  ({ v: 1, scenario: { seed: 1, peers: ['1', '2', '3'] }, acts }) as unknown as Script;
const crash = (at: number, forMs = 1000): Act => ({ kind: 'crash', at, forMs, peer: '3', isPowerCut: false });
const moment = (of: Script, at: number) => ({
  world: createHistory().worldAt({ index: -1, ms: 0 }),
  at,
  script: of,
});

describe('an act', () => {
  it('takes its place in time', () => {
    const acts = tree.withAct(script(crash(500)), { kind: 'drop', at: 100.5, which: { id: '1>2#1' } }).acts;

    expect(acts.map(({ at }) => at)).toEqual([100.5, 500]);
  });

  it('is at the next whole ms when it is a fault, whose calendar has no other', () => {
    const { acts } = tree.withAct(script(), cutOneWay('1', '2', 630.25));

    expect(acts).toMatchObject([{ at: 631, forMs: 86_400_000 - 630 }]);
  });

  it('that restarts a peer ends the crash, in place of a second one', () => {
    const before = tree.withAct(script(), crashOrRestart('3', moment(script(), 500)));

    const after = tree.withAct(before, crashOrRestart('3', moment(before, 800)));

    expect(before.acts).toMatchObject([{ kind: 'crash', at: 500, forMs: 86_399_500 }]);
    expect(after.acts).toMatchObject([{ kind: 'crash', at: 500, forMs: 300 }]);
    expect(tree.momentOf(before, crashOrRestart('3', moment(before, 800)))).toBe(800);
  });

  it('that lets a peer speak again ends the rule that made it mute, at that moment', () => {
    const mute = (forMs: number): Act => ({ kind: 'drop', at: 100, which: { from: '1', forMs } });
    const before = tree.withAct(script(), mute(86_399_900));

    const after = tree.withAct(before, mute(400));

    expect(after.acts).toEqual([mute(400)]);
    expect(tree.momentOf(before, mute(400))).toBe(500);
    expect(tree.withAct(before, { kind: 'drop', at: 100, which: { to: '1', forMs: 400 } }).acts).toHaveLength(
      2,
    );
  });

  it('heals every partition and cut that is in force, and no other', () => {
    const over: Act = { ...cutOneWay('1', '3', 0), forMs: 50 } as Act;
    const before = [partition([['1'], ['2', '3']], 100), over, cutOneWay('1', '2', 200)].reduce(
      tree.withAct,
      script(),
    );

    const after = healing(moment(before, 300)).reduce(tree.withAct, before);

    expect(after.acts.map((act) => ('forMs' in act ? act.at + act.forMs : null))).toEqual([50, 300, 300]);
  });
});

describe('branches', () => {
  it('begin with one; a fork becomes current and leaves the other as it was', () => {
    const planted = tree.plant(script(crash(500)));

    const forked = tree.forked(planted, script(), 'without the crash', 500);

    expect(forked.current).toMatchObject({ name: 'without the crash', from: 'b1', atMs: 500 });
    expect(forked.branches[0]).toBe(planted.current);
    expect(tree.switched(forked, 'b1').current.script.acts).toHaveLength(1);
  });

  it('have names of their own, which can be changed, but not to nothing', () => {
    const twice = tree.forked(tree.forked(tree.plant(script()), script(), 'drop', 1), script(), 'drop', 2);

    const renamed = tree.renamed(twice, twice.current.id, '  the second  ');

    expect(twice.branches.map(({ name }) => name)).toEqual(['main', 'drop', 'drop (2)']);
    expect(renamed.current.name).toBe('the second');
    expect(tree.renamed(twice, 'b2', ' ').branches[1]?.name).toBe('drop');
  });

  it('are at most twelve; the first and the current one stay', () => {
    let many = tree.plant(script());
    for (let i = 0; i < 30; i += 1) many = tree.forked(many, script(), `fork ${i}`, i);

    expect(many.branches).toHaveLength(12);
    expect(many.branches[0]?.name).toBe('main');
    expect(many.branches.at(-1)?.name).toBe('fork 29');
    expect(tree.cutOff(many, 'b1').branches).toHaveLength(12);
    expect(tree.cutOff(many, many.current.id).branches).toHaveLength(12);
    expect(tree.cutOff(many, many.branches[1]?.id ?? '').branches).toHaveLength(11);
  });
});

describe('where two runs part', () => {
  const run = (...events: [t: number, ev: string][]) => {
    const all = events.map(([t, ev], s) => ({ s, t, p: '1', k: 'send' as const, ev }));
    return { length: all.length, at: (index: number) => all[index] };
  };

  it('is the first event in which they differ', () => {
    const parting = divergenceOf(run([1, 'a'], [2, 'b'], [3, 'c']), run([1, 'a'], [2.5, 'b'], [3, 'c']));

    expect(parting).toMatchObject({ index: 1, t: 2, one: { t: 2 }, other: { t: 2.5 } });
  });

  it('is nowhere while one is a part of the other', () => {
    expect(divergenceOf(run([1, 'a']), run([1, 'a'], [2, 'b']))).toBeNull();
  });
});
