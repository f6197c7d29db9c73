import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Facts } from '../../apps/node/report.js';
import { compareSeries } from '../../apps/sensor/comparison.js';
import { cellsOf, HEADER, rowOf, sequenceOf } from '../../apps/sensor/csv.js';
import { Recorder, type Series } from '../../apps/sensor/recorder.js';
import { SeriesFile } from '../../apps/sensor/series-file.js';
import type { Reading } from '../../apps/sensor/state.js';

const readingAt = (sequence: number): Reading => ({
  sequence,
  at: 0,
  timestamp: new Date(Date.UTC(2026, 0, 31) + sequence * 15_000).toISOString(),
  temperature_c: sequence / 4,
  humidity_pct: 50,
  pressure_hpa: 1013.2,
});
const readingsAt = (...sequences: readonly number[]) => sequences.map(readingAt);

const folders = new Set<string>();
afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
});
function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-sensor-'));
  folders.add(folder);
  return folder;
}

describe('a row', () => {
  it('is what the header says, and is read back as what was written', () => {
    expect(HEADER).toBe('sequence,timestamp,sensor_id,temperature_c,humidity_pct,pressure_hpa');
    expect(rowOf('roof', readingAt(6))).toBe('6,2026-01-31T00:01:30.000Z,roof,1.5,50,1013.2');
    expect(sequenceOf(rowOf('roof', readingAt(6)))).toBe(6);
  });

  it('keeps any text in its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (sensor) => {
        const cells = cellsOf(rowOf(sensor, readingAt(1)));

        expect(cells?.[2]).toBe(sensor);
        expect(cells).toHaveLength(6);
      }),
    );
  });

  it.each([
    '',
    'x',
    '1',
    `0,${rowOf('1', readingAt(1)).slice(2)}`,
    '1,yesterday,1,1,1,1',
    '1,,1,1,1,1',
    `${rowOf('1', readingAt(1))},7`,
  ])('is not %p', (text) => {
    expect(sequenceOf(text)).toBeUndefined();
  });
});

/** What a recorder takes from, in the hands of a test. */
function seriesOf(
  readings: Readonly<Record<string, readonly Reading[]>>,
  published: Readonly<Record<string, number>> = {},
) {
  const held = new Map(Object.entries(readings));
  const series: Series = {
    sensors: () => [...held.keys()],
    available: (sensor) => {
      const own = held.get(sensor) ?? [];
      return { published: published[sensor] ?? own.length, readings: own };
    },
    sequence: () => Math.max(0, ...[...held.values()].flat().map(({ sequence }) => sequence)),
  };
  const add = (sensor: string, reading: Reading) => {
    held.set(sensor, [...(held.get(sensor) ?? []), reading]);
  };
  return { series, add };
}

function recorderOf(folder: string, series: Series, isRevised = false) {
  const said: (Facts & { readonly event: string })[] = [];
  const recorder = new Recorder(
    folder,
    series,
    (event, facts) => void said.push({ event, ...facts }),
    isRevised,
  );
  return { recorder, said };
}

const linesOf = (folder: string, sensor: string) =>
  readFileSync(join(folder, `${sensor}.csv`), 'utf8')
    .split('\n')
    .slice(0, -1);
const sequencesIn = (folder: string, sensor: string) =>
  linesOf(folder, sensor)
    .slice(1)
    .map((line) => sequenceOf(line));

