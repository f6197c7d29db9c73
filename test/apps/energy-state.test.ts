import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { energy, faultOf } from '../../apps/energy/state.js';
import {
  accountOf,
  type EnergyCommand,
  type Market,
  OFFER_MS,
  type Outcome,
  PENDING_EACH_MAX,
  sumOf,
  TRADES_KEPT,
  type Trade,
  tradeOf,
} from '../../apps/energy/terms.js';

type Said = { readonly origin: string; readonly command: unknown };
type Passed = { readonly timer: string };

/** A market that is told what stands in a log, one entry a second, and checked after each. */
class Ledger {
  state: Market = energy.initial();
  sequence = 0;
  /** So long that it is looked at in the end only. */
  isLong = false;
  /** Deadlines that are set, by name. */
  readonly timers = new Map<string, number>();
  get at(): number {
    return 1_700_000_000_000 + 1000 * this.sequence;
  }

  say({ origin, command }: Said): Outcome {
    this.sequence += 1;
    const before = this.isLong ? '' : JSON.stringify(this.state);
    const context = { sequence: this.sequence, at: this.at, origin };
    const { state, result, timers } = energy.apply(this.state, energy.command.parse(command), context);
    if (!this.isLong) expect(JSON.stringify(this.state)).toBe(before);
    for (const { name, at } of timers ?? [])
      at === null ? this.timers.delete(name) : this.timers.set(name, at);
    this.#become(state);
    if (!result.ok) expect(result.reason).toMatch(/^\S.{8,}\S$/);
    return result;
  }

  pass({ timer }: Passed): void {
    this.sequence += 1;
    const at = this.timers.get(timer);
    if (at === undefined || energy.expire === undefined) return;
    this.timers.delete(timer);
    const context = { sequence: this.sequence, at: Math.max(at, this.at), origin: '1' };
    this.#become(energy.expire(this.state, { name: timer, at }, context).state);
  }

  #become(state: Market): void {
    this.state = state;
    if (this.isLong) return;
    expect(faultOf(state)).toBeNull();
    // What a snapshot carries is the same to the letter.
    expect(isDeepStrictEqual(JSON.parse(JSON.stringify(state)), state)).toBe(true);
    // Whatever waits will end, and nothing else has a deadline.
    const waiting = state.pending.map(({ id }) => String(id));
    expect([...this.timers.keys()].sort().join()).toBe(waiting.sort().join());
  }
}

const ofThree = (): Ledger => {
  const ledger = new Ledger();
  for (const origin of ['1', '2', '3']) ledger.say({ origin, command: { type: 'open' } });
  return ledger;
};

const offer = (ledger: Ledger, origin: string, kind: 'sell' | 'buy', other: string, amount: number) =>
  ledger.say({ origin, command: { type: 'offer', kind, with: other, amount } });

function offered(...words: Parameters<typeof offer>): Trade {
  const outcome = offer(...words);
  if (!outcome.ok || outcome.trade === null) throw new Error(JSON.stringify(outcome));
  return outcome.trade;
}

const confirm = (ledger: Ledger, origin: string, { id, seller, buyer, amount }: Trade) =>
  ledger.say({ origin, command: { type: 'confirm', id, seller, buyer, amount } });
const balances = ({ state }: Ledger) => state.accounts.map(({ balance }) => balance);

describe('an account', () => {
  it('is opened with 100 credits at the first join, and never filled again', () => {
    const ledger = ofThree();
    confirm(ledger, '2', offered(ledger, '1', 'sell', '2', 60));

    ledger.say({ origin: '1', command: { type: 'open' } });
    ledger.say({ origin: '2', command: { type: 'depart', peer: '1' } });
    expect(accountOf(ledger.state, '1')).toMatchObject({ standing: 'departed', balance: 40 });
    ledger.say({ origin: '1', command: { type: 'open' } });

    expect(accountOf(ledger.state, '1')).toMatchObject({
      standing: 'open',
      balance: 40,
      sold: 60,
      trades: 1,
    });
    expect(balances(ledger)).toEqual([40, 160, 100]);
  });

  it('is not opened for a client, nor closed by somebody who has none', () => {
    const ledger = ofThree();

    expect(ledger.say({ origin: '~abc', command: { type: 'open' } })).toMatchObject({ code: 'not-a-peer' });
    expect(ledger.say({ origin: '9', command: { type: 'depart', peer: '1' } })).toMatchObject({
      code: 'no-account',
    });
    expect(ledger.state.accounts.map(({ standing }) => standing)).toEqual(['open', 'open', 'open']);
  });
});

