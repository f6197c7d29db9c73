/** The chat on a terminal: what was said scrolls, below it where the cluster stands and the line being typed. */
import { emitKeypressEvents } from 'node:readline';
import { render } from 'ink';
import type { ExitCode } from '../node/exit.js';
import { onShutdown } from '../node/shutdown.js';
import { completionsOf } from './completion.js';
import { type Key, press } from './editor.js';
import { paletteFor } from './palette.js';
import { Screen } from './screen.js';
import type { Seat } from './seat.js';
import { conversationOf, Session } from './session.js';
import { ChatView } from './view.js';

/** How much of the past a terminal shows at the start; `/history` shows more. */
const PAST_MAX = 200;

/** Asks the terminal to mark what is pasted, and to stop doing so. */
const MARK_PASTES = '\u001b[?2004h';
const LEAVE_PASTES = '\u001b[?2004l';

interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Talks on a terminal until the user or a signal ends it.
 *
 * @returns the exit code.
 * @throws ClusterError when it could not go on.
 */
export async function runTerminal(
  seat: Seat,
  { room }: { readonly room?: string | undefined },
  terminal: Terminal,
): Promise<ExitCode> {
  const conversation = conversationOf(seat, room);
  const screen = new Screen(conversation);
  const session = new Session(
    seat,
    conversation,
    { pastMax: PAST_MAX, everyRoom: false },
    { say: (line) => screen.say(line), changed: (changed) => screen.show(changed) },
  );
  const unheard = onShutdown(() => session.leave());
  const view = <ChatView screen={screen} palette={paletteFor(process.env.COLORFGBG)} />;
  // Not `incrementalRendering`: in Ink 6.8 it goes up one row too few and leaves stale rows behind (seen in tmux).
  const ink = render(view, { ...terminal, exitOnCtrlC: false, patchConsole: false });
  const released = readKeys(terminal, (key) => hearKey(key, screen, session));
  try {
    return await session.ended;
  } finally {
    released();
    unheard();
    session.close();
    screen.finish();
    // Drawn now: unmounting does not wait for what React has put off.
    ink.rerender(view);
    ink.unmount();
    await ink.waitUntilExit();
  }
}

function hearKey(key: Key, screen: Screen, session: Session): void {
  const { editor } = screen.picture();
  if (key.ctrl && key.name === 'c') {
    // The terminal is raw, so the signal is ours to give.
    process.emit('SIGINT', 'SIGINT');
    return;
  }
  if (key.ctrl && key.name === 'd' && editor.text === '') session.leave();
  const rooms = session.conversation.rooms.keys();
  const { editor: edited, entered } = press(editor, key, (before) => completionsOf(before, rooms));
  if (entered !== null) session.type(entered);
  screen.edit(edited);
}

/**
 * Gives every key to `hear`, as it is pressed.
 *
 * @returns what gives the terminal back as it was.
 */
function readKeys({ stdin, stdout }: Terminal, hear: (key: Key) => void): () => void {
  const keypress = (_text: string | undefined, key: Key) => hear(key);
  const leavePastes = () => void stdout.write(LEAVE_PASTES);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.on('keypress', keypress);
  stdin.resume();
  stdout.write(MARK_PASTES);
  // A second Ctrl-C ends the process on the spot.
  process.on('exit', leavePastes);
  return () => {
    process.off('exit', leavePastes);
    leavePastes();
    stdin.off('keypress', keypress);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
