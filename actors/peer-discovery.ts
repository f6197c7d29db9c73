/** The peer's steps while it looks for others where it knows no address: only when it was told how. */
import type { Address } from '../transport/protocol.js';
import { children, DOORS } from './children.js';
import { discoveryLogic } from './discovery.js';
import * as rules from './peer-rules.js';
import { childOf, steps, update } from './peer-step.js';

/** Addresses that strangers have named and that are tried; of more, the oldest go. */
const LOCATED_MAX = 16;

export const openDiscovery = update(({ context, spawn }) => {
  const { environment, options, me } = context;
  const { discovery } = environment;
  if (discovery === null || discovery === undefined) return {};
  const { cluster, transport } = options;
  const introducing = { cluster, id: me.id, address: me.address, transport };
  spawn(discoveryLogic, { id: 'network', systemId: DOORS.network, input: { discovery, introducing } });
  spawn(children.discovery, { id: 'discovery' });
  return {};
});

/** Discovery hears whom others name, and whether it is still needed. */
export const toDiscovery = steps(({ context, event, enqueue, self }) => {
  if (childOf(self, 'discovery') === undefined) return;
  if (event.type === 'discovery.heard') return enqueue.sendTo('discovery', event);
  const hasCompany =
    rules.isMember(context) && context.connections.some((c) => c.isOpen && !rules.isClient(c.peer));
  enqueue.sendTo('discovery', { type: hasCompany ? 'company.found' : 'company.lost' });
});

export const noteLocated = update(({ context, event }) => {
  if (event.type !== 'address.located') return {};
  return { located: withAddress(context.located, event.address) };
});

const withAddress = (located: readonly Address[], address: Address): readonly Address[] =>
  located.includes(address) ? located : [...located, address].slice(-LOCATED_MAX);