describe('a trade', () => {
  it('changes both balances by one entry, when the counterparty agrees to just these terms', () => {
    const ledger = ofThree();
    const trade = offered(ledger, '1', 'sell', '2', 30);
    expect(balances(ledger)).toEqual([100, 100, 100]);

    expect(confirm(ledger, '2', trade)).toMatchObject({
      ok: true,
      trade: { id: trade.id, state: 'settled' },
    });

    expect(balances(ledger)).toEqual([70, 130, 100]);
    expect(ledger.state.pending).toEqual([]);
  });

  it('is bought as it is sold: the credits come from the one who is asked', () => {
    const ledger = ofThree();

    confirm(ledger, '2', offered(ledger, '1', 'buy', '2', 30));

    expect(balances(ledger)).toEqual([130, 70, 100]);
  });

  it.each([
    ['its own id', '1', 10, 'own-id', '1 is this peer itself: a trade needs two'],
    ['a peer nobody knows', '9', 10, 'unknown-peer', 'there is no peer 9'],
    ['a name every object has', 'constructor', 10, 'unknown-peer', 'there is no peer constructor'],
    ['a peer that has left', '3', 10, 'departed-peer', '3 has left'],
    ['nothing', '2', 0, 'bad-amount', 'an amount is a whole number of credits from 1 up, not 0'],
    ['less than nothing', '2', -150, 'bad-amount', /not -150$/],
    ['half a credit', '2', 1.5, 'bad-amount', /not 1.5$/],
    ['more than numbers count', '2', 2 ** 53, 'bad-amount', /not 9007199254740992$/],
    ['more than there is', '2', 101, 'insufficient-balance', '1 has 100 credits, 101 are needed'],
  ])('is refused with %s', (_, other, amount, code, reason) => {
    const ledger = ofThree();
    ledger.say({ origin: '1', command: { type: 'depart', peer: '3' } });

    const outcome = offer(ledger, '1', 'sell', other, amount);

    expect(outcome).toEqual({
      ok: false,
      code,
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    });
    expect(ledger.state.pending).toEqual([]);
  });

  it('is refused to whoever has no open account', () => {
    const ledger = ofThree();

    expect(offer(ledger, '9', 'sell', '1', 1)).toMatchObject({ code: 'no-account' });
  });

  it('of which each buyer would get 60 of 100 is settled once: who comes second finds too little', () => {
    const ledger = ofThree();
    const [first, second] = [offered(ledger, '1', 'sell', '2', 60), offered(ledger, '1', 'sell', '3', 60)];

    expect(confirm(ledger, '3', second)).toMatchObject({ ok: true });
    expect(confirm(ledger, '2', first)).toEqual({
      ok: false,
      code: 'insufficient-balance',
      reason: '1 has 40 credits, 60 are needed',
    });

    expect(balances(ledger)).toEqual([40, 100, 160]);
    expect(tradeOf(ledger.state, first.id)).toMatchObject({
      state: 'refused',
      reason: '1 has 40 credits, 60 are needed',
    });
  });

  it('takes effect once, however often it is confirmed', () => {
    const ledger = ofThree();
    const trade = offered(ledger, '1', 'sell', '2', 30);
    confirm(ledger, '2', trade);

    expect(confirm(ledger, '2', trade)).toEqual({
      ok: false,
      code: 'concluded-already',
      reason: `trade ${trade.id} is settled already`,
    });
    expect(balances(ledger)).toEqual([70, 130, 100]);
  });

  it('is answered by its counterparty alone, and in its own terms', () => {
    const ledger = ofThree();
    const trade = offered(ledger, '1', 'sell', '2', 30);

    for (const origin of ['1', '3']) {
      expect(confirm(ledger, origin, trade)).toMatchObject({ code: 'not-yours' });
      const refused = ledger.say({ origin, command: { type: 'refuse', id: trade.id } });
      expect(refused).toMatchObject({ code: 'not-yours' });
    }
    for (const altered of [{ amount: 31 }, { amount: -30 }, { seller: '2', buyer: '1' }, { buyer: '3' }])
      expect(confirm(ledger, '2', { ...trade, ...altered })).toMatchObject({ code: 'terms-differ' });
    expect(confirm(ledger, '2', { ...trade, id: 999 })).toMatchObject({ code: 'unknown-trade' });

    expect(balances(ledger)).toEqual([100, 100, 100]);
    expect(tradeOf(ledger.state, trade.id)?.state).toBe('pending');
  });

  it('that is refused stays refused, with the reason', () => {
    const ledger = ofThree();
    const trade = offered(ledger, '1', 'sell', '2', 30);

    ledger.say({ origin: '2', command: { type: 'refuse', id: trade.id, reason: 'too dear' } });

    expect(confirm(ledger, '2', trade)).toMatchObject({ code: 'concluded-already' });
    expect(tradeOf(ledger.state, trade.id)).toMatchObject({ state: 'refused', reason: 'too dear' });
  });

  it('whose counterparty vanishes expires when its deadline passes', () => {
    const ledger = ofThree();
    const trade = offered(ledger, '1', 'sell', '2', 30);
    expect(ledger.timers).toEqual(new Map([[String(trade.id), trade.at + OFFER_MS.default]]));

    ledger.pass({ timer: String(trade.id) });

    expect(tradeOf(ledger.state, trade.id)).toMatchObject({
      state: 'expired',
      reason: '2 did not answer in time',
    });
    expect(confirm(ledger, '2', trade)).toMatchObject({ code: 'concluded-already' });
    expect(balances(ledger)).toEqual([100, 100, 100]);
  });

  it.each(['1', '2'])('ends when %s, one of the two, departs', (peer) => {
    const ledger = ofThree();
    const trade = offered(ledger, '1', 'sell', '2', 30);

    ledger.say({ origin: '3', command: { type: 'depart', peer } });

    expect(tradeOf(ledger.state, trade.id)).toMatchObject({ state: 'refused', reason: `${peer} has left` });
    expect(ledger.timers.size).toBe(0);
  });

  it('is one of at most so many that wait, and of so many that are remembered', () => {
    const ledger = ofThree();
    ledger.isLong = true;
    for (let i = 0; i < PENDING_EACH_MAX; i++) offered(ledger, '1', 'sell', '2', 1);
    expect(offer(ledger, '1', 'sell', '2', 1)).toMatchObject({ code: 'too-many-offers' });
    offered(ledger, '2', 'sell', '1', 1);

    for (let i = 0; i < TRADES_KEPT + 10; i++)
      confirm(ledger, '2', offered(ledger, '3', i % 2 === 0 ? 'sell' : 'buy', '2', 1));

    expect(ledger.state.concluded).toHaveLength(TRADES_KEPT);
    expect(ledger.state.counts.settled).toBe(TRADES_KEPT + 10);
    expect(faultOf(ledger.state)).toBeNull();
  });
});

