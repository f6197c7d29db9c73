/** Runs commands of the system, and says whether they may be run. */
import { execFile } from 'node:child_process';

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs to the end, whatever that is; a command that is not there ends with 127. */
export function attempt(command: string, words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, words, { maxBuffer: 1024 ** 3 }, (problem, stdout, stderr) => {
      const code = problem === null ? 0 : problem.code;
      resolve({
        exitCode: typeof code === 'number' ? code : 127,
        stdout,
        stderr: stderr || String(problem ?? ''),
      });
    });
  });
}

/** @throws Error with what it said, unless it ended well. */
export async function perform(command: string, ...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await attempt(command, words);
  if (exitCode !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr.trim()}`);
  return stdout;
}
