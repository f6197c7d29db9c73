/** What peers shout into a network where they know nobody: one question, one answer, each a datagram of its own. */
import * as z from 'zod';
import { ClientId } from './protocol-clients.js';
import { Address, PeerId } from './protocol-parts.js';

/** How frames travel: over WebSockets, or in datagrams. All peers of a cluster, and its clients, use the same. */
export const TransportKind = z.enum(['ws', 'udp'], 'must be ws or udp');
export type TransportKind = z.infer<typeof TransportKind>;

const Words = z.strictObject({
  v: z.literal(1),
  type: z.enum(['discovery.ask', 'discovery.answer']).describe('JOIN / JOIN_ACK: who is there? I am.'),
  cluster: z.string().min(1).max(64),
  /** A client asks as well; nobody asks it. */
  from: z.union([PeerId, ClientId]),
  /** Where it listens, `~:0` for nowhere; a host of `0.0.0.0` stands for wherever the datagram came from. */
  address: Address,
  /** What it is to be dialled with. */
  transport: TransportKind.default('ws'),
  /** The question's own, which the answer repeats. */
  nonce: z.string().min(1).max(32),
  /** Makes a question no shorter than the longest answer, so that nobody gains by asking in another's name. */
  pad: z.string().max(1200).optional(),
});

/** A datagram of discovery. What it says is a hint of whom to dial: who that is, the greeting shows. */
export const DiscoveryDatagram = Words;
export type DiscoveryDatagram = z.infer<typeof Words>;

/** A question is this long, bytes; no answer is longer. */
export const QUESTION_BYTES = 1024;
