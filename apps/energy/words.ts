/** The market in words: for people at the console. */
import type { CausalStatus, Status } from '../../actors/index.js';
import { type Account, accountOf, type Market, type Trade } from './terms.js';

const credits = (amount: number): string => (amount === 1 ? '1 credit' : `${amount} credits`);

/** `trade 17: 1 sells 30 credits to 2` */
export const tradeWords = ({ id, kind, by, with: other, amount }: Trade): string =>
  kind === 'sell'
    ? `trade ${id}: ${by} sells ${credits(amount)} to ${other}`
    : `trade ${id}: ${by} buys ${credits(amount)} from ${other}`;

export function stateWords({ state, reason }: Trade): string {
  return reason === null ? state : `${state}: ${reason}`;
}

export const tradeFacts = ({ id, kind, by, with: other, seller, buyer, amount, state, reason }: Trade) => ({
  id,
  kind,
  by,
  with: other,
  seller,
  buyer,
  amount,
  state,
  reason,
});

export const isOf = ({ by, with: other }: Trade, peer: string): boolean => by === peer || other === peer;

/** `1=4 2=0`: messages of each peer's latest life that were delivered here. */
const clockWords = ({ clock }: CausalStatus): string =>
  clock.map(({ peer, count }) => `${peer}=${count}`).join(' ') || 'nothing yet';

const heldWords = ({ heldBack }: CausalStatus): string =>
  heldBack.map(({ origin, count }) => `message ${count} of ${origin}`).join(', ') || 'nothing';

export function statusLines(status: Status, lag: number | null, causal: CausalStatus): readonly string[] {
  const { id, role, term, coordinator, view, mode, commit, applied, notReady, address } = status;
  const members = view.members.map((member) => {
    const marks = [
      ...(member.role === 'learner' ? ['learner'] : []),
      ...(member.state === 'suspected' ? ['suspected'] : []),
    ];
    return marks.length === 0 ? member.id : `${member.id} (${marks.join(', ')})`;
  });
  return [
    `peer ${id} at ${address}, ${role}, term ${term.n}, coordinator ${coordinator ?? 'none'}`,
    `view ${view.number}: ${members.join(', ')}`,
    `mode ${mode}, committed ${commit}, applied ${applied}, lag ${lag ?? 'unknown'}`,
    `vector clock ${clockWords(causal)}; held back: ${heldWords(causal)}`,
    ...(notReady === null ? [] : [`not ready: ${notReady}`]),
  ];
}

/** What marks a peer in `nodes`. */
export function marksOf(peer: string, account: Account | undefined, status: Status): readonly string[] {
  const member = status.view.members.find(({ id }) => id === peer);
  const presence = member === undefined ? 'departed' : member.state === 'suspected' ? 'suspected' : 'active';
  return [
    ...(peer === status.id ? ['self'] : []),
    ...(peer === status.coordinator ? ['coordinator'] : []),
    presence,
    ...(account === undefined ? ['no account yet'] : []),
  ];
}

/** Every peer that is a member or has an account: members first, in the order of the view. */
export function nodesOf(state: Market, status: Status) {
  const members = status.view.members.map(({ id }) => id);
  const gone = state.accounts.map(({ id }) => id).filter((id) => !members.includes(id));
  return [...members, ...gone].map((id) => {
    const account = accountOf(state, id);
    return { id, balance: account?.balance ?? null, marks: marksOf(id, account, status) };
  });
}
