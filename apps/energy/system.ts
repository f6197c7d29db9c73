/** The energy market as a system of a peer: its replica, its calls, and one desk for both the console and HTTP. */
import type { Peer } from '../../actors/index.js';
import type { System } from '../node/system.js';
import { type AnswerPolicy, TradingDesk } from './desk.js';
import { energyOperations } from './operations.js';
import { energy } from './state.js';

export interface EnergyMarket {
  readonly system: System;
  /** The desk of this peer, opened at the first call. */
  readonly deskOf: (peer: Peer) => TradingDesk;
}

/** @param policy - what becomes of offers to the peer. */
export function energyMarket(policy: AnswerPolicy): EnergyMarket {
  const desks = new WeakMap<Peer, TradingDesk>();
  const deskOf = (peer: Peer) => {
    const desk = desks.get(peer) ?? new TradingDesk(peer, policy);
    desks.set(peer, desk);
    return desk;
  };
  const system: System = {
    name: 'energy',
    summary: 'credits, traded without a central server',
    replicas: [energy],
    operations: (peer) => energyOperations(deskOf(peer)),
  };
  return { system, deskOf };
}