describe('any log', () => {
  const peer = fc.constantFrom('1', '2', '3', '4', '5');
  const somebody = fc.oneof({ weight: 9, arbitrary: peer }, fc.constantFrom('9', 'toString', '~abc'));
  const amount = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 90 }) },
    fc.double({ noNaN: true }),
  );
  const id = fc.integer({ min: 1, max: 120 });
  const finite = amount.filter(Number.isFinite);
  const command: fc.Arbitrary<EnergyCommand> = fc.oneof(
    { weight: 2, arbitrary: fc.constant({ type: 'open' as const }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('depart' as const), peer: somebody }) },
    {
      weight: 8,
      arbitrary: fc.record({
        type: fc.constant('offer' as const),
        kind: fc.constantFrom('sell' as const, 'buy' as const),
        with: somebody,
        amount: finite,
        expiresInMs: fc.integer({ min: OFFER_MS.least, max: 20_000 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constant('confirm' as const),
        id,
        seller: somebody,
        buyer: somebody,
        amount: finite,
      }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('refuse' as const), id, reason: fc.string() }) },
  );
  const said = fc.record({ origin: somebody, command });
  /** Somebody answers, or a deadline passes: what there is of that depends on the log so far. */
  const answer = fc.record({ pick: fc.nat(), how: fc.constantFrom('confirm', 'confirm', 'confirm', 'pass') });

  it('keeps every credit, leaves nobody below zero, and settles each trade once', () => {
    let settled = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 2, arbitrary: said }, { weight: 1, arbitrary: answer }), {
          maxLength: 150,
          size: 'max',
        }),
        (entries) => {
          const ledger = ofThree();
          const ended = new Set<number>();
          for (const entry of entries) {
            const { state: before } = ledger;
            const isOpening =
              'command' in entry &&
              entry.command.type === 'open' &&
              accountOf(before, entry.origin) === undefined &&
              !entry.origin.startsWith('~');
            if ('command' in entry) ledger.say(entry);
            else {
              const trade = before.pending[entry.pick % Math.max(1, before.pending.length)];
              if (trade === undefined) continue;
              if (entry.how === 'pass') ledger.pass({ timer: String(trade.id) });
              else confirm(ledger, trade.with, trade);
            }
            expect(sumOf(ledger.state) - sumOf(before)).toBe(isOpening ? 100 : 0);
            for (const trade of ledger.state.concluded.slice(before.concluded.length)) {
              expect(ended).not.toContain(trade.id);
              ended.add(trade.id);
            }
          }
          settled += ledger.state.counts.settled;
        },
      ),
      { numRuns: 100 },
    );
    // It was not all refused.
    expect(settled).toBeGreaterThan(200);
  });
});
