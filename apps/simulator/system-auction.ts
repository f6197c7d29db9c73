/**
 * The auctions under simulation: who offers, joins, bids and reveals what, honestly or not, and what must hold of it: nobody
 * can read a bid before its round takes no more, and whoever wins is whom a clerk finds in the log.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ReplicaChange } from '../../actors/anywhere.js';
import { bidderOf, envelopeOf, type Party, referenceOf } from '../auction/auction-rules.js';
import type { AuctionCommand } from '../auction/commands.js';
import { isOver, type Life, phaseOf } from '../auction/life.js';
import { Clerk } from '../auction/recount.js';
import { sealOf } from '../auction/seal.js';
import { type Auctions, auctionsBy, lifeOf, type Result } from '../auction/state.js';
import { type Statement, textOf } from '../auction/statement.js';
import { between, pick, type Random } from './random.js';
import type { Audit, SimulatedSystem, Situation } from './systems.js';

const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** Whoever bids at a peer. Keys and signatures are hashes here: as good as real ones among people who only lie as drawn. */
const partyAt = (peer: string): Party => ({ name: `p${peer}`, key: digest(`key of ${peer}`).slice(0, 43) });
const signed = (key: string, statement: Statement): string => {
  const hash = digest(`${key}\n${textOf(statement)}`);
  return `${hash}${hash}`.slice(0, 86);
};
const isSignedBy = (key: string, statement: Statement, signature: string): boolean =>
  signed(key, statement) === signature;

const AMOUNT_LEAST = 100_000_000_000;
const RUNNING_WANTED = 5;

/** What a bidder has in an envelope: a function of the round, so that whoever checks knows it too. Of twelve digits: none stands anywhere by chance. */
export function secretOf(auction: string, round: number, name: string) {
  const hash = digest(`secret ${auction} ${round} ${name}`);
  return {
    nonce: hash,
    amount: AMOUNT_LEAST + (Number.parseInt(hash.slice(0, 12), 16) % (9 * AMOUNT_LEAST)),
  };
}

export const simulatedAuction: SimulatedSystem<Auctions, AuctionCommand, Result> = {
  replica: auctionsBy(isSignedBy),
  commandOf,
  faultOf,
  stepFaultOf,
  effectsOf,
  audit,
};

function commandOf(random: Random, { peer, state }: Situation<Auctions>): AuctionCommand {
  const me = partyAt(peer);
  const drawn = random();
  if (drawn < 0.02) return { act: 'look', after: 0 };
  if (state.running.length === 0 || drawn < (state.running.length < RUNNING_WANTED ? 0.15 : 0.03))
    return offer(random, me);
  const mine = state.running.filter((life) => isMyTurn(life, me.name));
  const life = pick(random, drawn < 0.85 && mine.length > 0 ? mine : [...state.running, ...state.closed]);
  return life === undefined ? offer(random, me) : step(random, life, me);
}

const offer = (random: Random, auctioneer: Party): AuctionCommand => ({
  act: 'create',
  auctioneer,
  offer: {
    item: `lot ${between(random, 1, 1000)}`,
    // Some bids are below it, which shows only when they are opened.
    minBid: random() < 0.7 ? 1 : between(random, AMOUNT_LEAST, 5 * AMOUNT_LEAST),
    rounds: between(random, 1, 3),
    bidders: between(random, 1, 2),
    waits: {
      joinMs: between(random, 500, 20_000),
      confirmMs: between(random, 500, 20_000),
      bidMs: between(random, 200, 10_000),
      revealMs: between(random, 200, 10_000),
    },
  },
});

/** Whether this auction waits for something that `name` could do. */
function isMyTurn(life: Life, name: string): boolean {
  const { context } = life;
  const isAuctioneer = context.auctioneer.name === name;
  const isBidder = bidderOf(context, name) !== undefined;
  switch (phaseOf(life)) {
    case 'announced':
    case 'open':
      return !isAuctioneer && !isBidder;
    case 'confirming':
      return isAuctioneer;
    case 'bidding':
      return isBidder && envelopeOf(context, name) === undefined;
    case 'revealing':
      return envelopeOf(context, name)?.amount === null;
    default:
      return false;
  }
}

