/** What is typed, read: one line, one command, or one sentence that says what is wrong with it. */
import { closest, distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import { Amount, AuctionId, Offer } from './commands.js';

/** What only looks. */
export type Looking = { readonly act: 'list' } | { readonly act: 'show'; readonly auction: string };

/** What is asked of the cluster. */
export type Asking =
  | { readonly act: 'create'; readonly offer: z.input<typeof Offer> }
  | { readonly act: 'join' | 'start'; readonly auction: string }
  | { readonly act: 'bid'; readonly auction: string; readonly amount: number };

export type Typed =
  | Looking
  | Asking
  | { readonly act: 'status' | 'help' | 'quit' }
  | { readonly act: 'mistaken'; readonly reason: string };

const USAGE: Readonly<Record<string, string>> = {
  create: 'create ITEM MINBID [ROUNDS] [BIDDERS]',
  list: 'list',
  show: 'show ID',
  join: 'join ID',
  start: 'start ID',
  bid: 'bid ID AMOUNT',
  status: 'status',
  help: 'help',
  quit: 'quit',
};

export const HELP: readonly string[] = [
  'create ITEM MINBID [ROUNDS] [BIDDERS]   offers an item: "a red bike" 100 3 2; without, 1 round and 1 bidder',
  'list                                    every auction, with where it stands',
  'show ID                                 one of them: its bidders, and their bids of the rounds that are over',
  'join ID                                 takes part as a bidder',
  'start ID                                begins your own auction, once enough have joined',
  'bid ID AMOUNT                           seals a bid for this round; it is revealed by itself afterwards',
  'status                                  who you are, whom you talk with, who coordinates',
  'help, quit',
];

export const SERVER_HELP: readonly string[] = [
  'list      every auction, with where it stands',
  'show ID   one of them: its bidders, and their bids of the rounds that are over',
  'status    this server, and the cluster as it sees it',
  'help, quit',
];

const mistaken = (reason: string): Typed => ({ act: 'mistaken', reason });

export function readTyped(line: string): Typed {
  const words = wordsIn(line);
  if (words === null) return mistaken('a quotation mark is not closed');
  const [typed = '', ...rest] = words;
  const act = typed.toLowerCase();
  switch (act) {
    case 'list':
    case 'status':
    case 'help':
      return rest.length === 0 ? { act } : usage(act);
    case 'quit':
    case 'q':
    case 'exit':
    case 'leave':
      return rest.length === 0 ? { act: 'quit' } : usage('quit');
    case 'show':
    case 'join':
    case 'start':
      return rest.length === 1 ? ofAuction(rest[0] ?? '', (auction) => ({ act, auction })) : usage(act);
    case 'bid':
      return rest.length === 2 ? bid(rest[0] ?? '', rest[1] ?? '') : usage(act);
    case 'create':
      return create(rest);
    default:
      return mistaken(`there is no command ${typed}${nearest(act)} help lists all`);
  }
}

function nearest(act: string): string {
  const near = closest(act, Object.keys(USAGE));
  return distance(act, near) <= 2 ? `: did you mean ${near}?` : ';';
}

const usage = (act: string): Typed => mistaken(`it is: ${USAGE[act]}`);

/** Parts between spaces; what stands in quotation marks is one part. Null when one is left open. */
function wordsIn(line: string): readonly string[] | null {
  const found = [...line.matchAll(/"([^"]*)"|'([^']*)'(?=\s|$)|([^\s"]+)|(")/g)];
  if (found.some(([, , , , open]) => open !== undefined)) return null;
  return found.map(([, double, single, bare]) => double ?? single ?? bare ?? '');
}

/** Digits alone are a number; anything else stays what it is, for the schema to refuse. */
const numberIn = (text: string): unknown => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

const reasonOf = ({ issues }: z.ZodError): string => issues[0]?.message ?? 'that cannot be';

function ofAuction(text: string, typed: (auction: string) => Typed): Typed {
  const id = AuctionId.safeParse(text);
  return id.success ? typed(id.data) : mistaken(`${text} is no auction: ${reasonOf(id.error)}, see list`);
}

function bid(text: string, credits: string): Typed {
  const amount = Amount.safeParse(numberIn(credits));
  if (!amount.success) return mistaken(reasonOf(amount.error));
  return ofAuction(text, (auction) => ({ act: 'bid', auction, amount: amount.data }));
}

function create(rest: readonly string[]): Typed {
  if (rest.length < 2 || rest.length > 4)
    return mistaken(`it is: ${USAGE.create}; an item of several words stands in quotation marks`);
  const [item, minBid = '', rounds, bidders] = rest;
  if (typeof numberIn(minBid) !== 'number')
    return mistaken(`${minBid} is no minimum bid; an item of several words stands in quotation marks`);
  const written = {
    item,
    minBid: numberIn(minBid),
    ...(rounds === undefined ? {} : { rounds: numberIn(rounds) }),
    ...(bidders === undefined ? {} : { bidders: numberIn(bidders) }),
  };
  const offer = Offer.safeParse(written);
  return offer.success
    ? { act: 'create', offer: written as z.input<typeof Offer> }
    : mistaken(reasonOf(offer.error));
}
