import type { TraceRecord } from '../../actors/index.js';
import { recordTrace } from '../../apps/node/trace-recorder.js';

/** A trace one can write to. */
function createTrace() {
  let listener: ((record: TraceRecord) => void) | null = null;
  let s = 0;
  const recorder = recordTrace({
    trace: (record) => {
      listener = record;
      return () => {
        listener = null;
      };
    },
  });
  const write = (count: number, more: object = {}) => {
    for (let i = 0; i < count; i++) {
      s += 1;
      listener?.({ s, t: s, p: '1', k: 'timer', ...more });
    }
  };
  return { recorder, write };
}

const numbersOf = (lines: readonly { line: string }[]) => lines.map(({ line }) => JSON.parse(line).s);

describe('the recorder of a trace', () => {
  it('gives what follows a position, a part at a time', () => {
    const { recorder, write } = createTrace();
    write(5);

    const first = recorder.after(0, 2);
    const rest = recorder.after(first.lines.at(-1)?.position ?? 0, 10);

    expect(numbersOf(first.lines)).toEqual([1, 2]);
    expect(numbersOf(rest.lines)).toEqual([3, 4, 5]);
    expect([first.lost, rest.lost, first.gap]).toEqual([0, 0, null]);
    expect(recorder.after(5, 10).lines).toEqual([]);
  });

  it('tells what was done to its peer, in place and time, and leaves every cause what it was', () => {
    const { recorder, write } = createTrace();
    const done = (words: string) => recorder.tell({ p: '1', act: { kind: 'pause' }, phase: 'begin', words });
    write(2);

    done('first');
    write(1, { c: 2 });
    done('second');
    done('third');
    write(1, { c: 2 });
    write(1, { c: 3 });

    const records = recorder.after(0, 10).lines.map(({ line }) => JSON.parse(line));
    expect(records.map(({ s, k, c = null }) => [s, k, c])).toEqual([
      [1, 'timer', null],
      [2, 'timer', null],
      [3, 'fault', null],
      [4, 'timer', 2],
      [5, 'fault', null],
      [6, 'fault', null],
      [7, 'timer', 2],
      [8, 'timer', 4],
    ]);
    expect(records[2]).toEqual({
      ...{ s: 3, t: expect.any(Number), p: '1', k: 'fault' },
      ...{ act: { kind: 'pause' }, phase: 'begin', words: 'first' },
    });
    for (const [place, { t }] of records.entries()) {
      const before = records[place - 1];
      if (before !== undefined && before.k === 'timer') expect(t).toBeGreaterThanOrEqual(before.t);
    }
  });

  it('keeps the newest 20,000 records, and says how many are gone', () => {
    const { recorder, write } = createTrace();
    write(50_000);

    const part = recorder.after(10, 3);

    expect(recorder.newest()).toBe(50_000);
    expect(numbersOf(part.lines)).toEqual([30_001, 30_002, 30_003]);
    expect(part.lost).toBe(29_990);
    expect(JSON.parse(part.gap ?? '{}')).toMatchObject({ k: 'gap', p: '1', lost: 29_990 });
    expect(recorder.after(0, 50_000).lines).toHaveLength(20_000);
  });

  it('keeps no more than 8 MiB', () => {
    const { recorder, write } = createTrace();
    write(3000, { text: 'x'.repeat(8000) });

    const { lines, lost } = recorder.after(0, 3000);

    const characters = lines.reduce((sum, { line }) => sum + line.length, 0);
    expect(characters).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(characters).toBeGreaterThan(8 * 1024 * 1024 - 10_000);
    expect(lines.length + lost).toBe(3000);
  });

  it('hears nothing after it was closed', () => {
    const { recorder, write } = createTrace();
    write(1);
    recorder.close();

    write(1);

    expect(recorder.newest()).toBe(1);
  });
});
