/** The bench's arguments and its arithmetic; how fast anything is, is no matter of tests. */
import { latencyOf, tableOf, throughputOf } from '../../apps/bench/report.js';
import { readBenchSettings } from '../../apps/bench/settings.js';
import { soakOf, unrestInWords } from '../../apps/bench/soak.js';
import {
  deliveredByAll,
  type Mark,
  median,
  percentile,
  ratesOf,
  slopeOf,
} from '../../apps/bench/statistics.js';
import { ProgramFailure } from '../../apps/node/exit.js';

describe('the settings of the bench', () => {
  it('measure everything that does not take long unless told otherwise', () => {
    const settings = readBenchSettings({});

    expect(settings.only).toEqual(['floor', 'throughput', 'latency', 'failover', 'silent', 'handover']);
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
    [{ snapshotEvery: '-1' }, '--snapshot-every: must be a whole number from 0'],
    [{ minutes: '0.5' }, '--minutes'],
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

  it('find how fast something grows, among all its ups and downs', () => {
    expect(
      slopeOf([
        [0, 10],
        [1, 14],
        [2, 12],
        [3, 16],
      ]),
    ).toBeCloseTo(1.6);
    expect(
      slopeOf([
        [5, 7],
        [6, 7],
      ]),
    ).toBe(0);
    expect(slopeOf([[1, 1]])).toBeNaN();
  });

  it('give the rate of every slice', () => {
    expect(ratesOf([quick], 0, 2, 1000)).toEqual([100, 200]);
    expect(ratesOf([quick, slow], 500, 2, 1000)).toEqual([100, 100]);
  });
});

const calm = { suspicions: 0, coordinatorChanges: 0, terms: 0 };

describe('the report of the bench', () => {
  it('gives throughput as the median of its slices, and as a share of the floor', () => {
    const found = throughputOf('all three', [100, 300, 200], 800, calm);

    expect(found).toEqual({
      from: 'all three',
      perSecond: 200,
      slowestSlice: 100,
      fastestSlice: 300,
      shareOfFloor: 0.25,
      unrest: calm,
    });
    expect(throughputOf('a follower', [1], undefined, calm).shareOfFloor).toBeNull();
  });

  it('is a table that leaves out what was not measured', () => {
    const lines = tableOf({
      machine: { node: '20.0.0', cpu: 'A processor', cores: 2 },
      settings: readBenchSettings({ only: 'latency' }),
      floor: null,
      throughput: [],
      latency: [latencyOf('a follower', [1, 2, 3])],
      failover: null,
      silent: null,
      handover: null,
      learner: null,
      soak: null,
      failures: 2,
    });

    const table = lines.join('\n');
    expect(table).toContain('p50 2.00 ms');
    expect(table).toContain('p99 3.00 ms');
    expect(table).toContain('2 submissions failed');
    expect(table).not.toMatch(/floor|throughput|failover/);
  });

  it('tells a load that cost somebody his trust from one that did not', () => {
    expect(unrestInWords(calm)).toBe('no suspicion, no election');
    expect(unrestInWords({ suspicions: 2, coordinatorChanges: 3, terms: 1 })).toBe(
      '2 suspicions, 3 changes of coordinator told, 1 terms begun',
    );
  });

  it('judges memory after the warm-up, and the disk by what may stand between two snapshots and behind', () => {
    const settings = readBenchSettings({ only: 'soak', minutes: '4', snapshotEvery: '1000' });
    const sample = (at: number, heapMiB: number, diskMiB: number) => ({
      ...{ at, heapMiB, diskMiB, rssMiB: 100, kept: 5000, entryBytes: 1024 },
    });
    const samples = new Map([
      ['1', [sample(0.5, 10, 1), sample(2, 90, 44), sample(3, 91, 3), sample(4, 92, 2)]],
    ]);

    const soak = soakOf(samples, settings, 240_000, calm);

    expect(soak).toMatchObject({ warmUpMinutes: 1, entriesMax: 11_000, diskAllowedMiB: 42.74 });
    expect(soak.peers).toEqual([
      {
        ...{ id: '1', rssMiB: 100, rssMiBPerMinute: 0, heapMiB: 92, heapMiBPerMinute: 1 },
        ...{ diskMaxMiB: 44, keptMax: 5000 },
      },
    ]);
  });
});
