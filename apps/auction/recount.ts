/**
 * Recounting: who should have won, worked out once more from nothing but the log.
 *
 * It shares neither the chart nor the rules with what the servers run, and is written the other way round, as a clerk
 * would: page after page, with a pencil. The demo and the tests compare.
 */

import type { Party } from './auction-rules.js';
import { AuctionCommand } from './commands.js';
import { sealOf } from './seal.js';
import type { SignatureCheck } from './statement.js';

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
  readonly auctioneer: Party;
  readonly reference: string;
  readonly totals: Map<string, { readonly key: string; total: number; last: number }>;
  stage: 'joining' | 'confirming' | 'bidding' | 'revealing' | 'closed' | 'cancelled';
  round: number;
  alarm: number;
  bids: Map<string, { seal: string; sequence: number; amount: number | null }>;
}

type Command<Act> = Extract<AuctionCommand, { readonly act: Act }>;

const RUNNING_MAX = 100;
const BIDDERS_MAX = 32;

/** Counts page by page, as they come. */
export class Clerk {
  readonly #sheets = new Map<string, Sheet>();
  readonly #isSignedBy: SignatureCheck;

  /** @param isSignedBy - who tells signatures; without it everything is taken as signed, as it is in an honest log. */
  constructor(isSignedBy: SignatureCheck = () => true) {
    this.#isSignedBy = isSignedBy;
  }

  enter({ topic, payload, at, sequence }: LogPage): void {
    if (topic !== 'replica:auction') return;
    const alarm = (payload as { $timer?: { name: string; at: number } }).$timer;
    if (alarm !== undefined) ring(this.#sheets.get(alarm.name), alarm.at, at);
    const command = AuctionCommand.safeParse(payload);
    if (command.success) this.#note(command.data, sequence, at);
  }

  /** By the number of the auction. */
  results(): ReadonlyMap<string, Recount> {
    return new Map([...this.#sheets].map(([id, sheet]) => [id, resultOf(sheet)]));
  }

  resultOf(id: string): Recount | undefined {
    const sheet = this.#sheets.get(id);
    return sheet && resultOf(sheet);
  }

  #note(command: AuctionCommand, sequence: number, at: number): void {
    if (command.act === 'look') return;
    if (command.act === 'create') {
      this.#open(command, at);
      return;
    }
    const sheet = this.#sheets.get(command.auction);
    if (sheet === undefined) return;
    if (command.act === 'join') this.#join(sheet, command, at);
    else if (command.act === 'start') this.#start(sheet, command, at);
    else if (command.act === 'commit') this.#commit(sheet, command, sequence, at);
    else reveal(sheet, command, at);
  }

  #open({ offer, auctioneer }: Command<'create'>, at: number): void {
    const running = [...this.#sheets.values()].filter(({ stage }) => !ENDS.includes(stage));
    if (running.length >= RUNNING_MAX) return;
    const id = String(this.#sheets.size + 1);
    const blank = { totals: new Map(), bids: new Map(), stage: 'joining' as const, round: 0 };
    const alarm = at + offer.waits.joinMs;
    this.#sheets.set(id, { ...blank, terms: offer, auctioneer, reference: `${id}@${at}`, alarm });
  }

  #join(sheet: Sheet, { bidder: { name, key }, signature }: Command<'join'>, at: number): void {
    if (sheet.stage !== 'joining' && sheet.stage !== 'confirming') return;
    const { auctioneer, totals, reference: auction } = sheet;
    const isTaken = name === auctioneer.name || key === auctioneer.key || totals.has(name);
    if (isTaken || [...totals.values()].some((one) => one.key === key) || totals.size >= BIDDERS_MAX) return;
    if (!this.#isSignedBy(key, { act: 'join', auction, name }, signature)) return;
    const isFirst = totals.size === 0;
    totals.set(name, { key, total: 0, last: 0 });
    if (sheet.stage === 'confirming') return;
    if (totals.size >= sheet.terms.bidders) {
      sheet.stage = 'confirming';
      sheet.alarm = at + sheet.terms.waits.confirmMs;
    } else if (isFirst) sheet.alarm = at + sheet.terms.waits.joinMs;
  }

  #start(sheet: Sheet, { signature }: Command<'start'>, at: number): void {
    const statement = { act: 'start', auction: sheet.reference } as const;
    if (sheet.stage === 'confirming' && this.#isSignedBy(sheet.auctioneer.key, statement, signature))
      nextRound(sheet, at);
  }

  #commit(sheet: Sheet, { name, round, seal, signature }: Command<'commit'>, sequence: number, at: number) {
    if (sheet.stage !== 'bidding' || round !== sheet.round) return;
    const line = sheet.totals.get(name);
    if (line === undefined || sheet.bids.has(name)) return;
    const statement = { act: 'commit', auction: sheet.reference, name, round, seal } as const;
    if (!this.#isSignedBy(line.key, statement, signature)) return;
    sheet.bids.set(name, { seal, sequence, amount: null });
    if (sheet.bids.size === sheet.totals.size) beginReveal(sheet, at);
  }
}

const ENDS: readonly Sheet['stage'][] = ['closed', 'cancelled'];

/** By the number of the auction. */
export function recount(log: readonly LogPage[]): ReadonlyMap<string, Recount> {
  const clerk = new Clerk();
  for (const page of log) clerk.enter(page);
  return clerk.results();
}

function reveal(sheet: Sheet, { auction: _, ...bid }: Command<'reveal'>, at: number): void {
  const sealed = sheet.bids.get(bid.name);
  if (sheet.stage !== 'revealing' || bid.round !== sheet.round || sealed === undefined) return;
  if (sealOf({ ...bid, auction: sheet.reference }) !== sealed.seal) return;
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
  const isOver = ENDS.includes(stage);
  let best: { name: string; total: number; last: number } | null = null;
  for (const [name, { total, last }] of totals)
    if (total > 0 && (best === null || total > best.total || (total === best.total && last < best.last)))
      best = { name, total, last };
  const winner = stage === 'closed' && best !== null ? { name: best.name, total: best.total } : null;
  return { item, end: isOver ? (stage as 'closed' | 'cancelled') : 'running', winner };
}
