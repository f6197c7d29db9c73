/** The words that a program of the tests is started with. */

/** What `read` makes of them. Where it throws, the program ends with 64: the reason in one line, and `usage`. */
export function settingsOrEnd<Settings>(
  program: string,
  usage: string,
  read: (words: string[]) => Settings,
): Settings {
  try {
    return read(process.argv.slice(2));
  } catch (problem) {
    process.stderr.write(`${program}: ${(problem as Error).message}\n${usage}`);
    process.exit(64);
  }
}

/** @throws Error with one line to act on, unless it is a whole number of at least `least`. */
export function wholeNumber(flag: string, text: string, least = 1): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least && text.trim() !== '') return number;
  throw new Error(`${flag} is a whole number of at least ${least}, not “${text}”`);
}
