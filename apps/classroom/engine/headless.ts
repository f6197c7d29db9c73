/** A script played at once, for tests and for whoever needs its trace now. */
import type { Script } from '../contract.js';
import { Run } from './run.js';

/**
 * Plays `script` up to `untilMs`, included.
 *
 * @param isChecked - whether the simulator's invariants are checked, and told of as `violation`.
 * @returns the lines of its trace, the header first.
 * @throws ScriptProblem when no cluster comes about with the script's time-outs.
 */
export function headless(script: Script, untilMs: number, { isChecked = false } = {}): string[] {
  const lines: string[] = [];
  new Run(script, (line) => lines.push(line), { isChecked }).playTo(untilMs);
  return lines;
}
