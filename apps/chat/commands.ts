/** What a typed line asks for: words for the room, or one of the commands. */
import { closest, distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { PeerId } from '../../transport/anywhere.js';

const ROOM_CHARACTERS_MAX = 64;

const Room = z
  .string()
  .regex(/^[^\s\p{C}]+$/u, 'a room has a name without spaces')
  .max(ROOM_CHARACTERS_MAX, `the name of a room has at most ${ROOM_CHARACTERS_MAX} characters`);
const HistoryCount = z.coerce
  .number('/history takes a number: /history 50')
  .int('/history takes a whole number: /history 50')
  .min(1, '/history shows at least 1 line')
  .max(100_000, '/history shows at most 100000 lines');

/** A typed line, understood. */
export type Command =
  | { readonly type: 'nothing' }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'status' | 'quit' | 'rooms' | 'who' | 'leader' | 'help' }
  | { readonly type: 'join'; readonly room: string }
  | { readonly type: 'history'; readonly limit: number }
  | { readonly type: 'transfer'; readonly to: PeerId }
  /** It cannot be done; `problem` says what is wrong, and what to do instead. */
  | { readonly type: 'mistake'; readonly problem: string };

interface Usage {
  readonly usage: string;
  readonly does: string;
  /** Only a peer can answer it; a client says so, and who can. */
  readonly instead?: string;
  readonly parse: (word: string) => Command;
}

const bare = (
  type: 'status' | 'quit' | 'rooms' | 'who' | 'leader' | 'help',
  does: string,
  instead?: string,
): [string, Usage] => [
  type,
  {
    usage: `/${type}`,
    does,
    ...(instead === undefined ? {} : { instead }),
    parse: (word) => (word === '' ? { type } : { type: 'mistake', problem: `/${type} stands alone` }),
  },
];

const HISTORY_DEFAULT = 20;

const COMMANDS: ReadonlyMap<string, Usage> = new Map([
  bare('status', 'what you are here, whom it follows, and how far the log goes'),
  bare(
    'who',
    'the members, and what this peer believes of each',
    'a client is told of no members: ask at a peer, or bullpen cluster members --http URL',
  ),
  bare('leader', 'who coordinates'),
  bare('rooms', 'the rooms, and how many lines each has'),
  ['join', { usage: '/join ROOM', does: 'goes to a room; it need not exist', parse: parseJoin }],
  [
    'history',
    {
      usage: '/history [N]',
      does: `the last N lines of this room (${HISTORY_DEFAULT})`,
      parse: parseHistory,
    },
  ],
  [
    'transfer',
    {
      usage: '/transfer ID',
      does: 'has the coordinator hand over to that member, losing nothing',
      instead: 'only members may ask for that: at a peer, or bullpen cluster transfer ID --http URL',
      parse: parseTransfer,
    },
  ],
  bare('help', 'this list; a line that begins with // is sent with one /'),
  bare('quit', 'ends, and a peer leaves the cluster; so does Ctrl-C'),
]);

/** Every command with its slash, for completion. */
export const COMMAND_NAMES: readonly string[] = [...COMMANDS.keys()].map((name) => `/${name}`);

/** What `/help` says, one line per command. @param isClient - leaves out what only a peer can answer. */
export const helpFor = (isClient: boolean): readonly string[] =>
  [...COMMANDS.values()]
    .filter(({ instead }) => !isClient || instead === undefined)
    .map(({ usage, does }) => `${usage.padEnd(13)} ${does}`);

/** Why a client cannot do this, and who can; null when it can. */
export function refusedToClients({ type }: Command): string | null {
  const instead = COMMANDS.get(type)?.instead;
  return instead === undefined ? null : `/${type}: ${instead}`;
}

/** Reads what was typed. `//` at the beginning stands for a slash that is meant. */
export function parseCommand(typed: string): Command {
  const text = typed.trimEnd();
  if (text.trim() === '') return { type: 'nothing' };
  if (text.startsWith('//')) return { type: 'say', text: text.slice(1) };
  if (!text.startsWith('/')) return { type: 'say', text };
  const [, name = '', rest = ''] = text.match(/^\/(\S*)\s*(.*)$/s) ?? [];
  const command = COMMANDS.get(name.toLowerCase());
  return command === undefined ? unknownCommand(name) : command.parse(rest);
}

function unknownCommand(name: string): Command {
  const nearest = closest(name.toLowerCase(), [...COMMANDS.keys()]);
  const meant =
    distance(name.toLowerCase(), nearest) <= Math.max(2, name.length / 2)
      ? `: did you mean /${nearest}?`
      : '; /help lists what there is';
  return { type: 'mistake', problem: `there is no /${name}${meant}` };
}

function parseJoin(word: string): Command {
  if (word === '') return { type: 'mistake', problem: '/join takes the name of a room: /join general' };
  const room = Room.safeParse(word);
  return room.success ? { type: 'join', room: room.data } : mistake(room.error);
}

function parseHistory(word: string): Command {
  if (word === '') return { type: 'history', limit: HISTORY_DEFAULT };
  const limit = HistoryCount.safeParse(word);
  return limit.success ? { type: 'history', limit: limit.data } : mistake(limit.error);
}

function parseTransfer(word: string): Command {
  const to = PeerId.safeParse(word);
  return to.success
    ? { type: 'transfer', to: to.data }
    : { type: 'mistake', problem: '/transfer takes the id of a member: /transfer 2' };
}

const mistake = (error: z.ZodError): Command => ({
  type: 'mistake',
  problem: error.issues[0]?.message ?? 'this cannot be understood',
});
