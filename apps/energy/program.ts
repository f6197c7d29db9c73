/** `bullpen energy`: a trading desk and its user in one process. */

import {
  type ConsoleProgram,
  type ConsoleSettings,
  runConsole,
  type Say,
  type Streams,
  sayRefusal,
  tellStanding,
} from '../node/console.js';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { lagOf } from '../node/lag.js';
import { until } from '../node/until.js';
import { type Command, HELP, parseCommand } from './commands.js';
import type { News, TradingDesk } from './desk.js';
import { accountOf, OFFER_MS, type Outcome, type RefusalCode, sumOf, type Trade } from './terms.js';
import { isOf, nodesOf, stateWords, statusLines, tradeFacts, tradeWords } from './words.js';

/** How long a command may wait for the log: longer than an election takes. */
const LOGGED_WITHIN_MS = 20_000;

/** What nobody can make good by trying again. */
const MISTAKES: readonly RefusalCode[] = [
  'bad-amount',
  'own-id',
  'unknown-peer',
  'unknown-trade',
  'not-yours',
];

/**
 * Trades until the user leaves, a signal comes, a pipe ends, or the peer stops.
 *
 * @returns the exit code.
 * @throws ClusterError when the peer could not go on.
 */
export const runEnergy = (
  desk: TradingDesk,
  settings: Omit<ConsoleSettings, 'prompt'>,
  streams: Streams,
): Promise<ExitCode> =>
  runConsole(
    desk.peer,
    { ...settings, prompt: `energy ${desk.peer.id}> ` },
    (say) => openProgram(desk, say),
    streams,
  );

function openProgram(desk: TradingDesk, say: Say): ConsoleProgram {
  const endings = [tellStanding(desk.peer, say), desk.watch((news) => tell(desk, say, news))];
  for (const trade of own(desk).pending) if (mustAnswer(desk, trade)) ask(say, trade);
  return {
    obey: async (line) => {
      try {
        return await obey(desk, say, parseCommand(line));
      } catch (problem) {
        return sayRefusal(say, problem);
      }
    },
    // What was offered is answered or expires, whoever is there.
    settle: async () => {
      const isOver = () => own(desk).pending.every(({ by }) => by !== desk.peer.id);
      await until('the own offers to be answered', OFFER_MS.default + LOGGED_WITHIN_MS, isOver).catch(
        () => {},
      );
    },
    close: () => {
      for (const end of endings) end();
      desk.close();
    },
  };
}

async function obey(desk: TradingDesk, say: Say, command: Command): Promise<'leave' | ExitCode | undefined> {
  switch (command.type) {
    case 'exit':
      return 'leave';
    case 'mistake':
      return sayRefusal(say, new ProgramFailure(EXIT.usage, command.problem));
    case 'help':
      say('help', { commands: HELP }, HELP);
      return undefined;
    case 'sell':
    case 'buy': {
      const { type: kind, with: other, amount } = command;
      return judged(say, await desk.offer({ kind, with: other, amount }, { timeoutMs: LOGGED_WITHIN_MS }));
    }
    case 'answer':
      return judged(say, await desk.answer(command.id, command.isAccepted, { timeoutMs: LOGGED_WITHIN_MS }));
    case 'balance':
      sayBalance(desk, say);
      return undefined;
    case 'status':
      sayStatus(desk, say);
      return undefined;
    case 'nodes':
      sayNodes(desk, say);
      return undefined;
    case 'history':
      sayHistory(desk, say, command.limit);
      return undefined;
    default:
      return command satisfies never;
  }
}

/** What was done is told by the log itself. */
function judged(say: Say, outcome: Outcome): ExitCode | undefined {
  if (outcome.ok) return undefined;
  const { code, reason } = outcome;
  say('refused', { code, reason }, `refused: ${reason}`);
  return MISTAKES.includes(code) ? EXIT.usage : EXIT.unavailable;
}

