/** Acts in plain words, for the log and the narrator: one sentence when an act begins, and one when it ends. */
import type { Act, MessageAct, MessageSelector } from '../contract.js';

type Phase = 'begin' | 'end';
type Of<Kind extends Act['kind']> = Kind extends MessageAct['kind']
  ? MessageAct & { readonly kind: Kind }
  : Extract<Act, { kind: Kind }>;
type Words<Kind extends Act['kind']> = (act: Of<Kind>) => string | readonly [begin: string, end: string];

const list = (ids: readonly string[]): string =>
  ids.length < 2 ? ids.join() : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;

const times = (count: number, thing: string): string => (count === 1 ? `one ${thing}` : `${count} ${thing}s`);

function which(selector: MessageSelector): string {
  if ('id' in selector) return `message ${selector.id}`;
  const { from, to, type, most } = selector;
  const what = type === undefined ? 'messages' : `${type} messages`;
  const path = `${from === undefined ? '' : ` from ${from}`}${to === undefined ? '' : ` to ${to}`}`;
  return most === undefined ? `all ${what}${path}` : `the next ${most} ${what}${path}`;
}

const isOne = (selector: MessageSelector): boolean => 'id' in selector;
const verb = (selector: MessageSelector, one: string, many: string): string =>
  `${which(selector)} ${isOne(selector) ? one : many}`;

const WORDS: { readonly [Kind in Act['kind']]: Words<Kind> } = {
  crash: ({ peer, isPowerCut }) => [
    isPowerCut ? `${peer} loses its power: nobody is told` : `the process of ${peer} is killed`,
    `${peer} is started again`,
  ],
  pause: ({ peer }) => [`${peer} is paused`, `${peer} goes on`],
  partition: ({ sides }) => [
    `the network splits: ${sides.map(list).join(' | ')}`,
    `the network is whole again: ${sides.map(list).join(' | ')}`,
  ],
  cut: ({ from, to }) => [`nothing from ${from} reaches ${to}`, `${to} can hear ${from} again`],
  reset: ({ from, to }) => `every channel between ${from} and ${to} breaks`,
  'slow-path': ({ from, to, byMs }) => [
    `the path from ${from} to ${to} takes ${byMs} ms longer`,
    `the path from ${from} to ${to} is as fast as before`,
  ],
  'slow-disk': ({ peer, byMs }) => [
    `the disk of ${peer} takes ${byMs} ms longer`,
    `the disk of ${peer} is as fast as before`,
  ],
  'disk-failure': ({ peer }) => [`the disk of ${peer} fails`, `the disk of ${peer} works again`],
  'full-disk': ({ peer }) => [`the disk of ${peer} is full`, `the disk of ${peer} has room again`],
  wipe: ({ peer }) => [`${peer} is killed, and its disk lost`, `${peer} is started with an empty disk`],
  damage: ({ peer }) => [
    `${peer} is killed, and part of its disk lost`,
    `${peer} is started with what is left of its disk`,
  ],
  'wall-clock': ({ peer, byMs }) => `the wall clock of ${peer} jumps by ${byMs} ms`,
  join: ({ peer }) => `${peer} joins`,
  transfer: ({ peer, to }) => `${peer} is asked to have the office handed over to ${to}`,
  drain: ({ peer }) => [`${peer} is told to end`, `${peer} is started again`],
  leave: ({ peer }) => `${peer} leaves`,
  load: ({ peer, count, text }) =>
    `${peer} submits ${text === undefined ? times(count, 'message') : `“${text}”`}`,
  read: ({ peer, count }) => `${peer} asks for ${times(count, 'reading')}`,
  broadcast: ({ peer, count }) => `${peer} broadcasts ${times(count, 'message')}`,
  client: ({ seeds, count }) => `a client of ${list(seeds)} submits ${times(count, 'message')}`,
  drop: (act) => [`${verb(act.which, 'is', 'are')} dropped`, `${which(act.which)} get through again`],
  hold: (act) => [`${verb(act.which, 'is', 'are')} held back`, `${which(act.which)} are held back no longer`],
  duplicate: (act) => [
    `${verb(act.which, 'arrives', 'arrive')} twice`,
    `${which(act.which)} arrive once again`,
  ],
  delay: (act) => [
    `${verb(act.which, 'takes', 'take')} ${Math.abs(act.byMs)} ms ${act.byMs < 0 ? 'less' : 'longer'}`,
    `${which(act.which)} take as long as before`,
  ],
  deliver: (act) => `${which(act.which)} arrives now`,
  timer: ({ peer, actor, toMs }) =>
    toMs === 0
      ? `a time-out of ${peer} (${actor}) is over now`
      : `a time-out of ${peer} (${actor}) is over in ${toMs} ms`,
};

/** What is done, as a sentence without its full stop; it begins small, unless with a name. */
export function wordsOf(act: Act, phase: Phase): string {
  const words = (WORDS[act.kind] as (act: Act) => ReturnType<Words<Act['kind']>>)(act);
  if (typeof words === 'string') return words;
  return words[phase === 'begin' ? 0 : 1];
}
