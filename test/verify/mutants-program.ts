/**
 * Every mutant searched for within its bounds: `node test/run.mjs test/verify/mutants-program.ts [NAME …]`.
 *
 * Prints a line for each, and ends with 1 when one was not caught.
 */
import { spawnSync } from 'node:child_process';
import { bundleProgram } from '../bundle.mjs';
import { MUTANTS } from './mutants.js';

const wanted = process.argv.slice(2);
const chosen = MUTANTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
let missed = 0;
for (const mutant of chosen) {
  const program = await bundleProgram('test/verify/program.ts', { mutant });
  const flags = JSON.stringify({ timeLimit: 300, ...mutant.bounds, json: true });
  const { stdout, stderr } = spawnSync(process.execPath, [program, flags], { encoding: 'utf8' });
  const { violation, states, seconds } = stdout === '' ? {} : JSON.parse(stdout);
  const found =
    stdout === '' ? stderr.trim() : violation ? `${violation.invariant}: ${violation.detail}` : 'NOT CAUGHT';
  if (violation === undefined || violation === null) missed++;
  const steps = violation ? `${violation.steps.length} steps` : '';
  process.stdout.write(
    `${mutant.name.padEnd(14)} ${String(states).padStart(8)} states ${Number(seconds).toFixed(1).padStart(6)} s  ${steps.padEnd(9)} ${found}\n`,
  );
}
process.stdout.write(`${chosen.length - missed} of ${chosen.length} caught\n`);
process.exitCode = missed === 0 ? 0 : 1;
