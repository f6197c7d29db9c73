/** What the search is built of: pairs of integers, the table of states, and the search itself on a puzzle anybody knows. */
import * as fc from 'fast-check';
import { PairTable, Register } from '../../apps/verify/integers.js';
import { Search, type Space } from '../../apps/verify/search.js';
import { NO_PARENT, StateTable } from '../../apps/verify/state-table.js';

const integer = fc.integer({ min: 0, max: 1_000_000 });

describe('a table of pairs', () => {
  it('answers what a map would, however many pairs there are', () => {
    const pairs = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }), integer),
      {
        maxLength: 3000,
        size: 'max',
      },
    );
    fc.assert(
      fc.property(pairs, (entries) => {
        const table = new PairTable(16);
        const map = new Map<string, number>();
        for (const [first, second, value] of entries) {
          table.set(first, second, value);
          map.set(`${first} ${second}`, value);
        }

        expect(table.size).toBe(map.size);
        for (let first = 0; first <= 50; first++)
          for (let second = 0; second <= 50; second += 7)
            expect(table.get(first, second)).toBe(map.get(`${first} ${second}`));
      }),
      { numRuns: 20 },
    );
  });

  it('tells (1, 2) from (2, 1), and 0 from nothing', () => {
    const table = new PairTable();
    table.set(1, 2, 0);

    expect(table.get(1, 2)).toBe(0);
    expect(table.get(2, 1)).toBeUndefined();
  });
});

describe('a register', () => {
  it('numbers values in the order of their arrival, and makes each once', () => {
    const register = new Register<string>();
    const made: string[] = [];
    const numberOf = (text: string) =>
      register.numberOf(text, () => {
        made.push(text);
        return text;
      });

    expect(['b', 'a', 'b', 'c', 'a'].map(numberOf)).toEqual([0, 1, 0, 2, 1]);
    expect(made).toEqual(['b', 'a', 'c']);
    expect(register.at(2)).toBe('c');
  });
});

describe('a table of states', () => {
  const width = 3;
  // More than one piece of the table, and several times the index it begins with.
  const many = 70_000;
  const state = (number: number) => Uint32Array.of(number % 7, Math.floor(number / 7), 0xffff_ffff - number);

  it('takes every state once, and gives each back as it was, with the one it came from', () => {
    const table = new StateTable(width);
    const isNew = Array.from({ length: many }, (_, number) =>
      table.add(state(number), number === 0 ? NO_PARENT : number - 1),
    );
    const isNewAgain = Array.from({ length: many }, (_, number) => table.add(state(number), 0));

    const read = new Uint32Array(width);
    const wrong: number[] = [];
    for (let number = 0; number < many; number++) {
      table.read(number, read);
      if (state(number).some((part, i) => part !== read[i])) wrong.push(number);
    }
    expect(isNew).not.toContain(false);
    expect(isNewAgain).not.toContain(true);
    expect(wrong).toEqual([]);
    expect(table.size).toBe(many);
    expect(table.parentOf(0)).toBe(NO_PARENT);
    expect(table.parentOf(many - 1)).toBe(many - 2);
  });
});

/** Two jugs of 3 and 5 litres: fill, empty, pour. `goal` in the larger one is the violation looked for. */
class Jugs implements Space {
  readonly width = 2;
  readonly #goal: number;

  constructor(goal: number) {
    this.#goal = goal;
  }

  first = () => Uint32Array.of(0, 0);
  canonical = (state: Uint32Array) => state;
  problemIn = () => undefined;

  expand(
    [small = 0, large = 0]: Uint32Array,
    visit: (next: Uint32Array, problem: string | undefined) => void,
  ) {
    const toLarge = Math.min(small, 5 - large);
    const toSmall = Math.min(large, 3 - small);
    const steps = [
      [3, large],
      [small, 5],
      [0, large],
      [small, 0],
      [small - toLarge, large + toLarge],
      [small + toSmall, large - toSmall],
    ];
    for (const step of steps)
      visit(Uint32Array.from(step), step[1] === this.#goal ? `${this.#goal} litres` : undefined);
  }
}

describe('the search', () => {
  it('finds the shortest way: four litres with jugs of three and five take six steps', () => {
    const search = new Search(new Jugs(4));

    expect(search.run(1000)).toBe('violated');
    expect(search.problem).toBe('4 litres');
    expect(search.path().map(String)).toEqual(['0,0', '0,5', '3,2', '0,2', '2,0', '2,5']);
  });

  it('ends when there is nothing left to search', () => {
    const search = new Search(new Jugs(6));

    expect(search.run(1000)).toBe('exhausted');
    expect(search.progress).toEqual({ states: 16, transitions: 96, depth: 7, waiting: 0 });
  });

  it('stops when its budget is spent, and goes on from there', () => {
    const whole = new Search(new Jugs(6));
    whole.run(1000);
    const parts = new Search(new Jugs(6));
    const endings: unknown[] = [];
    while (endings.at(-1) === undefined) endings.push(parts.run(5));

    expect(endings).toEqual([undefined, undefined, undefined, 'exhausted']);
    expect(parts.progress).toEqual(whole.progress);
  });
});
