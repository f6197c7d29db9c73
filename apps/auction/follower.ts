/**
 * A thin client's own copy of the auctions: asked for once, page by page, and from then on followed, delivery by delivery,
 * through the same pure functions as the servers run. So a client knows at once what they know, wherever it is attached.
 */
import { type Client, ClusterError } from '../../actors/index.js';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { AuctionCommand } from './commands.js';
import { auctionsOf, endOf, type Page } from './page.js';
import { applied, auctions } from './replica.js';
import { type Auctions, expired, NO_AUCTIONS } from './state.js';

export interface Change {
  readonly before: Auctions;
  readonly state: Auctions;
  /** What it is the state of: all deliveries up to here. */
  readonly sequence: number;
  /** It was asked for, at the beginning or because what follows had gone: there may be much between the two. */
  readonly isLook: boolean;
}

export interface Follower {
  state(): Auctions;
  /** Resolves once it has seen the log up to there. */
  reaches(sequence: number): Promise<void>;
  close(): void;
}

const TOPIC = `replica:${auctions.name}`;

type Delivered = Parameters<typeof stepOf>[1];

/** The state after one delivery. */
export function stepOf(
  state: Auctions,
  delivery: {
    readonly topic: string;
    readonly payload: unknown;
    readonly sequence: number;
    readonly at: number;
  },
): Auctions {
  const { topic, payload } = delivery;
  if (topic !== TOPIC) return state;
  const timer = timerIn(payload);
  if (timer !== null) return expired(state, timer, delivery).state;
  const command = AuctionCommand.safeParse(payload);
  return command.success ? applied(state, command.data, delivery).state : state;
}

/** What a coordinator says of a deadline that has passed. */
function timerIn(payload: unknown): { readonly name: string; readonly at: number } | null {
  const { $timer } = (payload ?? {}) as {
    readonly $timer?: { readonly name: unknown; readonly at: unknown };
  };
  if (typeof $timer?.name !== 'string' || typeof $timer.at !== 'number') return null;
  return { name: $timer.name, at: $timer.at };
}

/**
 * Follows the auctions until it is closed.
 *
 * @param hear - called within each step, in order. It must not throw.
 * @param fail - called once, when it cannot be followed any more.
 */
export function followAuctions(
  client: Client,
  hear: (change: Change) => void,
  fail: (problem: unknown) => void,
): Follower {
  const ending = new AbortController();
  let state = NO_AUCTIONS;
  let seen = 0;
  const waiting = new Set<{ readonly sequence: number; readonly resolve: () => void }>();
  const move = (next: Auctions, sequence: number, isLook: boolean) => {
    const before = state;
    state = next;
    seen = sequence;
    if (before !== next || isLook) hear({ before, state, sequence, isLook });
    for (const one of waiting)
      if (one.sequence <= seen) {
        waiting.delete(one);
        one.resolve();
      }
  };
  const follow = async () => {
    while (!ending.signal.aborted) {
      const looked = await look(client);
      move(looked.state, looked.sequence, true);
      await listen(client, looked.sequence, ending.signal, (delivery) =>
        move(stepOf(state, delivery), delivery.sequence, false),
      );
    }
  };
  follow().catch((problem: unknown) => {
    if (!ending.signal.aborted) fail(problem);
  });
  return {
    state: () => state,
    reaches: (sequence) =>
      sequence <= seen ? Promise.resolve() : new Promise((resolve) => waiting.add({ sequence, resolve })),
    close: () => ending.abort(),
  };
}

/** Resolves when it is time to look again, or to end. */
async function listen(
  client: Client,
  after: number,
  signal: AbortSignal,
  hear: (delivery: Delivered) => void,
): Promise<void> {
  try {
    for await (const delivery of client.deliveries({ after, signal })) hear(delivery);
  } catch (problem) {
    // It was away for long: what came next is not kept any more.
    if (!(problem instanceof ClusterError && problem.code === 'history-gone')) throw problem;
  }
}

const TRIES = 5;

/** All auctions, as of that place in the log. */
async function look(client: Client): Promise<{ readonly state: Auctions; readonly sequence: number }> {
  const pages: Page[] = [];
  let first = 0;
  for (;;) {
    const last = pages.at(-1);
    const { page, sequence } = await askFor(client, last === undefined ? 0 : endOf(last));
    if (last === undefined) first = sequence;
    pages.push(page);
    if (!page.more) return { state: auctionsOf(pages), sequence: first };
  }
}

/** Looking changes nothing, so it can be asked again when it is not known what became of it. */
async function askFor(client: Client, after: number): Promise<{ page: Page; sequence: number }> {
  for (let tries = 1; ; tries++) {
    try {
      const { result, sequence } = await client.replica(auctions).execute({ act: 'look', after });
      if ('lives' in result) return { page: result, sequence };
    } catch (problem) {
      const code = problem instanceof ClusterError ? problem.code : '';
      if (tries < TRIES && ['no-result', 'outcome-unknown', 'overloaded'].includes(code)) continue;
      throw code === 'no-result' ? noAuctions(client) : problem;
    }
  }
}

const noAuctions = (client: Client): ProgramFailure =>
  new ProgramFailure(
    EXIT.configuration,
    `peer ${client.status().peer ?? ''} runs no auctions: its cluster must be of "bullpen auction server"`,
  );
