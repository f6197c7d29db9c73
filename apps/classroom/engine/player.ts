/** Plays one script after the other, and goes on with the run there is where the next differs only in what lies ahead. */
import type { Engine, Script } from '../contract.js';
import { Run } from './run.js';

export type Hear = Parameters<Engine['play']>[2];

const textOf = (script: Script, untilMs: number): string =>
  JSON.stringify([script.scenario, script.acts.filter(({ at }) => at <= untilMs)]);

export class Player {
  #run: Run | null = null;
  #script: Script | null = null;
  #lines: string[] = [];
  #isFresh = false;

  /** From now on it plays this. */
  take(script: Script): void {
    const reachedMs = this.#run?.nowMs ?? 0;
    const isSame = this.#script !== null && textOf(script, reachedMs) === textOf(this.#script, reachedMs);
    this.#script = script;
    if (this.#run !== null && isSame) {
      this.#run.replaceAhead(script.acts);
      return;
    }
    this.#lines = [];
    this.#isFresh = true;
    this.#run = new Run(script, (line) => this.#lines.push(line));
  }

  /**
   * Plays a while, and tells what has come of it.
   *
   * @param untilMs - of the script's time, included.
   * @param isTimeUp - asked between steps: it comes back then.
   * @returns whether it is done.
   * @throws ScriptProblem when no cluster comes about with the script's time-outs.
   */
  goOn(untilMs: number, isTimeUp: () => boolean, hear: Hear): boolean {
    const run = this.#run;
    if (run === null) return true;
    let isDone: boolean;
    try {
      isDone = run.playTo(untilMs, () => !isTimeUp());
    } catch (problem) {
      this.#run = null;
      throw problem;
    }
    const lines = this.#lines;
    if (lines.length === 0 && !isDone) return false;
    this.#lines = [];
    const isFresh = this.#isFresh;
    this.#isFresh = false;
    hear({ lines, isFresh, nowMs: run.nowMs });
    return isDone;
  }
}
