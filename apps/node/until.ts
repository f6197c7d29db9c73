/** Waiting for something to become true, with an end and a reason. */
import { EXIT, ProgramFailure } from './exit.js';

/** What takes long to answer costs whoever is asked, and a busy machine: it is asked less often. */
const LOOK_AFTER_MS = { least: 25, most: 150 } as const;
const PAUSE_PER_LOOK = 4;

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
    const askedAt = performance.now();
    const answer = await question();
    if (answer !== undefined && answer !== false) return answer;
    const now = performance.now();
    if (now > deadline)
      throw new ProgramFailure(EXIT.failed, `waited ${withinMs / 1000} s in vain for ${what}`);
    const pauseMs = Math.max(LOOK_AFTER_MS.least, PAUSE_PER_LOOK * (now - askedAt));
    await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_AFTER_MS.most, pauseMs)));
  }
}
