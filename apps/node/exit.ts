/** How a program ends: its exit code, and the one line it says when it could not do what was asked. */
import { ClusterError, type ClusterErrorCode } from '../../actors/index.js';
import { printable } from '../../transport/index.js';

/** Exit codes of every program, after sysexits.h. */
export const EXIT = {
  clean: 0,
  /** A check did not hold: the demo's logs differ, a journal is damaged. */
  failed: 1,
  /** A flag, variable or program that there is not, or a value it cannot have. */
  usage: 64,
  /** Our own mistake, or a disk that failed while running. */
  internal: 70,
  /** Not now: a port or folder in use, no cluster in time. Trying again may help. */
  unavailable: 75,
  /** The configuration cannot work: trying again does not help. */
  configuration: 78,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What ends a program with an exit code and one line per thing that is wrong. */
export class ProgramFailure extends Error {
  readonly exitCode: ExitCode;
  readonly lines: readonly string[];

  constructor(exitCode: ExitCode, ...lines: string[]) {
    const shown = lines.map(printable);
    super(shown.join('\n'));
    this.name = 'ProgramFailure';
    this.exitCode = exitCode;
    this.lines = shown;
  }
}

const EXIT_OF: Readonly<Record<ClusterErrorCode, ExitCode>> = {
  'bad-option': EXIT.usage,
  'port-in-use': EXIT.unavailable,
  'bad-address': EXIT.configuration,
  'data-unusable': EXIT.configuration,
  'data-in-use': EXIT.unavailable,
  'data-of-another': EXIT.configuration,
  'journal-failed': EXIT.internal,
  defect: EXIT.internal,
  'state-diverged': EXIT.unavailable,
  'duplicate-id': EXIT.configuration,
  'cluster-mismatch': EXIT.configuration,
  'version-mismatch': EXIT.configuration,
  'mode-mismatch': EXIT.configuration,
  'cluster-full': EXIT.unavailable,
  'not-ready-in-time': EXIT.unavailable,
  'bad-payload': EXIT.usage,
  'bad-topic': EXIT.usage,
  'no-coordinator': EXIT.unavailable,
  'outcome-unknown': EXIT.unavailable,
  'history-gone': EXIT.unavailable,
  overloaded: EXIT.unavailable,
  'no-result': 75,
  'unknown-member': EXIT.usage,
  'not-a-voter': EXIT.usage,
  'handover-refused': EXIT.unavailable,
  'handover-failed': EXIT.unavailable,
  'bad-command': EXIT.usage,
  stopped: EXIT.unavailable,
};

/** What to do about it, where the message does not say: it cannot know how a program names its options. */
const ADVICE: Partial<Record<ClusterErrorCode, string>> = {
  'port-in-use':
    'the port is in use: stop that process, or choose another with --listen (port 0 takes a free one)',
  'bad-address': 'choose an address of this machine with --listen',
};

/** The exit code for anything thrown, and the lines to print before it. */
export function endingOf(problem: unknown): {
  readonly exitCode: ExitCode;
  readonly lines: readonly string[];
} {
  if (problem instanceof ProgramFailure) return problem;
  if (problem instanceof ClusterError) {
    const advice = ADVICE[problem.code];
    const line =
      advice === undefined ? problem.message : `${problem.message.replace(/[.;]$/, '')}; ${advice}`;
    return { exitCode: EXIT_OF[problem.code], lines: [oneLine(line)] };
  }
  const message = problem instanceof Error ? problem.message || problem.name : String(problem);
  return { exitCode: EXIT.internal, lines: [oneLine(`internal error: ${message}`)] };
}

const oneLine = (text: string): string => printable(text.replaceAll(/\s*\n\s*/g, ' ').trim());
