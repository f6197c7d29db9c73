import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { Measurement } from '../../apps/sensor/measurement.js';
import { ReadingsText } from '../../apps/sensor/readings-text.js';
import {
  checkSource,
  fileSource,
  pipeSource,
  type Sample,
  type Source,
  syntheticSource,
} from '../../apps/sensor/source.js';
import { syntheticMeasurement } from '../../apps/sensor/synthetic.js';

const HOUR_MS = 3_600_000;
const T0 = Date.parse('2026-06-21T00:00:00Z');
const never = () => new AbortController().signal;

async function all(source: Source): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for await (const sample of source) samples.push(sample);
  return samples;
}

describe('made weather', () => {
  const dayOf = (seed: number, id: string) =>
    Array.from({ length: 96 }, (_, i) => syntheticMeasurement(seed, id, T0 + i * 15 * 60_000));

  it('is a function of the seed, the sensor and the moment', () => {
    expect(dayOf(1, 'roof')).toEqual(dayOf(1, 'roof'));
    expect(dayOf(1, 'roof')).not.toEqual(dayOf(2, 'roof'));
    expect(dayOf(1, 'roof')).not.toEqual(dayOf(1, 'cellar'));
  });

  it('can be, whatever the seed, the sensor and the moment', () => {
    const moment = fc.integer({ min: 0, max: Date.parse('2100-01-01') });
    fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.string(), moment, (seed, id, at) => {
        expect(Measurement.parse(syntheticMeasurement(seed, id, at))).toEqual(
          syntheticMeasurement(seed, id, at),
        );
      }),
    );
  });

  it('is warmer in the afternoon than before dawn, over days, and damper when it is cold', () => {
    const mean = (hour: number, key: 'temperature_c' | 'humidity_pct') =>
      Array.from(
        { length: 30 },
        (_, day) => syntheticMeasurement(7, '1', T0 + (24 * day + hour) * HOUR_MS)[key],
      ).reduce((sum, value) => sum + value / 30, 0);

    expect(mean(15, 'temperature_c')).toBeGreaterThan(mean(3, 'temperature_c') + 4);
    expect(mean(15, 'humidity_pct')).toBeLessThan(mean(3, 'humidity_pct') - 4);
  });

  it('comes at whole intervals, as many as asked for, each with a name that stays', async () => {
    const settings = { seed: 1, id: '1', from: T0, count: 4, intervalMs: 60_000, speed: 60_000 };

    const samples = await all(syntheticSource(settings, never()));

    expect(samples).toEqual(
      Array.from({ length: 4 }, (_, i) => {
        const measurement = syntheticMeasurement(1, '1', T0 + i * 60_000);
        return { kind: 'measured', measurement, key: `sensor:1:${measurement.timestamp}` };
      }),
    );
  });
});

describe('readings as text', () => {
  const readAll = (...lines: readonly string[]) => {
    const text = new ReadingsText();
    return lines.map((line) => text.read(line)).filter(({ kind }) => kind !== 'passed');
  };
  const offered = { temperature_c: 20.5, humidity_pct: 50, pressure_hpa: 1013 };
  const timestamp = '2026-01-31T12:00:00.000Z';

  it.each([
    ['three columns', ['20.5,50,1013'], { ...offered }],
    ['four columns', ['2026-01-31T13:00:00+01:00,20.5,50,1013'], { ...offered, timestamp }],
    ['named columns', ['pressure_hpa,humidity_pct,temperature_c', '1013,50,20.5'], { ...offered }],
    [
      'a peer’s own file',
      [
        'sequence,timestamp,sensor_id,temperature_c,humidity_pct,pressure_hpa',
        `7,${timestamp},"a,b",20.5,50,1013`,
      ],
      { ...offered, timestamp },
    ],
    ['spaces, a byte order mark and quotes', ['\uFEFF "20.5" , 50 , 1013 '], undefined],
    ['NDJSON', [JSON.stringify({ ...offered, timestamp, sensor: 'x' })], { ...offered, timestamp }],
    ['empty lines between', ['', '  ', '20.5,50,1013'], { ...offered }],
  ])('understands %s', (_, lines, expected) => {
    const read = readAll(...lines);

    if (expected === undefined) expect(read).toEqual([{ kind: 'malformed', reason: expect.any(String) }]);
    else expect(read).toEqual([{ kind: 'reading', offered: expected }]);
  });

  it.each([
    ['20.5,50', /has 2 values/],
    ['a,b,c', /temperature_c must be a number/],
    ['20.5,,1013', /humidity_pct must be a number/],
    ['20.5,0x10,1013', /humidity_pct must be a number/],
    ['20.5,50,-1', /pressure_hpa must be a number from 0 to 2000 hPa/],
    ['soon,20.5,50,1013', /timestamp must be a time/],
    ['"20.5,50,1013', /quote that does not end/],
    ['{"temperature_c":20.5', /is not JSON/],
    ['{"temperature_c":20.5,"humidity_pct":50}', /pressure_hpa is missing/],
    ['{"temperature_c":null,"humidity_pct":50,"pressure_hpa":1}', /temperature_c must be a number/],
    ['temperature_c,humidity_pct', /names no column pressure_hpa/],
    [`${'9'.repeat(10_001)}`, /is longer than/],
  ])('says what is wrong with %p', (line, reason) => {
    expect(readAll(line)).toEqual([{ kind: 'malformed', reason: expect.stringMatching(reason) }]);
  });

  it('never throws, and what it takes can be', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json()), { maxLength: 5 }), (lines) => {
        for (const line of readAll(...lines))
          if (line.kind === 'reading')
            expect(Measurement.safeParse({ timestamp, ...line.offered }).success).toBe(true);
      }),
    );
  });
});

describe('a source', () => {
  it('of a pipe gives what comes, and names lines that are none by their number', async () => {
    const pipe = new PassThrough();
    pipe.end('20,50,1000\nrain\r\n\n2026-01-31T12:00:00Z,21,51,1001');

    const samples = await all(pipeSource(pipe, never()));

    expect(samples).toMatchObject([
      { kind: 'measured', measurement: { temperature_c: 20, timestamp: expect.stringMatching(/Z$/) } },
      { kind: 'malformed', line: 2 },
      { kind: 'measured', measurement: { temperature_c: 21, timestamp: '2026-01-31T12:00:00.000Z' } },
    ]);
  });

  it('of a file gives it whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bullpen-sensor-'));
    const path = join(folder, 'readings.csv');
    writeFileSync(path, '20,50,1000\n21,50,1000\n22,50,1000\n');

    const samples = await all(fileSource(path, { intervalMs: 1, speed: 1 }, never()));
    rmSync(folder, { recursive: true });

    expect(samples.map((one) => (one.kind === 'measured' ? one.measurement.temperature_c : null))).toEqual([
      20, 21, 22,
    ]);
  });

  it('that cannot be read is refused in one line', async () => {
    await expect(checkSource('/no/such/file')).rejects.toMatchObject({ exitCode: 78 });
    await expect(checkSource(tmpdir())).rejects.toMatchObject({
      lines: [expect.stringMatching(/it is a folder/)],
    });
  });
});
