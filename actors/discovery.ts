/** The door to discovery: asks when it is told to, and tells the peer of whoever is heard. */
import { fromCallback } from 'xstate';
import type { Discovery, Introducing } from '../transport/discovery.js';
import type { Address } from '../transport/protocol.js';

export type DiscoveryFact =
  | { readonly type: 'discovery.heard'; readonly address: Address }
  | { readonly type: 'link.warning'; readonly code: string; readonly detail: string };

export interface DiscoveryInput {
  readonly discovery: Discovery;
  readonly introducing: Introducing;
}

export const discoveryLogic = fromCallback<{ readonly type: 'discovery.ask' }, DiscoveryInput>(
  ({ input: { discovery, introducing }, sendBack, receive }) => {
    const tell = (fact: DiscoveryFact) => sendBack(fact);
    discovery.open(introducing, {
      heard: (address) => tell({ type: 'discovery.heard', address }),
      failed: (detail) => tell({ type: 'link.warning', code: 'no-discovery', detail }),
    });
    receive(() => discovery.ask());
    return () => discovery.close();
  },
);