function tell(desk: TradingDesk, say: Say, news: News): void {
  const { id } = desk.peer;
  switch (news.type) {
    case 'account': {
      const { id: whose, standing, balance } = news.account;
      const words =
        standing === 'open'
          ? `${whose} trades here, with ${balance} credits`
          : `${whose} has left the market`;
      say('account', { id: whose, standing, balance }, words);
      break;
    }
    case 'response': {
      const { trade, isAccepted } = news;
      const answer = isAccepted ? 'accepts' : 'refuses';
      say('response', { id: trade.id, by: trade.with, answer }, `${trade.with} ${answer} trade ${trade.id}`);
      break;
    }
    case 'trade':
      if (!isOf(news.trade, id)) break;
      sayTrade(desk, say, news.trade);
      if (mustAnswer(desk, news.trade)) ask(say, news.trade);
      break;
    default:
      news satisfies never;
  }
}

function sayTrade(desk: TradingDesk, say: Say, trade: Trade): void {
  const balance = balanceOf(desk);
  const now = trade.state === 'settled' ? `; balance ${balance}` : '';
  say('trade', { ...tradeFacts(trade), balance }, `${tradeWords(trade)}: ${stateWords(trade)}${now}`);
}

const mustAnswer = (desk: TradingDesk, { with: other, state }: Trade): boolean =>
  desk.policy === 'ask' && other === desk.peer.id && state === 'pending';

function ask(say: Say, { id, by }: Trade): void {
  say('asked', { id, by }, `${by} waits for an answer: accept ${id}, or refuse ${id}`);
}

const balanceOf = (desk: TradingDesk): number | null =>
  accountOf(desk.state(), desk.peer.id)?.balance ?? null;

function own(desk: TradingDesk): {
  readonly pending: readonly Trade[];
  readonly concluded: readonly Trade[];
} {
  const { pending, concluded } = desk.state();
  const isOwn = (trade: Trade) => isOf(trade, desk.peer.id);
  return { pending: pending.filter(isOwn), concluded: concluded.filter(isOwn) };
}

function sayBalance(desk: TradingDesk, say: Say): void {
  const balance = balanceOf(desk);
  const words = balance === null ? 'no account yet' : `balance ${balance}`;
  say('balance', { id: desk.peer.id, balance }, words);
}

function sayStatus(desk: TradingDesk, say: Say): void {
  const { peer } = desk;
  const [status, lag, causal] = [peer.status(), lagOf(peer), peer.causal.status()];
  const { id, address, role, term, coordinator, view, mode, commit, applied } = status;
  const facts = {
    ...{ id, address, role, term: term.n, coordinator, view: view.number },
    members: view.members.map((member) => member.id),
    suspected: view.members.filter(({ state }) => state === 'suspected').map((member) => member.id),
    ...{ mode, commit, applied, lag },
    clock: causal.clock.map(({ peer: of, count }) => `${of}=${count}`),
    heldBack: causal.heldBack.length,
    balance: balanceOf(desk),
  };
  say('status', facts, statusLines(status, lag, causal));
}

function sayNodes(desk: TradingDesk, say: Say): void {
  const state = desk.state();
  for (const { id, balance, marks } of nodesOf(state, desk.peer.status()))
    say('node', { id, balance, marks }, `${id}  ${balance ?? '-'}  ${marks.join(', ')}`);
  const sum = sumOf(state);
  const count = state.accounts.length;
  say('sum', { sum, accounts: count }, `sum ${sum} = ${count} accounts of 100`);
}

function sayHistory(desk: TradingDesk, say: Say, limit: number): void {
  const { pending, concluded } = own(desk);
  const shown = concluded.slice(-limit);
  const more = concluded.length - shown.length;
  sayBalance(desk, say);
  say(
    'completed',
    { shown: shown.length, earlier: more },
    `completed trades: ${concluded.length}${more > 0 ? `, the last ${shown.length} of them` : ''}`,
  );
  for (const trade of shown) sayPast(say, trade);
  say('pending', { count: pending.length }, `pending trades: ${pending.length}`);
  for (const trade of pending) sayPast(say, trade);
}

const sayPast = (say: Say, trade: Trade): void =>
  say('history', tradeFacts(trade), `  ${tradeWords(trade)}: ${stateWords(trade)}`);
