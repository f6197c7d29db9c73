/** Why a command is refused, in words: first what the auction's chart would take now, then who may. */
import type { AuctionEvent } from './auction-machine.js';
import {
  type Auction,
  bidderOf,
  commitRefusal,
  envelopeOf,
  joinRefusal,
  type Refusal,
  referenceOf,
  revealRefusal,
} from './auction-rules.js';
import type { AuctionAct } from './commands.js';
import { type Life, type Phase, phaseOf, takes } from './life.js';
import type { SignatureCheck } from './statement.js';

/** @returns null when the chart takes the event; `again` when it has taken this very one before: that counts once. */
export function refusalOf(life: Life, event: AuctionEvent): Refusal | 'again' | null {
  if (isRepeated(life.context, event)) return 'again';
  if (takes(life, event)) return null;
  return wrongPhase(life, event) ?? ruleOf(life.context, event) ?? { code: 'refused', reason: 'not now' };
}

function isRepeated(auction: Auction, event: AuctionEvent): boolean {
  if (event.type !== 'bid.commit' && event.type !== 'bid.reveal') return false;
  const envelope = envelopeOf(auction, event.name);
  if (envelope === undefined || event.round !== auction.round) return false;
  if (event.type === 'bid.commit') return envelope.seal === event.seal;
  return envelope.amount === event.amount && revealRefusal(auction, event)?.code === 'already-revealed';
}

function ruleOf(auction: Auction, event: AuctionEvent): Refusal | null {
  switch (event.type) {
    case 'bidder.join':
      return joinRefusal(auction, event);
    case 'bid.commit':
      return commitRefusal(auction, event);
    case 'bid.reveal':
      return revealRefusal(auction, event);
    case 'auctioneer.start':
      return null;
    default:
      return event satisfies never;
  }
}

const PHASES: Readonly<Record<AuctionEvent['type'], readonly Phase[]>> = {
  'bidder.join': ['announced', 'open', 'confirming'],
  'auctioneer.start': ['confirming'],
  'bid.commit': ['bidding'],
  'bid.reveal': ['revealing'],
};

function wrongPhase(life: Life, { type }: AuctionEvent): Refusal | null {
  const phase = phaseOf(life);
  if (PHASES[type].includes(phase)) return null;
  const { id, round, bidders, biddersMin } = life.context;
  const wrong = (why: string): Refusal => ({ code: 'wrong-phase', reason: `auction ${id} ${why}` });
  switch (phase) {
    case 'announced':
    case 'open':
      return wrong(
        type === 'auctioneer.start'
          ? `has ${bidders.length} of the ${biddersMin} bidders it needs`
          : 'has not begun: bids are taken in its rounds',
      );
    case 'confirming':
      return wrong('waits for its auctioneer to start it: bids are taken in its rounds');
    case 'bidding':
      return wrong(
        type === 'bid.reveal'
          ? `takes bids still: they are opened after round ${round}`
          : 'has begun already',
      );
    case 'revealing':
      return wrong(
        type === 'bid.commit'
          ? `takes no more bids in round ${round}: they are being opened`
          : 'has begun already',
      );
    case 'closed':
      return wrong('is over');
    case 'cancelled':
      return wrong('was cancelled');
    default:
      return phase satisfies never;
  }
}

type Signed = Exclude<AuctionAct, { readonly act: 'create' }>;

/** Whether somebody else speaks in that name. Revealing proves itself. */
export function forged(auction: Auction, command: Signed, isSignedBy: SignatureCheck): Refusal | null {
  const reference = referenceOf(auction);
  switch (command.act) {
    case 'join': {
      const { bidder, signature } = command;
      const statement = { act: 'join', auction: reference, name: bidder.name } as const;
      return isSignedBy(bidder.key, statement, signature) ? null : badSignature(bidder.name);
    }
    case 'start': {
      const { name, key } = auction.auctioneer;
      return isSignedBy(key, { act: 'start', auction: reference }, command.signature)
        ? null
        : {
            code: 'not-the-auctioneer',
            reason: `only ${name}, its auctioneer, starts auction ${auction.id}`,
          };
    }
    case 'commit': {
      const { name, round, seal, signature } = command;
      const key = bidderOf(auction, name)?.key ?? '';
      return isSignedBy(key, { act: 'commit', auction: reference, name, round, seal }, signature)
        ? null
        : badSignature(name);
    }
    case 'reveal':
      return null;
    default:
      return command satisfies never;
  }
}

const badSignature = (name: string): Refusal => ({
  code: 'bad-signature',
  reason: `that is not signed with the key of ${name}`,
});
