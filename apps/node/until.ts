/** Waiting for something to become true, with an end and a reason. */
import { EXIT, ProgramFailure } from './exit.js';

const LOOK_EVERY_MS = 25;

/**
 * Asks again and again until there is an answer.
 *
 * @param what - what is waited for, to be said when it does not come: "peer 2 to lead".
 * @param question - answers `undefined` or `false` for "not yet"; may take its time, and may throw when it is done for.
 * @returns the first answer that is neither.
 * @throws ProgramFailure when there is none in time.
 */
export async function until<Answer>(
  what: string,
  withinMs: number,
  question: () => Answer | undefined | false | Promise<Answer | undefined | false>,
): Promise<Answer> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await question();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline)
      throw new ProgramFailure(EXIT.failed, `waited ${withinMs / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
