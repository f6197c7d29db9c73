/** The search finds what it is there to find: a handful of mutants here, all of them with `npm run mutants`. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { VerifyReport } from '../../apps/verify/program.js';
import { bundleProgram } from '../bundle.mjs';
import { MUTANTS } from './mutants.js';

const PROGRAM = 'test/verify/program.ts';

/** What the program prints, whatever it ends with. */
function output(program: string, flags: object): string {
  try {
    return execFileSync(process.execPath, [program, JSON.stringify(flags)], { encoding: 'utf8' });
  } catch (failure) {
    return (failure as { stdout: string }).stdout;
  }
}

describe('a mutant', () => {
  it('has a name of its own', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
    'fits the shipped source: %s',
    (_, mutant) => {
      const places = readFileSync(mutant.file, 'utf8').split(mutant.from).length - 1;

      expect(places).toBe(1);
      expect(mutant.to).not.toBe(mutant.from);
    },
  );
});

describe('the search', () => {
  it.each([
    ['noadopt', 'I5'],
    ['resume', 'I1'],
    ['nofence', 'P2'],
    ['nochain', 'I16'],
    ['otherlife', 'I8'],
    ['promiseearly', 'P1'],
  ])('catches %s', async (name, invariant) => {
    const mutant = MUTANTS.find((one) => one.name === name);
    const program = await bundleProgram(PROGRAM, { mutant });

    const report = JSON.parse(output(program, { ...mutant?.bounds, json: true })) as VerifyReport;

    expect(report.violation?.invariant).toBe(invariant);
    expect(report.violation?.steps.length).toBeGreaterThan(1);
  });

  it('tells the shortest way in plain words', async () => {
    const mutant = MUTANTS.find((one) => one.name === 'resume');
    const program = await bundleProgram(PROGRAM, { mutant });

    const lines = output(program, { terms: 2, entries: 2 }).split('\n');

    expect(lines.slice(3, -1)).toEqual([
      'I1 is broken: term 1 is led twice',
      'the shortest way there, 4 steps:',
      '   1. 1 stands for term 1',
      '   2. 2 promises term 1 of 1, log []; 1 coordinates term 1, sends [1], crashes before that is on its disk, and starts again with []',
      '   3. 1 stands for term 1',
      '   4. 2 promises term 1 of 1, log []; 1 coordinates term 1, log [1], committed 0',
      'where that leaves everybody:',
      '      peer 1: establishing, promised term 1, log [1]',
      '      peer 2: free, promised term 1, log []',
      '      peer 3: free, promised term 0, log []',
      '      term 1: of 1, led with log [1], committed 0',
    ]);
  });
});
