/** Faults that last: how long yet, how they end, and what the trace tells of them. Killing and stopping is tried on real processes. */
import type { Peer } from '../../actors/index.js';
import { createHistory } from '../../apps/classroom/history/index.js';
import { Cuts } from '../../apps/node/cuts.js';
import { createFaults, FaultRequest } from '../../apps/node/faults.js';
import type { ToldFault } from '../../apps/node/trace-recorder.js';
import { memberOf } from '../support/links.js';
import { until } from '../support/until.js';

const PATIENCE_MS = 10_000;

/** Of a peer 3 that knows 1, 2 and itself. */
function faultsOf3() {
  const told: ToldFault[] = [];
  const members = ['1', '2', '3'].map((id) => memberOf(id));
  const peer = { id: '3', status: () => ({ view: { members } }) } as unknown as Peer;
  const faults = createFaults(peer, new Cuts(), {
    now: () => 5000.4,
    tell: (fault) => void told.push(fault),
    tellLast: (fault) => void told.push(fault),
  });
  const begin = (request: unknown) => faults.begin(FaultRequest.parse(request));
  return { faults, begin, told };
}

const cut = (peers: readonly string[], direction: string, forMs: number) => ({
  kind: 'cut',
  peers,
  direction,
  forMs,
});

const wordsOf = (told: readonly ToldFault[]) => told.map(({ phase, words }) => `${phase}: ${words}`);

describe('faults', () => {
  it('last so long, and heal by themselves', async () => {
    const { faults, begin, told } = faultsOf3();

    expect(begin(cut(['1', '2'], 'both', 150))).toBeNull();
    expect(faults.active()).toEqual([
      { kind: 'cut', words: 'the network splits: 3 | 1 and 2', leftMs: expect.any(Number) },
    ]);
    expect(faults.active()[0]?.leftMs).toBeLessThanOrEqual(150);
    await until('the cut to end', PATIENCE_MS, () => faults.active().length === 0);

    const act = { kind: 'partition', at: 5000, forMs: 150, sides: [['3'], ['1', '2']] };
    expect(told).toEqual([
      { p: '3', act, phase: 'begin', words: 'the network splits: 3 | 1 and 2' },
      { p: '3', act, phase: 'end', words: 'the network is whole again: 3 | 1 and 2' },
    ]);
  });

  it('heal all at once when told to, each told once', () => {
    const { faults, begin, told } = faultsOf3();
    begin(cut(['1'], 'in', 60_000));
    begin(cut(['1', '2'], 'out', 60_000));
    expect(faults.active()).toHaveLength(2);

    begin({ kind: 'heal' });
    begin({ kind: 'heal' });

    expect(faults.active()).toEqual([]);
    expect(wordsOf(told)).toEqual([
      'begin: nothing from 1 reaches 3',
      'begin: nothing from 3 reaches 1',
      'begin: nothing from 3 reaches 2',
      'end: 3 can hear 1 again',
      'end: 1 can hear 3 again',
      'end: 2 can hear 3 again',
    ]);
  });

  it('are refused about itself, and about strangers; then nothing has begun', () => {
    const { faults, begin, told } = faultsOf3();

    expect(() => begin(cut(['3'], 'both', 100))).toThrow('names this peer itself');
    expect(() => begin(cut(['1', '9'], 'both', 100))).toThrow('9 is no member');

    expect([faults.active(), told]).toEqual([[], []]);
  });

  it('are no more than 64 at a time', () => {
    const { faults, begin } = faultsOf3();
    for (let i = 0; i < 64; i++) begin(cut(['1'], 'in', 60_000));

    expect(() => begin(cut(['1'], 'in', 60_000))).toThrow('at most 64');
    begin({ kind: 'heal' });
    expect(begin(cut(['1'], 'in', 60_000))).toBeNull();
    faults.close();
  });

  it('that end or stop the process wait for the answer, and are told before', () => {
    const { faults, begin, told } = faultsOf3();

    expect(begin({ kind: 'pause', forMs: 3000 })).toBeInstanceOf(Function);
    expect(() => begin({ kind: 'pause', forMs: 3000 })).toThrow('about to begin');
    expect(begin({ kind: 'crash' })).toBeInstanceOf(Function);

    expect(faults.active().map(({ kind }) => kind)).toEqual(['pause', 'crash']);
    expect(wordsOf(told)).toEqual(['begin: 3 is paused', 'begin: the process of 3 is killed']);
  });

  it('are seen by whoever replays the trace', () => {
    const { begin, told } = faultsOf3();
    const history = createHistory();
    const header = {
      v: 1,
      kind: 'header',
      source: 'peer',
      members: ['1', '2', '3'],
      machines: {},
      config: {},
    };
    const replay = () =>
      history.append(told.splice(0).map((fault, s) => JSON.stringify({ s, t: 1, k: 'fault', ...fault })));
    const world = () => history.worldAt(history.placeAt(history.endMs));
    history.append([JSON.stringify(header)]);

    begin(cut(['1'], 'both', 60_000));
    begin(cut(['2'], 'in', 60_000));
    replay();
    expect(world().cuts).toEqual([
      { from: '3', to: '1' },
      { from: '1', to: '3' },
      { from: '2', to: '3' },
    ]);
    begin({ kind: 'heal' });
    begin({ kind: 'crash' });
    replay();

    expect(world().cuts).toEqual([]);
    expect(world().peers['3']?.condition).toBe('crashed');
    expect(history.refusals.count).toBe(0);
  });
});
