/**
 * The console of a system's program: what is typed goes in line by line, what happens comes out line by line.
 *
 * On a terminal there is a prompt, and what happens is written above it. Without one, or with `--plain`, there are the lines
 * alone; with `--json`, one object each. A program that was started without anything to read from (`< /dev/null`, a service)
 * runs until a signal.
 */
import { fstatSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { ClusterError, type Peer } from '../../actors/index.js';
import { printable } from '../../transport/index.js';
import { EXIT, type ExitCode, endingOf } from './exit.js';
import { leaveWithin, stayWithin } from './leaving.js';
import { type Facts, lineOf } from './report.js';
import { onShutdown } from './shutdown.js';

export interface ConsoleSettings {
  readonly plain: boolean;
  readonly json: boolean;
  /** What stands before the line that is typed, as `energy 2> `. */
  readonly prompt: string;
  /** Whether stdin is for commands; default true. */
  readonly takesCommands?: boolean;
  /** Nothing but what went wrong is written here. */
  readonly quiet?: boolean;
  /** Told of everything, also of what is not written here. */
  readonly record?: Record;
}

/** What happened: an event's name, its facts in order, and how a person reads it, in one line or several. */
export type Say = (event: string, facts: Facts, words?: string | readonly string[]) => void;
/** Keeps what happened. */
export type Record = (event: string, facts: Facts) => void;

/** What is written though the console is quiet. */
const WRONG: readonly string[] = ['refused', 'warning'];

/** One program at its console. */
export interface ConsoleProgram {
  /**
   * A typed line, trimmed, never empty.
   *
   * @returns resolves when it has been answered: `leave` when the user wants to go; a refusal is an exit code for whoever pipes.
   */
  obey(line: string): Promise<'leave' | ExitCode | undefined>;
  /** Resolves, with the exit code, when it has nothing more to do. Without it only the user ends it. */
  readonly done?: Promise<ExitCode>;
  /** Begins nothing more by itself; resolves once what was begun is done. Leaving waits for it, within bounds. */
  finish?(): Promise<void>;
  /** The pipe has ended: resolves when what was begun is over, however long that takes, and the peer may leave. */
  settle?(): Promise<void>;
  /** Lets go of what it watches. */
  close(): void;
}

export interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** What stands behind a console: a peer, or a client of one. */
export interface Backing {
  readonly id: string;
  /** Resolves when it was stopped; rejects when it could not go on. */
  readonly ended: Promise<'stopped'>;
  /** Whether SIGTERM leaves it a member: a service comes back. */
  readonly stays?: () => boolean;
  /** Lets go of the cluster once `finished`, or stays a member. @returns how it went, in words. */
  leave(isStaying: boolean, finished: Promise<void>): Promise<string>;
}

/** A console in front of a peer: see `converse`. */
export const runConsole = (
  peer: Peer,
  settings: ConsoleSettings,
  open: (say: Say) => ConsoleProgram,
  streams: Streams,
): Promise<ExitCode> => {
  const backing: Backing = {
    id: peer.id,
    ended: endOf(peer),
    stays: () => peer.status().durable,
    leave: (isStaying, finished) => (isStaying ? stayWithin : leaveWithin)(peer, finished),
  };
  return converse(backing, settings, open, streams);
};

/**
 * Runs until the user leaves, a signal comes, a pipe ends, the program is done, or what stands behind it stops. Whoever ends it leaves the
 * cluster, but by SIGTERM a peer with its log on disk stops and stays a member: a service comes back.
 *
 * @param open - makes the program, given how it speaks.
 * @returns the exit code: 0; at the end of a pipe, that of the first line that was refused.
 * @throws ClusterError when it could not go on.
 */
export async function converse(
  { id, ended: ending, stays, leave }: Backing,
  settings: ConsoleSettings,
  open: (say: Say) => ConsoleProgram,
  { stdin, stdout }: Streams,
): Promise<ExitCode> {
  const hasPrompt = stdin.isTTY === true && stdout.isTTY === true && !settings.plain && !settings.json;
  const takesCommands = settings.takesCommands !== false && readsFrom(stdin);
  const input = takesCommands ? reader(stdin, stdout, hasPrompt ? settings.prompt : null) : null;
  let isLeaving = false;
  const write = (text: string) => {
    stdout.write(hasPrompt ? `\r\u001b[K${text}\n` : `${text}\n`);
    if (hasPrompt && !isLeaving) input?.prompt(true);
  };
  const say: Say = (event, facts, words) => {
    settings.record?.(event, facts);
    if (settings.quiet === true && !WRONG.includes(event)) return;
    if (settings.json || words === undefined) write(lineOf(settings.json, event, facts));
    else for (const line of [words].flat()) write(printable(line));
  };
  const program = open(say);
  const asked = new Promise<'leave' | 'stay'>((resolve) => {
    const detach = onShutdown((signal) =>
      resolve(signal !== 'SIGINT' && stays?.() === true ? 'stay' : 'leave'),
    );
    ending.finally(detach).catch(() => {});
    input?.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  });
  try {
    const typed = input === null ? new Promise<never>(() => {}) : obeyAll(input, program, hasPrompt);
    const first = await Promise.race([typed, asked, ending, program.done ?? new Promise<never>(() => {})]);
    if (first === 'stopped') return EXIT.clean;
    isLeaving = true;
    const finished = program.finish?.() ?? Promise.resolve();
    say('leaving', { id }, first === 'stay' ? 'stopping …' : 'leaving …');
    const how = await leave(first === 'stay', finished);
    say('left', { detail: how }, how);
    return typeof first === 'number' ? first : EXIT.clean;
  } finally {
    program.close();
    input?.close();
  }
}

/** Whether there is anybody or anything to read from; a service is started with nothing. */
function readsFrom(stdin: NodeJS.ReadStream): boolean {
  if (stdin.isTTY === true || !('fd' in stdin)) return true;
  try {
    return !fstatSync(0).isCharacterDevice();
  } catch {
    return false;
  }
}

function reader(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, prompt: string | null): Interface {
  if (prompt === null) return createInterface({ input: stdin, terminal: false });
  const input = createInterface({ input: stdin, output: stdout, prompt, terminal: true });
  input.prompt();
  return input;
}

/** One after the other. @returns `leave`, or at the end of the input the exit code of the first line that was refused. */
async function obeyAll(
  input: Interface,
  program: ConsoleProgram,
  hasPrompt: boolean,
): Promise<'leave' | ExitCode> {
  let first: ExitCode = EXIT.clean;
  for await (const text of input) {
    const line = text.trim();
    const answer = line === '' ? undefined : await program.obey(line);
    if (answer === 'leave') return 'leave';
    if (answer !== undefined && first === EXIT.clean) first = answer;
    if (hasPrompt) input.prompt();
  }
  if (hasPrompt) return 'leave';
  await program.settle?.();
  return first;
}

/** Resolves when the peer was stopped; rejects when it could not go on. */
function endOf(peer: Peer): Promise<'stopped'> {
  return new Promise((resolve, reject) => {
    const hear = () =>
      peer.ready().catch((problem: unknown) => {
        if (problem instanceof ClusterError && problem.code === 'stopped') resolve('stopped');
        else reject(problem);
      });
    peer.on('stopped', hear);
    hear();
  });
}

/** Says what is wrong with a line, and answers the exit code for it: for `obey`. */
export function sayRefusal(say: Say, problem: unknown): ExitCode {
  const { exitCode, lines } = endingOf(problem);
  const code = problem instanceof ClusterError ? problem.code : 'refused';
  say('refused', { code, reason: lines.join('; ') }, lines);
  return exitCode;
}

/** Tells where the cluster stands, now and whenever it changes. @returns what ends it. */
export function tellStanding(peer: Peer, say: Say): () => void {
  const coordinator = (id: string | null, term: number) =>
    say(
      'coordinator',
      { id, term },
      id === null
        ? 'no coordinator just now …'
        : `${id === peer.id ? `${id}, this peer,` : id} coordinates, in term ${term}`,
    );
  const view = (number: number, members: readonly { readonly id: string; readonly state: string }[]) => {
    const suspected = members.filter(({ state }) => state === 'suspected').map(({ id }) => id);
    const names = members.map(({ id }) => (suspected.includes(id) ? `${id}?` : id));
    say('view', { number, members: names }, `view ${number}: ${names.join(', ')}`);
  };
  // What is tried again and again is told once.
  let warned = '';
  const warning = (code: string, detail: string) => {
    const words = `${code}: ${detail}`;
    if (words !== warned) say('warning', { code, detail }, words);
    warned = words;
  };
  const { coordinator: now, term, view: seen } = peer.status();
  view(seen.number, seen.members);
  coordinator(now, term.n);
  const detach = [
    peer.on('coordinator', (told) => coordinator(told.coordinator, told.term.n)),
    peer.on('view', ({ number, members }) => view(number, members)),
    peer.on('warning', ({ code, detail }) => warning(code, detail)),
  ];
  return () => {
    for (const end of detach) end();
  };
}
