/**
 * Recounting: who should have won, worked out once more from nothing but the log.
 *
 * It shares neither the chart nor the rules with what the servers run, and is written the other way round, as a clerk
 * would: page after page, with a pencil. The demo and the tests compare.
 */
import { AuctionCommand } from './commands.js';
import { sealOf } from './seal.js';

/** One page of the log, as `GET /v1/messages` or `peer.history()` give it. */
export interface LogPage {
  readonly sequence: number;
  readonly topic: string;
  readonly payload: unknown;
  readonly at: number;
}

export interface Recount {
  readonly item: string;
  readonly end: 'running' | 'closed' | 'cancelled';
  readonly winner: { readonly name: string; readonly total: number } | null;
}

interface Sheet {
  readonly terms: Extract<AuctionCommand, { act: 'create' }>['offer'];
  readonly createdAt: number;
  readonly totals: Map<string, { total: number; last: number }>;
  stage: 'joining' | 'confirming' | 'bidding' | 'revealing' | 'closed' | 'cancelled';
  round: number;
  alarm: number;
  bids: Map<string, { seal: string; sequence: number; amount: number | null }>;
}

type Command<Act> = Extract<AuctionCommand, { readonly act: Act }>;

/** By the number of the auction. */
export function recount(log: readonly LogPage[]): ReadonlyMap<string, Recount> {
  const sheets = new Map<string, Sheet>();
  for (const { topic, payload, at, sequence } of log) {
    if (topic !== 'replica:auction') continue;
    const alarm = (payload as { $timer?: { name: string; at: number } }).$timer;
    if (alarm !== undefined) ring(sheets.get(alarm.name), alarm.at, at);
    const command = AuctionCommand.safeParse(payload);
    if (command.success) note(sheets, command.data, sequence, at);
  }
  return new Map([...sheets].map(([id, sheet]) => [id, resultOf(sheet)]));
}

function note(sheets: Map<string, Sheet>, command: AuctionCommand, sequence: number, at: number): void {
  if (command.act === 'look') return;
  if (command.act === 'create') {
    const id = String(sheets.size + 1);
    const blank = { totals: new Map(), bids: new Map(), stage: 'joining' as const, round: 0 };
    const { offer } = command;
    sheets.set(id, { ...blank, terms: offer, createdAt: at, alarm: at + offer.waits.joinMs });
    return;
  }
  const sheet = sheets.get(command.auction);
  if (sheet === undefined) return;
  if (command.act === 'join') join(sheet, command, at);
  else if (command.act === 'start' && sheet.stage === 'confirming') nextRound(sheet, at);
  else if (command.act === 'commit') commit(sheet, command, sequence, at);
  else if (command.act === 'reveal') reveal(sheet, command, at);
}

function join(sheet: Sheet, { bidder }: Command<'join'>, at: number): void {
  if (sheet.stage !== 'joining' && sheet.stage !== 'confirming') return;
  const isFirst = sheet.totals.size === 0;
  sheet.totals.set(bidder.name, { total: 0, last: 0 });
  if (sheet.stage === 'confirming') return;
  if (sheet.totals.size >= sheet.terms.bidders) {
    sheet.stage = 'confirming';
    sheet.alarm = at + sheet.terms.waits.confirmMs;
  } else if (isFirst) sheet.alarm = at + sheet.terms.waits.joinMs;
}

function commit(sheet: Sheet, { name, round, seal }: Command<'commit'>, sequence: number, at: number): void {
  if (sheet.stage !== 'bidding' || round !== sheet.round) return;
  if (!sheet.totals.has(name) || sheet.bids.has(name)) return;
  sheet.bids.set(name, { seal, sequence, amount: null });
  if (sheet.bids.size === sheet.totals.size) beginReveal(sheet, at);
}

function reveal(sheet: Sheet, { auction, ...bid }: Command<'reveal'>, at: number): void {
  const sealed = sheet.bids.get(bid.name);
  if (sheet.stage !== 'revealing' || bid.round !== sheet.round || sealed === undefined) return;
  if (sealOf({ ...bid, auction: `${auction}@${sheet.createdAt}` }) !== sealed.seal) return;
  sealed.amount = bid.amount;
  if ([...sheet.bids.values()].every(({ amount }) => amount !== null)) endRound(sheet, at);
}

/** The time of `alarm` has come, if that is still what was waited for. */
function ring(sheet: Sheet | undefined, alarm: number, at: number): void {
  if (sheet === undefined || sheet.alarm !== alarm || at < alarm) return;
  if (sheet.stage === 'joining' || sheet.stage === 'confirming') sheet.stage = 'cancelled';
  else if (sheet.stage === 'bidding') beginReveal(sheet, at);
  else if (sheet.stage === 'revealing') endRound(sheet, at);
}

function nextRound(sheet: Sheet, at: number): void {
  sheet.round += 1;
  sheet.bids = new Map();
  sheet.stage = 'bidding';
  sheet.alarm = at + sheet.terms.waits.bidMs;
}

function beginReveal(sheet: Sheet, at: number): void {
  sheet.stage = 'revealing';
  sheet.alarm = at + sheet.terms.waits.revealMs;
  if (sheet.bids.size === 0) endRound(sheet, at);
}

function endRound(sheet: Sheet, at: number): void {
  for (const [name, { amount, sequence }] of sheet.bids) {
    const line = sheet.totals.get(name);
    if (line === undefined || amount === null || amount < sheet.terms.minBid) continue;
    line.total += amount;
    line.last = sequence;
  }
  if (sheet.round < sheet.terms.rounds) nextRound(sheet, at);
  else sheet.stage = 'closed';
}

function resultOf({ terms: { item }, stage, totals }: Sheet): Recount {
  const isOver = stage === 'closed' || stage === 'cancelled';
  let best: { name: string; total: number; last: number } | null = null;
  for (const [name, { total, last }] of totals)
    if (total > 0 && (best === null || total > best.total || (total === best.total && last < best.last)))
      best = { name, total, last };
  const winner = stage === 'closed' && best !== null ? { name: best.name, total: best.total } : null;
  return { item, end: isOver ? stage : 'running', winner };
}
