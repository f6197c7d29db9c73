/**
 * The energy market as a pure replicated state machine.
 *
 *   offer (its maker's consent) ──▶ pending ── confirm (the counterparty's consent) ──▶ settled: both balances, one entry
 *                                      ├── refuse, or it cannot be settled, or one of the two departs ──▶ refused
 *                                      └── a logged deadline passes ──▶ expired
 *
 * Everything is decided when its entry is applied, in the same way on every member: what a peer saw when it typed does not
 * matter. Who consents is the entry's `origin`. A trade is known by the place of its offer in the log, and leaves `pending`
 * once; so it takes effect once, and nothing has to be remembered for that.
 */
import { defineReplica } from '../../actors/anywhere.js';
import {
  ACCOUNTS_MAX,
  type Account,
  accountOf,
  type CommandOf,
  CREDITS_AT_START,
  EnergyCommand,
  isAmount,
  type Market,
  type Outcome,
  PENDING_EACH_MAX,
  PENDING_MAX,
  type Refusal,
  type RefusalCode,
  sumOf,
  TRADES_KEPT,
  type Trade,
  tradeOf,
} from './terms.js';

interface Place {
  readonly sequence: number;
  readonly at: number;
  readonly origin: string;
}
interface Step {
  readonly state: Market;
  readonly result: Outcome;
  readonly timers?: readonly { readonly name: string; readonly at: number | null }[];
}

export const energy = defineReplica<Market, EnergyCommand, Outcome>({
  name: 'energy',
  command: EnergyCommand,
  initial: () => ({
    accounts: [],
    pending: [],
    concluded: [],
    counts: { offered: 0, concluded: 0, settled: 0 },
  }),
  apply: (state, command, place) => {
    switch (command.type) {
      case 'open':
        return open(state, place);
      case 'depart':
        return depart(state, command, place);
      case 'offer':
        return offer(state, command, place);
      case 'confirm':
        return confirm(state, command, place);
      case 'refuse':
        return refuse(state, command, place);
      default:
        return command satisfies never;
    }
  },
  expire: (state, { name }, { at }) => {
    const trade = state.pending.find(({ id }) => String(id) === name);
    if (trade === undefined) return { state };
    return { state: concluded(state, trade, at, 'expired', `${trade.with} did not answer in time`) };
  },
});

const no = (state: Market, code: RefusalCode, reason: string): Step => ({
  state,
  result: { ok: false, code, reason },
});
const done = (state: Market, trade: Trade | null, timers: Step['timers'] = []): Step => ({
  state,
  result: { ok: true, trade },
  timers,
});

function open(state: Market, { origin, sequence }: Place): Step {
  const known = accountOf(state, origin);
  if (known?.standing === 'open') return done(state, null);
  if (known !== undefined)
    return done(
      changed(state, origin, (account) => ({ ...account, standing: 'open', since: sequence })),
      null,
    );
  // Sessions of thin clients begin with it; a peer's id cannot.
  if (origin.startsWith('~'))
    return no(state, 'not-a-peer', 'only peers have accounts: a client trades through its peer');
  if (state.accounts.length >= ACCOUNTS_MAX)
    return no(state, 'registry-full', `there are ${ACCOUNTS_MAX} accounts, and no more`);
  const account: Account = {
    id: origin,
    standing: 'open',
    balance: CREDITS_AT_START,
    sold: 0,
    bought: 0,
    trades: 0,
    since: sequence,
  };
  return done({ ...state, accounts: [...state.accounts, account] }, null);
}

function depart(state: Market, { peer }: CommandOf<'depart'>, { origin, at }: Place): Step {
  const stranger = strangerAmong(state, origin);
  if (stranger !== null) return { state, result: stranger };
  if (accountOf(state, peer)?.standing !== 'open') return done(state, null);
  const ended = state.pending.filter(({ by, with: other }) => by === peer || other === peer);
  const without = ended.reduce(
    (left, trade) => concluded(left, trade, at, 'refused', `${peer} has left`),
    changed(state, peer, (account) => ({ ...account, standing: 'departed' })),
  );
  return done(without, null, ended.map(noDeadline));
}

function offer(state: Market, command: CommandOf<'offer'>, { origin, sequence, at }: Place): Step {
  const { kind, with: other, amount, expiresInMs } = command;
  const [seller, buyer] = kind === 'sell' ? [origin, other] : [other, origin];
  const refusal =
    strangerAmong(state, origin) ??
    hindrance(state, origin, other, amount) ??
    poverty(state, seller, amount) ??
    crowd(state, origin);
  if (refusal !== null) return { state, result: refusal };
  const until = at + expiresInMs;
  const terms = { id: sequence, kind, by: origin, with: other, seller, buyer, amount };
  const trade: Trade = { ...terms, state: 'pending', reason: null, at, until, concludedAt: null };
  const { pending, counts } = state;
  const next = { ...state, pending: [...pending, trade], counts: { ...counts, offered: counts.offered + 1 } };
  return done(next, trade, [{ name: String(trade.id), at: until }]);
}

