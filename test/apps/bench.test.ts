/** The bench's arguments and its arithmetic; how fast anything is, is no matter of tests. */
import { latencyOf, tableOf, throughputOf } from '../../apps/bench/report.js';
import { readBenchSettings } from '../../apps/bench/settings.js';
import { deliveredByAll, type Mark, median, percentile, ratesOf } from '../../apps/bench/statistics.js';
import { ProgramFailure } from '../../apps/node/exit.js';

describe('the settings of the bench', () => {
  it('measure everything unless told otherwise', () => {
    const settings = readBenchSettings({});

    expect(settings.only).toEqual(['floor', 'throughput', 'latency', 'failover', 'handover']);
    expect(settings).toMatchObject({ kills: 10, messagesPerSecond: 1000, payloadBytes: 100, preset: 'lan' });
  });

  it('are read from the words of the flags', () => {
    const settings = readBenchSettings({ only: 'failover, floor', seconds: '3', kills: '2', preset: 'fast' });

    expect(settings).toMatchObject({ only: ['floor', 'failover'], seconds: 3, kills: 2, preset: 'fast' });
  });

  it.each([
    [{ only: 'throughput,speed' }, '--only'],
    [{ kills: '0' }, '--kills'],
    [{ warmUpSeconds: 'long' }, '--warm-up-seconds: must be a whole number from 0 to 600'],
    [{ preset: 'moon' }, '--preset'],
  ])('are refused by the name of the flag: %j', (flags, name) => {
    const read = () => readBenchSettings(flags);

    expect(read).toThrow(ProgramFailure);
    expect(read).toThrow(name);
  });

  it('are refused all at once', () => {
    expect(() => readBenchSettings({ kills: '0', seconds: '0' })).toThrow(/--seconds: .*\n--kills: /);
  });
});

describe('the statistics of the bench', () => {
  it('take the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('take the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, place) => 100 - place);

    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile([7], 0.01)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });

  const quick: readonly Mark[] = [
    [0, 0],
    [1000, 100],
    [2000, 300],
  ];
  const slow: readonly Mark[] = [
    [500, 0],
    [1500, 100],
    [2500, 200],
  ];

  it('count a message once the slowest has delivered it', () => {
    expect(deliveredByAll([quick, slow], 1500)).toBe(100);
    expect(deliveredByAll([quick, slow], 1000)).toBe(50);
    expect(deliveredByAll([quick, slow], 400)).toBe(0);
    expect(deliveredByAll([quick, slow], 9000)).toBe(200);
  });

  it('give the rate of every slice', () => {
    expect(ratesOf([quick], 0, 2, 1000)).toEqual([100, 200]);
    expect(ratesOf([quick, slow], 500, 2, 1000)).toEqual([100, 100]);
  });
});

describe('the report of the bench', () => {
  it('gives throughput as the median of its slices, and as a share of the floor', () => {
    const found = throughputOf('all three', [100, 300, 200], 800);

    expect(found).toEqual({
      from: 'all three',
      perSecond: 200,
      slowestSlice: 100,
      fastestSlice: 300,
      shareOfFloor: 0.25,
    });
    expect(throughputOf('a follower', [1], undefined).shareOfFloor).toBeNull();
  });

  it('is a table that leaves out what was not measured', () => {
    const lines = tableOf({
      machine: { node: '20.0.0', cpu: 'A processor', cores: 2 },
      settings: readBenchSettings({ only: 'latency' }),
      floor: null,
      throughput: [],
      latency: [latencyOf('a follower', [1, 2, 3])],
      failover: null,
      handover: null,
      failures: 2,
    });

    const table = lines.join('\n');
    expect(table).toContain('p50 2.00 ms');
    expect(table).toContain('p99 3.00 ms');
    expect(table).toContain('2 submissions failed');
    expect(table).not.toMatch(/floor|throughput|failover/);
  });
});
