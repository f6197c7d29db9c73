/** The simulator itself: it is a function of its scenario, it makes failures small, and what may happen does happen. */
import {
  FAULT_KINDS,
  type Fault,
  keeping,
  planOf,
  Scenario,
  Simulation,
  shrink,
  simulate,
} from '../../apps/simulator/index.js';

const SEEDS = Number(process.env.SIMULATION_SEEDS ?? 2);
// Cheap ones, of which the second is played by five peers.
const first = Number(process.env.SIMULATION_SEED ?? 8);

const quiet = (faults: readonly Fault[] = [], horizonMs = 3000): Scenario =>
  Scenario.parse({ seed: 1, peers: ['1', '2', '3'], faults, horizonMs });

describe('whole clusters under faults', () => {
  it.each(Array.from({ length: SEEDS }, (_, place) => first + place))(
    'seed %i breaks no invariant',
    (seed) => {
      const peers = seed % 3 === 0 ? 5 : 3;

      expect(simulate(planOf(seed, { peers, kinds: FAULT_KINDS })).violation).toBeNull();
    },
  );
});

describe('a run', () => {
  const scenario = quiet(
    [
      {
        kind: 'load',
        at: 500,
        peer: '1',
        count: 60,
        everyMs: 20,
        bytes: 0,
        isRetried: false,
        timeoutMs: null,
      },
      { kind: 'slow-path', at: 700, forMs: 500, from: '1', to: '3', byMs: 40 },
      { kind: 'crash', at: 1000, forMs: 500, peer: '3', isPowerCut: true },
    ],
    2000,
  );
  const traced = (seed: number) => {
    const lines: string[] = [];
    const outcome = simulate({ ...scenario, seed }, (line) => lines.push(line));
    return { lines, outcome };
  };
  let first: ReturnType<typeof traced>;

  beforeAll(() => {
    first = traced(scenario.seed);
  });

  it('is the same trace, byte for byte, whenever it is played', () => {
    const again = traced(scenario.seed);

    expect(again.lines.join('\n') === first.lines.join('\n')).toBe(true);
    expect(first.lines.length).toBeGreaterThan(1000);
    expect(first.outcome.traceHash).toMatch(/^[0-9a-f]{64}$/);
    expect(again.outcome.traceHash).toBe(first.outcome.traceHash);
  });

  it('goes the same way whether it is traced or not', () => {
    expect({ ...simulate(scenario), traceHash: null }).toEqual({ ...first.outcome, traceHash: null });
  });

  it('goes another way with another seed', () => {
    expect(traced(scenario.seed + 1).outcome.traceHash).not.toBe(first.outcome.traceHash);
  });

  it('writes a header, then records numbered without holes, in the order of time', () => {
    const lines: string[] = [];
    simulate(quiet([{ kind: 'pause', at: 500, forMs: 100, peer: '2' }]), (line) => lines.push(line));
    const [head, ...records] = lines.map((line) => JSON.parse(line));

    expect(head).toMatchObject({ v: 1, kind: 'header', source: 'simulator', members: ['1', '2', '3'] });
    expect(records.map(({ s }) => s)).toEqual(records.map((_, place) => place + 1));
    expect(records.every(({ t }, place) => t >= (records[place - 1]?.t ?? 0))).toBe(true);
    expect(records.every(({ s, c }) => c === undefined || c < s)).toBe(true);
    expect(records.find(({ k }) => k === 'fault')).toMatchObject({
      t: 500,
      ev: '500 ms: pause forMs 100, peer 2',
    });
  });
});

describe('an intervention', () => {
  it('from outside comes at its time, and is taken back', () => {
    const simulation = new Simulation(quiet());
    simulation.runUntil(2000);
    simulation.intervene({ kind: 'crash', at: 0, forMs: 500, peer: '3', isPowerCut: false });
    simulation.runUntil(2400);
    const during = simulation.process('3').isRunning;
    simulation.runUntil(2600);

    expect([during, simulation.process('3').isRunning]).toEqual([false, true]);
  });

  it.each(FAULT_KINDS)('of kind %s is drawn by some seed', (kind) => {
    const plans = Array.from({ length: 40 }, (_, seed) => planOf(seed, { peers: 3, kinds: FAULT_KINDS }));

    expect(plans.some(({ faults }) => faults.some((fault) => fault.kind === kind))).toBe(true);
  });

  it('that is none is refused in words', () => {
    const read = Scenario.safeParse({ ...quiet(), faults: [{ kind: 'crash', at: -1, peer: 'no id!' }] });

    expect(read.success).toBe(false);
  });
});

describe('what is told of many runs', () => {
  it('is only worth something when logs were cut, coordinators changed and submissions acknowledged', () => {
    const isolated: Fault[] = [
      {
        kind: 'load',
        at: 1500,
        peer: '3',
        count: 200,
        everyMs: 10,
        bytes: 0,
        isRetried: false,
        timeoutMs: null,
      },
      { kind: 'partition', at: 2000, forMs: 1500, sides: [['3'], ['1', '2']] },
      {
        kind: 'load',
        at: 2800,
        peer: '2',
        count: 20,
        everyMs: 10,
        bytes: 0,
        isRetried: true,
        timeoutMs: 500,
      },
    ];
    const outcome = simulate(quiet(isolated, 5000));

    expect(outcome).toMatchObject({ violation: null, cuts: expect.any(Number) });
    expect(outcome.cuts).toBeGreaterThan(0);
    expect(outcome.reigns).toBeGreaterThan(2);
    expect(outcome.acknowledged).toBeGreaterThan(200);
  });
});

describe('a failing run', () => {
  // A peer that never moves again cannot be whole again: a failure that needs one fault, and none of the others.
  const stuck: Fault = { kind: 'pause', at: 1500, forMs: 86_000_000, peer: '2' };
  const noise: Fault[] = [500, 900, 1300].map((at) => ({
    kind: 'wall-clock',
    at,
    peer: '1',
    byMs: 1000,
  }));
  const scenario = quiet([...noise.slice(0, 2), stuck, ...noise.slice(2)], 1600);
  let broken = '';

  beforeAll(() => {
    broken = simulate(scenario).violation?.invariant ?? '';
  });

  it('is shrunk to the faults it needs', () => {
    expect(shrink(scenario, broken).keep).toEqual([2]);
  });

  it('breaks the same invariant when only those are left, and none without them', () => {
    expect(broken).not.toBe('');
    expect(simulate(keeping(scenario, [2])).violation?.invariant).toBe(broken);
    expect(simulate(keeping(scenario, [0, 1, 3])).violation).toBeNull();
  });
});