/** The settlement: both balances change by this one entry, or neither. */
function confirm(state: Market, command: CommandOf<'confirm'>, place: Place): Step {
  const { id, seller, buyer, amount } = command;
  const trade = answerable(state, id, place);
  if ('ok' in trade) return { state, result: trade };
  if (trade.seller !== seller || trade.buyer !== buyer || trade.amount !== amount)
    return no(
      state,
      'terms-differ',
      `trade ${id} is ${trade.amount} credits from ${trade.seller} to ${trade.buyer}, not ${amount} from ${seller} to ${buyer}`,
    );
  const poor = poverty(state, seller, amount);
  if (poor !== null) {
    const failed = concluded(state, trade, place.at, 'refused', poor.reason);
    return { state: failed, result: poor, timers: [noDeadline(trade)] };
  }
  const sold = changed(state, seller, (account) => moved(account, { sold: amount, bought: 0 }));
  const bought = changed(sold, buyer, (account) => moved(account, { sold: 0, bought: amount }));
  const settled = concluded(bought, trade, place.at, 'settled', null);
  return done(settled, settled.concluded.at(-1) ?? null, [noDeadline(trade)]);
}

function refuse(state: Market, { id, reason }: CommandOf<'refuse'>, place: Place): Step {
  const trade = answerable(state, id, place);
  if ('ok' in trade) return { state, result: trade };
  const refused = concluded(state, trade, place.at, 'refused', reason);
  return done(refused, refused.concluded.at(-1) ?? null, [noDeadline(trade)]);
}

/** The trade that `origin` may answer now, or why not. */
function answerable(state: Market, id: number, { origin }: Place): Trade | Refusal {
  const trade = tradeOf(state, id);
  if (trade === undefined) return refusal('unknown-trade', `there is no trade ${id}`);
  if (trade.with !== origin) return refusal('not-yours', `trade ${id} is for ${trade.with} to answer`);
  if (trade.state !== 'pending') return refusal('concluded-already', `trade ${id} is ${trade.state} already`);
  return trade;
}

const refusal = (code: RefusalCode, reason: string): Refusal => ({ ok: false, code, reason });

/** Only who has an open account has a say. */
const strangerAmong = (state: Market, origin: string): Refusal | null =>
  accountOf(state, origin)?.standing === 'open'
    ? null
    : refusal('no-account', `${origin} has no open account`);

function hindrance(state: Market, origin: string, other: string, amount: number): Refusal | null {
  if (other === origin) return refusal('own-id', `${origin} is this peer itself: a trade needs two`);
  const account = accountOf(state, other);
  if (account === undefined) return refusal('unknown-peer', `there is no peer ${other}`);
  if (account.standing === 'departed') return refusal('departed-peer', `${other} has left`);
  if (!isAmount(amount))
    return refusal('bad-amount', `an amount is a whole number of credits from 1 up, not ${amount}`);
  return null;
}

function poverty(state: Market, seller: string, amount: number): Refusal | null {
  const balance = accountOf(state, seller)?.balance ?? 0;
  return balance >= amount
    ? null
    : refusal('insufficient-balance', `${seller} has ${balance} credits, ${amount} are needed`);
}

function crowd({ pending }: Market, origin: string): Refusal | null {
  if (pending.filter(({ by }) => by === origin).length >= PENDING_EACH_MAX)
    return refusal('too-many-offers', `${PENDING_EACH_MAX} offers of ${origin} wait for an answer already`);
  return pending.length < PENDING_MAX
    ? null
    : refusal('too-many-offers', `${PENDING_MAX} offers wait for an answer already`);
}

const changed = (state: Market, peer: string, change: (account: Account) => Account): Market => ({
  ...state,
  accounts: state.accounts.map((account) => (account.id === peer ? change(account) : account)),
});

const moved = (account: Account, { sold, bought }: { sold: number; bought: number }): Account => ({
  ...account,
  balance: account.balance - sold + bought,
  sold: account.sold + sold,
  bought: account.bought + bought,
  trades: account.trades + 1,
});

/** `state` with the trade, which was pending, in its end. */
function concluded(
  state: Market,
  trade: Trade,
  at: number,
  end: 'settled' | 'refused' | 'expired',
  reason: string | null,
): Market {
  const { pending, concluded: before, counts } = state;
  return {
    ...state,
    pending: pending.filter(({ id }) => id !== trade.id),
    concluded: [...before, { ...trade, state: end, reason, concludedAt: at }].slice(-TRADES_KEPT),
    counts: {
      ...counts,
      concluded: counts.concluded + 1,
      settled: counts.settled + (end === 'settled' ? 1 : 0),
    },
  };
}

const noDeadline = ({ id }: Trade) => ({ name: String(id), at: null });

/** What is wrong with a state, in words; null when nothing is (PROTOCOL I18). */
export function faultOf(state: Market): string | null {
  const { accounts, pending, concluded: ended, counts } = state;
  const sum = sumOf(state);
  if (sum !== CREDITS_AT_START * accounts.length)
    return `${accounts.length} accounts hold ${sum} credits, not ${CREDITS_AT_START * accounts.length}`;
  const wrong = accounts.find(
    ({ balance, sold, bought }) => balance < 0 || balance !== CREDITS_AT_START + bought - sold,
  );
  if (wrong !== undefined) return `the account of ${wrong.id} holds ${wrong.balance} credits`;
  const trades = [...pending, ...ended];
  if (new Set(trades.map(({ id }) => id)).size !== trades.length) return 'a trade is there twice';
  if (new Set(accounts.map(({ id }) => id)).size !== accounts.length) return 'a peer has two accounts';
  if (counts.offered !== pending.length + counts.concluded) return 'trades are lost, or came from nowhere';
  return null;
}