describe('the recorder', () => {
  it('writes what there was, then what comes, each reading once', () => {
    const folder = freshFolder();
    const { series, add } = seriesOf({ '1': readingsAt(1, 3) });
    const { recorder } = recorderOf(folder, series);

    for (const [sensor, sequence] of [
      ['1', 3],
      ['2', 4],
      ['1', 5],
      ['1', 5],
    ] as const) {
      if (sequence > 3) add(sensor, readingAt(sequence));
      recorder.record(sensor, readingAt(sequence));
    }
    recorder.close();

    expect(linesOf(folder, '1')[0]).toBe(HEADER);
    expect(sequencesIn(folder, '1')).toEqual([1, 3, 5]);
    expect(sequencesIn(folder, '2')).toEqual([4]);
  });

  it('goes on where it stood, wherever it was cut off', () => {
    const all = readingsAt(1, 2, 5, 9);
    const whole = `${[HEADER, ...all.map((one) => rowOf('1', one))].join('\n')}\n`;
    for (let bytes = 0; bytes <= whole.length; bytes++) {
      const folder = freshFolder();
      writeFileSync(join(folder, '1.csv'), whole.slice(0, bytes));

      const { recorder } = recorderOf(folder, seriesOf({ '1': all }).series);
      recorder.close();

      expect(readFileSync(join(folder, '1.csv'), 'utf8')).toBe(whole);
    }
  });

  it('cuts off the zeros that a lost power leaves, and says how much was torn', () => {
    const folder = freshFolder();
    const path = join(folder, '1.csv');
    writeFileSync(path, `${HEADER}\n${rowOf('1', readingAt(1))}\n${'\0'.repeat(40)}`);

    const { recorder, said } = recorderOf(folder, seriesOf({ '1': readingsAt(1, 2) }).series);
    recorder.close();

    expect(sequencesIn(folder, '1')).toEqual([1, 2]);
    expect(said).toEqual([{ event: 'csv_torn', sensor: '1', bytes: 40 }]);
  });

  it('says what nobody has any more', () => {
    const folder = freshFolder();
    writeFileSync(join(folder, '1.csv'), `${HEADER}\n${rowOf('1', readingAt(1))}\n`);

    const { recorder, said } = recorderOf(folder, seriesOf({ '1': readingsAt(8, 9) }, { '1': 6 }).series);
    recorder.close();

    expect(sequencesIn(folder, '1')).toEqual([1, 8, 9]);
    expect(said).toEqual([{ event: 'csv_gap', sensor: '1', missing: 3, after: 1, before: 8 }]);
  });

  it('catches up over a snapshot', () => {
    const folder = freshFolder();
    const { series, add } = seriesOf({ '1': readingsAt(1) });
    const { recorder, said } = recorderOf(folder, series);

    add('1', readingAt(2));
    add('2', readingAt(3));
    recorder.catchUp();
    recorder.close();

    expect(sequencesIn(folder, '1')).toEqual([1, 2]);
    expect(sequencesIn(folder, '2')).toEqual([3]);
    expect(said).toEqual([]);
  });

  it.each([
    ['of another history', rowOf('1', { ...readingAt(1), temperature_c: 99 })],
    ['ahead of the log', rowOf('1', readingAt(77))],
    ['that somebody has written into', 'temperature too high!'],
  ])('refuses a file %s, and leaves it as it is', (_, line) => {
    const folder = freshFolder();
    const path = join(folder, '1.csv');
    const before = `${HEADER}\n${line}\n`;
    writeFileSync(path, before);

    expect(() => recorderOf(folder, seriesOf({ '1': readingsAt(1, 2) }).series)).toThrow(
      /1\.csv.*move the file away/,
    );
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('refuses a file that is none of its own', () => {
    const folder = freshFolder();
    writeFileSync(join(folder, '1.csv'), 'my diary');

    expect(() => recorderOf(folder, seriesOf({ '1': readingsAt(1) }).series)).toThrow(
      /its first line is not/,
    );
    expect(readFileSync(join(folder, '1.csv'), 'utf8')).toBe('my diary');
  });

  it('says that it cannot write, and has missed nothing when it can again', () => {
    const folder = freshFolder();
    const { series, add } = seriesOf({});
    const { recorder, said } = recorderOf(folder, series);
    const path = join(folder, '1.csv');
    // Somebody has put a file there that is none of ours; then it is gone again.
    writeFileSync(path, 'x');
    chmodSync(path, 0o644);

    add('1', readingAt(1));
    recorder.record('1', readingAt(1));
    rmSync(path);
    add('1', readingAt(2));
    recorder.record('1', readingAt(2));
    recorder.close();

    expect(said).toEqual([
      { event: 'warning', code: 'csv-failed', detail: expect.stringMatching(/tried again/) },
    ]);
    expect(sequencesIn(folder, '1')).toEqual([1, 2]);
  });

  it('of mode classic writes anew what another log has put in the place of its own', () => {
    const folder = freshFolder();
    writeFileSync(
      join(folder, '1.csv'),
      `${HEADER}\n${rowOf('1', { ...readingAt(1), temperature_c: 99 })}\n`,
    );
    const held: Record<string, readonly Reading[]> = { '1': readingsAt(1) };
    const series: Series = {
      sensors: () => Object.keys(held),
      available: (sensor) => ({ published: held[sensor]?.length ?? 0, readings: held[sensor] ?? [] }),
      sequence: () => 9,
    };
    const { recorder } = recorderOf(folder, series, true);
    expect(sequencesIn(folder, '1')).toEqual([1]);

    delete held['1'];
    held['2'] = readingsAt(1, 2);
    recorder.rewrite();
    recorder.close();

    expect(existsSync(join(folder, '1.csv'))).toBe(false);
    expect(sequencesIn(folder, '2')).toEqual([1, 2]);
  });
});

describe('a series file', () => {
  it('counts what it holds', () => {
    const path = join(freshFolder(), '1.csv');
    const file = new SeriesFile(path);
    file.append(readingsAt(4, 7).map((one) => ({ sequence: one.sequence, row: rowOf('1', one) })));
    file.close();
    appendFileSync(path, '9,2026');

    const again = new SeriesFile(path);
    again.close();

    expect(again.opened).toEqual({ rows: 2, sequence: 7, last: rowOf('1', readingAt(7)), tornBytes: 6 });
  });
});

describe('the comparison of files', () => {
  function written(...files: readonly (readonly Reading[])[]): readonly string[] {
    return files.map((readings) => {
      const folder = freshFolder();
      const { recorder } = recorderOf(folder, seriesOf({ '1': readings }).series);
      recorder.close();
      return folder;
    });
  }
  const expected = { sensors: ['1'], readings: 3, intervalMs: 15_000 };

  it('counts the rows of files that are equal', () => {
    expect(compareSeries(written(readingsAt(1, 2, 3), readingsAt(1, 2, 3)), expected)).toBe(3);
  });

  it.each([
    ['differs', [readingsAt(1, 2, 3), readingsAt(1, 2, 4)], /differ at line 4/],
    ['is shorter', [readingsAt(1, 2, 3), readingsAt(1, 2)], /differ at line 4/],
    ['lacks a reading', [readingsAt(1, 2), readingsAt(1, 2)], /has 2 rows, not 3/],
    ['has a hole', [readingsAt(1, 2, 4)], /measured 30000 ms after/],
  ])('finds that one %s', (_, files, complaint) => {
    expect(() => compareSeries(written(...files), expected)).toThrow(complaint);
  });
});