/** What fits the phase; now and then in a false name, with a false signature, or not what was sealed. */
function step(random: Random, life: Life, me: Party): AuctionCommand {
  const { context } = life;
  const { id: auction, round, auctioneer, bidders } = context;
  const reference = referenceOf(context);
  const isLie = random() < 0.08;
  const sign = (statement: Statement) => signed(isLie ? 'another key' : me.key, statement);
  switch (phaseOf(life)) {
    case 'bidding': {
      const name = isLie ? (pick(random, bidders)?.name ?? me.name) : me.name;
      const opening = { ...secretOf(reference, round, name), auction: reference, round, name };
      // A bidder that has lost its nonce can never reveal.
      const seal = random() < 0.06 ? digest(`${random()}`) : sealOf(opening);
      const statement = { act: 'commit', auction: reference, name, round, seal } as const;
      return { act: 'commit', auction, name, round, seal, signature: sign(statement) };
    }
    case 'revealing': {
      const { nonce, amount } = secretOf(reference, round, me.name);
      return { act: 'reveal', auction, name: me.name, round, nonce, amount: isLie ? amount + 1 : amount };
    }
    case 'confirming':
      if (auctioneer.name === me.name || isLie)
        return { act: 'start', auction, signature: sign({ act: 'start', auction: reference }) };
      return join(auction, me, sign({ act: 'join', auction: reference, name: me.name }));
    default:
      return join(auction, me, sign({ act: 'join', auction: reference, name: me.name }));
  }
}

const join = (auction: string, bidder: Party, signature: string): AuctionCommand => ({
  act: 'join',
  auction,
  bidder,
  signature,
});

function faultOf({ running, closed }: Auctions): string | null {
  for (const life of running) {
    const { context } = life;
    if (isOver(life)) return `auction ${context.id} runs, and is over`;
    if (phaseOf(life) !== 'bidding') continue;
    const text = JSON.stringify(life);
    const read = context.envelopes.find(({ name, amount }) => {
      const secret = secretOf(referenceOf(context), context.round, name);
      return amount !== null || text.includes(secret.nonce) || text.includes(String(secret.amount));
    });
    if (read !== undefined)
      return `the bid of ${read.name} can be read while round ${context.round} of auction ${context.id} takes bids`;
  }
  const early = closed.find((life) => !isOver(life));
  return early === undefined ? null : `auction ${early.context.id} is put aside, and is not over`;
}

/** What is over stays what it was. */
function stepFaultOf({ before, state, cause }: ReplicaChange<Auctions, Result>): string | null {
  if (cause === 'snapshot') return null;
  const changed = before.closed.find((life) => {
    const now = lifeOf(state, life.context.id);
    return now !== undefined && now !== life;
  });
  return changed === undefined ? null : `auction ${changed.context.id} was over, and has changed`;
}

function effectsOf({ before, state, cause }: ReplicaChange<Auctions, Result>): readonly string[] {
  if (cause === 'snapshot') return [];
  return [...state.running, ...state.closed].flatMap((life) => {
    const past = lifeOf(before, life.context.id);
    return past === life ? [] : newsOf(past, life);
  });
}

function newsOf(past: Life | undefined, life: Life): readonly string[] {
  const { id, bidders, envelopes, round } = life.context;
  const joined = bidders.filter(
    ({ name }) => past === undefined || bidderOf(past.context, name) === undefined,
  );
  const sealed = envelopes.filter(
    ({ name }) => past?.context.round === round && envelopeOf(past.context, name) === undefined,
  );
  return [
    ...(past === undefined ? [`auction ${id} is announced`] : []),
    ...joined.map(({ name }) => `${name} joins auction ${id}`),
    ...sealed.map(({ name }) => `${name} bids in round ${round} of auction ${id}`),
    ...(past !== undefined && round > past.context.round ? [`round ${round} of auction ${id} begins`] : []),
    ...(isOver(life) ? [`auction ${id} is over`] : []),
  ];
}

/** A clerk counts beside them; how an auction ends is compared when it does. */
function audit(): Audit<Auctions, Result> {
  const clerk = new Clerk(isSignedBy);
  return {
    enter: (entry) => clerk.enter(entry),
    faultOf: ({ before, state }) => {
      const ended = state.closed.filter(({ context }) => {
        const past = lifeOf(before, context.id);
        return past === undefined || !isOver(past);
      });
      for (const life of ended) {
        const { id, winner } = life.context;
        const result = clerk.resultOf(id);
        const [ours, theirs] = [
          { end: phaseOf(life), winner },
          { end: result?.end, winner: result?.winner },
        ].map((end) => JSON.stringify(end));
        if (ours !== theirs) return `auction ${id} ends with ${theirs}, not with ${ours}`;
      }
      return null;
    },
  };
}
