/** What a typed line asks for: one of the market's commands, or what is wrong with it. */
import { closest } from 'fastest-levenshtein';

export type Command =
  | { readonly type: 'status' | 'balance' | 'nodes' | 'help' | 'exit' }
  | { readonly type: 'history'; readonly limit: number }
  | { readonly type: 'sell' | 'buy'; readonly with: string; readonly amount: number }
  | { readonly type: 'answer'; readonly id: number; readonly isAccepted: boolean }
  /** It cannot be done; `problem` says what is wrong, and what to type instead. */
  | { readonly type: 'mistake'; readonly problem: string };

interface Usage {
  readonly usage: string;
  readonly does: string;
  readonly parse: (words: readonly string[]) => Command;
}

const mistake = (problem: string): Command => ({ type: 'mistake', problem });

const alone = (type: 'status' | 'balance' | 'nodes' | 'help' | 'exit', does: string): Usage => ({
  usage: type,
  does,
  parse: (words) => (words.length === 0 ? { type } : mistake(`${type} stands alone`)),
});

const trade = (type: 'sell' | 'buy', does: string): Usage => ({
  usage: `${type} N A`,
  does,
  parse: ([other, amount, ...rest]) => {
    if (other === undefined || amount === undefined || rest.length > 0)
      return mistake(`${type} takes a peer and an amount: ${type} 2 30`);
    // What is a number is refused, or not, by the log, with its reason.
    const credits = Number(amount);
    return Number.isFinite(credits) && amount.trim() !== ''
      ? { type, with: other, amount: credits }
      : mistake(`an amount is a whole number of credits from 1 up, not ${amount}`);
  },
});

const answer = (type: 'accept' | 'refuse', does: string): Usage => ({
  usage: `${type} ID`,
  does,
  parse: ([id, ...rest]) =>
    id !== undefined && /^\d{1,15}$/.test(id) && Number(id) > 0 && rest.length === 0
      ? { type: 'answer', id: Number(id), isAccepted: type === 'accept' }
      : mistake(`${type} takes the number of a trade: ${type} 17`),
});

const HISTORY_DEFAULT = 20;

function parseHistory([count = String(HISTORY_DEFAULT), ...rest]: readonly string[]): Command {
  const limit = Number(count);
  return /^\d{1,4}$/.test(count) && limit > 0 && rest.length === 0
    ? { type: 'history', limit }
    : mistake('history takes a number from 1 to 9999, or nothing: history 50');
}

const COMMANDS: ReadonlyMap<string, Usage> = new Map([
  ['status', alone('status', 'this peer, its view of the cluster, its vector clock')],
  ['balance', alone('balance', 'the credits of this peer')],
  ['sell', trade('sell', 'offers to sell A credits to peer N')],
  ['buy', trade('buy', 'offers to buy A credits from peer N')],
  ['accept', answer('accept', 'agrees to trade ID, which was offered to this peer')],
  ['refuse', answer('refuse', 'refuses it')],
  ['nodes', alone('nodes', 'every peer with its balance')],
  [
    'history',
    {
      usage: 'history [COUNT]',
      does: `the balance, and the trades of this peer: the last COUNT completed (${HISTORY_DEFAULT}), and all pending`,
      parse: parseHistory,
    },
  ],
  ['help', alone('help', 'this list')],
  ['exit', alone('exit', 'leaves the cluster and ends; so do quit, q and Ctrl-C')],
]);

const SAME: Readonly<Record<string, string>> = { quit: 'exit', q: 'exit', '?': 'help' };

export const HELP: readonly string[] = [...COMMANDS.values()].map(
  ({ usage, does }) => `${usage.padEnd(15)} ${does}`,
);

/** @param line - trimmed, not empty. */
export function parseCommand(line: string): Command {
  const [first = '', ...words] = line.split(/\s+/);
  const name = first.toLowerCase();
  const known = COMMANDS.get(Object.hasOwn(SAME, name) ? (SAME[name] ?? name) : name);
  if (known !== undefined) return known.parse(words);
  return mistake(`there is no ${first}: did you mean ${closest(name, [...COMMANDS.keys()])}? help lists all`);
}
