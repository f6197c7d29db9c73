/** The history file: what was run, on which commit, and what came of it. Only commands write it, never people. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';

export interface Run {
  /** The command, as somebody would type it to run it again. */
  readonly command: string;
  /** How much was run, with its unit: `20,000 seeds`, `1,431,002 states`. */
  readonly amount: string;
  /** Hours that passed inside; undefined where no time is simulated. */
  readonly simulatedHours?: number;
  readonly seconds: number;
  /** `no violation`, or what was found. */
  readonly result: string;
}

const HEAD = `# What was run

One line per run, appended by the commands themselves (\`--ledger test/LEDGER.md\`). A \`+\` behind the commit says that the tree had
changes on top of it.

| date | commit | command | amount | simulated | took | result |
|---|---|---|---|---|---|---|
`;

/** Appends one line to the ledger at `path`; begins it when there is none. */
export function recordRun(path: string, run: Run): void {
  if (!existsSync(path)) writeFileSync(path, HEAD);
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const simulated = run.simulatedHours === undefined ? '' : `${run.simulatedHours.toFixed(1)} h`;
  const took = `${run.seconds.toFixed(0)} s`;
  const cells = [date, commit(), `\`${run.command}\``, run.amount, simulated, took, run.result];
  appendFileSync(path, `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`);
}

function commit(): string {
  const git = (...words: string[]) =>
    execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short', 'HEAD') + (isChanged ? '+' : '');
  } catch {
    return 'no commit';
  }
}
