/** A mutant that fits its file no more switches nothing off, and would be taken for one that nobody has run. */
import { readFileSync } from 'node:fs';
import { RELAYED } from '../mutants/relayed.js';
import { SIMULATED } from '../mutants/simulated.js';
import { STORAGE } from '../mutants/storage.js';
import { MUTANTS } from '../verify/mutants.js';

describe('every mutant', () => {
  const all = [...MUTANTS, ...SIMULATED, ...STORAGE, ...RELAYED];

  it('stands in one place of its file', () => {
    const misplaced = all
      .map(({ name, file, from }) => ({ name, places: readFileSync(file, 'utf8').split(from).length - 1 }))
      .filter(({ places }) => places !== 1);

    expect(misplaced).toEqual([]);
  });

  it('has a name of its own', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });
});
