/** The chat as lines: for pipes, programs, screen readers and tests. */
import { createInterface, type Interface } from 'node:readline';
import type { ExitCode } from '../node/exit.js';
import { onShutdown } from '../node/shutdown.js';
import { type Line, objectOf, plainLinesOf } from './lines.js';
import type { Seat } from './seat.js';
import { conversationOf, Session } from './session.js';

/** Lines of a pipe that may be on their way together; more are read when these have arrived. */
const ON_THEIR_WAY_MAX = 256;

/**
 * Reads lines from `stdin`, writes events to `stdout`, one line each; with `json`, one object each and of every room.
 * At the end of `stdin` it waits until everything typed has been delivered, then leaves.
 *
 * @returns the exit code; at the end of `stdin` that of the first line that was refused, 0 when none was.
 * @throws ClusterError when it could not go on.
 */
export async function runPlain(
  seat: Seat,
  { json, room }: { readonly json: boolean; readonly room?: string | undefined },
  { stdin, stdout }: { readonly stdin: NodeJS.ReadableStream; readonly stdout: NodeJS.WritableStream },
): Promise<ExitCode> {
  const say = (line: Line) => {
    const texts = json ? [JSON.stringify(objectOf(line))] : plainLinesOf(line);
    for (const text of texts) stdout.write(`${text}\n`);
  };
  const session = new Session(
    seat,
    conversationOf(seat, room),
    { pastMax: Number.MAX_SAFE_INTEGER, everyRoom: json },
    { say, changed: () => {} },
  );
  const input = createInterface({ input: stdin, terminal: false, crlfDelay: Number.POSITIVE_INFINITY });
  const unheard = onShutdown(() => session.leave());
  try {
    const typed = typeAll(input, session);
    const first = await Promise.race([typed, session.ended.then(() => 'ended' as const)]);
    if (first === 'ended') return await session.ended;
    session.leave();
    await session.ended;
    return session.refusal;
  } finally {
    unheard();
    input.close();
    session.close();
  }
}

/** Types every line of `input`, no faster than they arrive; resolves when all have. */
async function typeAll(input: Interface, session: Session): Promise<'typed'> {
  for await (const text of input) {
    session.type(text);
    await session.settled(ON_THEIR_WAY_MAX);
  }
  await session.settled(0);
  return 'typed';
}
