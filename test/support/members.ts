/** Members, configurations and terms for tests: a peer `id` lives at `id:7000`, in its first incarnation. */
import { NO_CONFIGURATION } from '../../machines/values/configuration.js';
import { defaultPriority } from '../../machines/values/rank.js';
import type { Configuration, Member, PeerId, Term } from '../../transport/protocol.js';

export const member = (id: PeerId, rest: Partial<Member> = {}): Member => ({
  id,
  incarnation: `first-of-${id}`,
  address: `${id}:7000`,
  priority: defaultPriority(id),
  ...rest,
});

/** A configuration of these voters, and of these learners and outgoing voters if there are any. */
export const configurationOf = (
  voters: readonly PeerId[],
  {
    outgoing = [],
    learners = [],
    ...ties
  }: {
    outgoing?: readonly PeerId[];
    learners?: readonly PeerId[];
    tie?: PeerId | undefined;
    outgoingTie?: PeerId | undefined;
  } = {},
): Configuration => ({
  ...NO_CONFIGURATION,
  clusterId: 'c',
  voters: voters.map((id) => member(id)),
  outgoing: outgoing.map((id) => member(id)),
  learners: learners.map((id) => member(id)),
  ...(ties.tie !== undefined && { tie: ties.tie }),
  ...(ties.outgoingTie !== undefined && { outgoingTie: ties.outgoingTie }),
});

export const term = (n: number, owner: PeerId): Term => ({ n, owner });
