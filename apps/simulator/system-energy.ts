/** The energy market under simulation: who trades what with whom, and what must hold of it. */
import type { ReplicaChange } from '../../actors/anywhere.js';
import { energy, faultOf } from '../energy/state.js';
import {
  CREDITS_AT_START,
  type EnergyCommand,
  type Market,
  type Outcome,
  sumOf,
  type Trade,
} from '../energy/terms.js';
import { between, pick, type Random } from './random.js';
import type { SimulatedSystem, Situation } from './systems.js';

/** Amounts nobody may trade, now and then. */
const ABSURD = [0, -5, 2.5, 1e300];

export const simulatedEnergy: SimulatedSystem<Market, EnergyCommand, Outcome> = {
  replica: energy,
  commandOf,
  faultOf,
  stepFaultOf,
  effectsOf,
};

function commandOf(random: Random, situation: Situation<Market>): EnergyCommand {
  const { peer, peers, state } = situation;
  const drawn = random();
  const hasAccount = state.accounts.some(({ id, standing }) => id === peer && standing === 'open');
  if (!hasAccount ? drawn < 0.8 : drawn < 0.03) return { type: 'open' };
  if (drawn < 0.06) return { type: 'depart', peer: pick(random, peers) ?? peer };
  const trade = answerable(random, peer, state);
  if (trade === undefined || drawn < 0.5) return offer(random, situation);
  if (drawn < 0.56) return { type: 'refuse', id: trade.id, reason: 'too dear' };
  const { id, seller, buyer, amount } = trade;
  // Now and then it agrees to more than was offered.
  return { type: 'confirm', id, seller, buyer, amount: random() < 0.05 ? amount + 1 : amount };
}

function offer(random: Random, { peer, peers }: Situation<Market>): EnergyCommand {
  const other = random() < 0.05 ? 'nobody' : (pick(random, peers) ?? peer);
  return {
    type: 'offer',
    kind: random() < 0.5 ? 'sell' : 'buy',
    with: other,
    amount: random() < 0.05 ? (pick(random, ABSURD) ?? 0) : between(random, 1, 80),
    // Some wait for longer than a failover takes.
    expiresInMs: between(random, 100, 3000),
  };
}

/** Mostly one that is this peer's to answer; else anybody's, or one that has ended. */
function answerable(random: Random, peer: string, { pending, concluded }: Market): Trade | undefined {
  const own = pending.filter(({ with: other }) => other === peer);
  const drawn = random();
  if (drawn < 0.8) return pick(random, own);
  return pick(random, drawn < 0.9 ? pending : concluded.slice(-20));
}

/** Σ changes by a first join alone. */
function stepFaultOf({ before, state, cause }: ReplicaChange<Market, Outcome>): string | null {
  if (cause === 'snapshot') return null;
  const [grown, joined] = [sumOf(state) - sumOf(before), state.accounts.length - before.accounts.length];
  return joined <= 1 && grown === CREDITS_AT_START * joined
    ? null
    : `${joined} accounts are opened, and credits grow by ${grown}`;
}

function effectsOf({ before, state, cause }: ReplicaChange<Market, Outcome>): readonly string[] {
  const fresh = cause === 'snapshot' ? 0 : state.counts.concluded - before.counts.concluded;
  return fresh === 0 ? [] : state.concluded.slice(-fresh).map(({ id }) => `trade ${id} is concluded`);
}
