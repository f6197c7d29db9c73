/**
 * One who takes part, auctioneer or bidder: makes what goes into the log out of what they want, and does by itself what is
 * due: sends a bid again that has not arrived, and opens an envelope once its round takes no more.
 */
import { randomBytes } from 'node:crypto';
import { type Client, ClusterError } from '../../actors/index.js';
import {
  type Auction,
  bidderOf,
  envelopeOf,
  type Party,
  type Refusal,
  referenceOf,
  type Waits,
} from './auction-rules.js';
import { type AuctionAct, Offer } from './commands.js';
import type { Follower } from './follower.js';
import { type Life, phaseOf } from './life.js';
import { refusalOf } from './refusals.js';
import { auctions } from './replica.js';
import { type Opening, sealOf } from './seal.js';
import { signed } from './signature.js';
import { lifeOf, unknown } from './state.js';
import type { Strongbox } from './strongbox.js';

/** What is to be done for a bid that its bidder holds the opening of. */
export interface Duty {
  readonly kind: 'commit' | 'reveal';
  readonly auction: Auction;
  readonly opening: Opening;
}

/** What of `openings` is to be sent now: pure, so it is the same after a restart. */
export function dutiesOf(lives: readonly Life[], me: Party, openings: readonly Opening[]): readonly Duty[] {
  return lives.flatMap((life): readonly Duty[] => {
    const auction = life.context;
    const opening = openings.find(
      (one) => one.auction === referenceOf(auction) && one.round === auction.round && one.name === me.name,
    );
    if (opening === undefined || bidderOf(auction, me.name)?.key !== me.key) return [];
    const envelope = envelopeOf(auction, me.name);
    const phase = phaseOf(life);
    if (phase === 'bidding' && envelope === undefined) return [{ kind: 'commit', auction, opening }];
    const isClosed = envelope?.amount === null && envelope.seal === sealOf(opening);
    return phase === 'revealing' && isClosed ? [{ kind: 'reveal', auction, opening }] : [];
  });
}

/** `isOpen`: it was not answered, and may have taken effect or may yet. */
export type Answer =
  | { readonly ok: true; readonly auction: string }
  | ({ readonly ok: false; readonly isOpen?: boolean } & Refusal);

export interface Participant {
  readonly me: Party;
  create(offer: Offer, waits: Partial<Waits>): Promise<Answer>;
  join(id: string): Promise<Answer>;
  start(id: string): Promise<Answer>;
  bid(id: string, amount: number): Promise<Answer>;
  /** Does what is due, if anything is that is not under way already. */
  attend(): void;
}

/** @param tell - hears what was done by itself, and how that went. */
export function takePart(
  client: Client,
  box: Strongbox,
  follower: Follower,
  tell: (duty: Duty, answer: Answer | 'sent') => void,
): Participant {
  const me: Party = { name: box.name, key: box.pair.publicKey };
  const underWay = new Set<string>();

  const send = async (command: AuctionAct): Promise<Answer> => {
    try {
      const { result, sequence } = await client.replica(auctions).execute(command);
      await follower.reaches(sequence);
      return 'lives' in result ? { ok: true, auction: '' } : result;
    } catch (problem) {
      if (!(problem instanceof ClusterError)) throw problem;
      return { ok: false, isOpen: true, code: problem.code, reason: reasonOf(problem) };
    }
  };
  const withAuction = async (
    id: string,
    ask: (auction: Auction, life: Life) => Promise<Answer> | Refusal,
  ): Promise<Answer> => {
    const life = lifeOf(follower.state(), id);
    const answer = life === undefined ? unknown(follower.state(), id) : await ask(life.context, life);
    return 'ok' in answer ? answer : { ok: false, ...answer };
  };
  const commit = ({ auction, round, name, ...rest }: Opening, id: string): Promise<Answer> => {
    const seal = sealOf({ auction, round, name, ...rest });
    const statement = { act: 'commit', auction, name, round, seal } as const;
    const signature = signed(statement, box.pair);
    return send({ act: 'commit', auction: id, name, round, seal, signature });
  };

  /** One at a time of its kind; what fails is due still, and done at the next occasion. */
  const perform = async (duty: Duty): Promise<Answer> => {
    const { kind, auction, opening } = duty;
    const { name, round, amount, nonce } = opening;
    const place = `${kind} ${opening.auction} ${round}`;
    underWay.add(place);
    try {
      return kind === 'commit'
        ? await commit(opening, auction.id)
        : await send({ act: 'reveal', auction: auction.id, name, round, amount, nonce });
    } finally {
      underWay.delete(place);
    }
  };

  return {
    me,
    create: ({ waits, ...offer }, ours) =>
      send({
        act: 'create',
        auctioneer: me,
        offer: Offer.parse({ ...offer, waits: { ...waits, ...ours } }),
      }),
    join: (id) =>
      withAuction(id, (auction) =>
        send({
          act: 'join',
          auction: id,
          bidder: me,
          signature: signed({ act: 'join', auction: referenceOf(auction), name: me.name }, box.pair),
        }),
      ),
    start: (id) =>
      withAuction(id, (auction) =>
        send({
          act: 'start',
          auction: id,
          signature: signed({ act: 'start', auction: referenceOf(auction) }, box.pair),
        }),
      ),
    bid: (id, amount) =>
      withAuction(id, async (auction, life) => {
        const refusal = bidRefusal(life, me, box, amount);
        if (refusal !== null) return { ok: false, ...refusal };
        const opening = {
          ...{ auction: referenceOf(auction), round: auction.round, name: me.name, amount },
          nonce: randomBytes(32).toString('hex'),
        };
        // Before anybody else knows of it: a bid that cannot be opened counts nothing.
        box.keep(opening);
        const answer = await perform({ kind: 'commit', auction, opening });
        if (!answer.ok && answer.isOpen !== true) box.forget(opening);
        return answer;
      }),
    attend() {
      for (const duty of dutiesOf(follower.state().running, me, box.openings())) {
        if (underWay.has(`${duty.kind} ${duty.opening.auction} ${duty.opening.round}`)) continue;
        tell(duty, 'sent');
        perform(duty).then((answer) => tell(duty, answer));
      }
    },
  };
}

/** What a bidder is told at once, without a word to anybody. Amounts are known here alone, so the minimum is too. */
function bidRefusal(life: Life, { name, key }: Party, box: Strongbox, amount: number): Refusal | null {
  const { id, minBid, round } = life.context;
  const event = { type: 'bid.commit', name, round, seal: '', place: 0 } as const;
  const refusal = refusalOf(life, event);
  if (refusal !== null && refusal !== 'again') return refusal;
  if (amount < minBid)
    return { code: 'below-minimum', reason: `the minimum bid of auction ${id} is ${minBid}` };
  if (bidderOf(life.context, name)?.key !== key)
    return { code: 'not-a-bidder', reason: `somebody else is ${name} in auction ${id}` };
  return box.openingOf(referenceOf(life.context), round) === undefined
    ? null
    : { code: 'already-bid', reason: `your bid of round ${round} of auction ${id} is on its way already` };
}

function reasonOf({ code, message }: ClusterError): string {
  return code === 'outcome-unknown'
    ? 'it is not known whether that has arrived: see list, and try again if it has not'
    : message;
}
