/** Scripts from outside: completed, or refused in one line; and a live cluster's moment as a script. */
import type { Act } from '../../apps/classroom/contract.js';
import {
  headless,
  type Moment,
  readScript,
  ScriptProblem,
  scriptFrom,
  scriptOf,
  wordsOf,
} from '../../apps/classroom/engine/index.js';
import { leadersAt, read, script, statusesAt, three } from './engine-traces.js';

const scenario = { seed: 1, peers: three };
const crash = { kind: 'crash', at: 1, forMs: 1, peer: '3', isPowerCut: true };
const text = (value: unknown) => JSON.stringify(value);

describe('a script', () => {
  it('is read as it was written, with all that goes without saying', () => {
    const written = script(three, [{ kind: 'drop', at: 1.5, which: { id: '1>2#3' } }]);

    expect(readScript(text(written))).toEqual(written);
    expect(written.scenario).toMatchObject({ seed: 1, options: { preset: 'fast', takeover: 'afterSync' } });
  });

  it('has the takeover of the textbook in mode classic, unless it says otherwise', () => {
    const takeoverOf = (options: object) =>
      scriptOf({ scenario: { ...scenario, options } }).scenario.options.takeover;

    expect(takeoverOf({ mode: 'classic' })).toBe('immediate');
    expect(takeoverOf({ mode: 'classic', takeover: 'never' })).toBe('never');
    expect(takeoverOf({})).toBe('afterSync');
  });

  it.each([
    ['what is no JSON', '{', /^not a script: it is not JSON$/],
    ['another version', text({ v: 2, scenario }), /^not a script: v: is not a version/],
    [
      'an unknown act',
      text({ scenario, acts: [{ kind: 'explode', at: 1 }] }),
      /^not a script: acts\.0\.kind/,
    ],
    [
      'an act that lacks something',
      text({ scenario, acts: [{ kind: 'crash', at: 1 }] }),
      /^not a script: acts\.0\.forMs/,
    ],
    [
      'a message without a name',
      text({ scenario, acts: [{ kind: 'drop', at: 1, which: { id: 'x' } }] }),
      /^not a script: acts\.0\.which/,
    ],
    [
      'a peer that is not there',
      text({ scenario, acts: [{ ...crash, peer: '9' }] }),
      /^not a script: acts\.0: there is no peer 9$/,
    ],
    [
      'a peer named twice',
      text({ scenario: { seed: 1, peers: ['1', '1'] } }),
      /scenario\.peers: names a peer twice$/,
    ],
    [
      'time-outs that cannot be',
      text({ scenario: { ...scenario, options: { timings: { suspectTimeoutMs: 10 } } } }),
      /suspectTimeoutMs: must be at least 4/,
    ],
    [
      'a takeover of classic mode in safe mode',
      text({ scenario: { ...scenario, options: { takeover: 'immediate' } } }),
      /takeover: can be immediate in mode classic only/,
    ],
    [
      'a backward latency',
      text({ scenario: { ...scenario, network: { latency: { from: 9, to: 1 } } } }),
      /scenario\.network\.latency/,
    ],
  ])('is refused in one line for %s', (_, written, line) => {
    const refusal = () => readScript(written);

    expect(refusal).toThrow(ScriptProblem);
    expect(refusal).toThrow(line);
    expect(refusal).not.toThrow(/\n/);
  });
});

describe('an act', () => {
  it('is told in words, when it begins and when it ends', () => {
    const split: Act = { kind: 'partition', at: 0, forMs: 1, sides: [['1', '2'], ['3']] };

    expect(wordsOf(split, 'begin')).toBe('the network splits: 1 and 2 | 3');
    expect(wordsOf(split, 'end')).toBe('the network is whole again: 1 and 2 | 3');
    expect(wordsOf({ kind: 'hold', at: 0, which: { id: '1>2#3' } }, 'begin')).toBe(
      'message 1>2#3 is held back',
    );
  });
});

describe('a moment of a live cluster', () => {
  const peer = (id: string, more: object = {}) => ({
    id,
    condition: 'up',
    role: 'follower',
    term: 7,
    suspicion: {},
    ...more,
  });
  const misses = { suspicion: { '5': 'suspected' } };

  it.each(['safe', 'classic'] as const)(
    'is a run with the same peers down, and the same coordinator, in mode %s',
    (mode) => {
      const moment: Moment = {
        ids: ['1', '2', '4', '5'],
        peers: {
          '1': peer('1', misses),
          '2': peer('2', { role: 'coordinator', ...misses }),
          '4': peer('4', misses),
          '5': undefined,
        },
      };
      const { script: rebuilt, atMs, notes } = scriptFrom(moment, { preset: 'fast', mode });
      const events = read(headless(rebuilt, atMs));

      expect(leadersAt(events, atMs)).toEqual(['2']);
      expect(statusesAt(events, atMs).get('5')?.role).toBe('down');
      expect(statusesAt(events, atMs).get('4')).toMatchObject({ role: 'follower', coordinator: '2' });
      expect(notes).toContain('A higher peer did not lead: here the office is never taken over.');
    },
  );
});
