/** The end of a core walk: nothing fails any more, and the cluster has to agree (L1, L4). */
import { compareIds, configuration } from '../../machines/index.js';
import type { CoreWorld, Node } from './core-world.js';
import { must } from './invariants.js';

/** More rounds than any election and catching up take. */
const ROUNDS_MAX = 600;
/** Longer delays pass when so many heartbeats have. */
const HEARTBEATS_PER_TIMEOUT = 20;

/**
 * Lets disks finish, messages arrive in order and time pass, round by round, until one coordinator has committed all it
 * holds and every member holds the same.
 *
 * A world that has lost a majority of its disks need not come to rest: nothing is promised there.
 */
export function calmDown(world: CoreWorld): void {
  if (world.hasLostDisks) return;
  for (let round = 1; unrest(world) !== null; round++) {
    must(round < ROUNDS_MAX, 'L1', () => `${unrest(world)}, ${ROUNDS_MAX} rounds after the last fault`);
    for (const node of world.nodes) world.persist(node, node.pending.length);
    for (const parcel of world.bag) world.deliver(parcel, false);
    for (const node of world.nodes) pass(world, node, round % HEARTBEATS_PER_TIMEOUT === 0);
    if (round % HEARTBEATS_PER_TIMEOUT === 1) stand(world);
  }
}

/** What election does in a whole peer: where nobody coordinates, the highest stands. */
function stand(world: CoreWorld): void {
  if (world.nodes.some(({ snapshot }) => snapshot?.matches('coordinating'))) return;
  for (const node of world.nodes)
    if (node.snapshot?.matches({ replica: 'relayed' })) world.tell(node, { type: 'coordinator.suspected' });
  const free = world.nodes.filter(({ snapshot }) => snapshot?.matches({ replica: 'free' }));
  const seated = free.filter(({ id, member, snapshot }) =>
    configuration.isSeated(
      snapshot?.context.log.configuration ?? configuration.NO_CONFIGURATION,
      id,
      member.incarnation,
    ),
  );
  const [highest] = seated.sort((a, b) => compareIds(b.id, a.id));
  if (highest !== undefined) world.tell(highest, { type: 'collect.requested', handoverOf: null });
}

function pass(world: CoreWorld, node: Node, isLong: boolean): void {
  for (const type of world.timersOf(node))
    if (isLong || type.includes('heartbeat')) world.tell(node, { type } as never);
}

/** Why it is not at rest; null when it is. */
function unrest({ nodes }: CoreWorld): string | null {
  const leaders = nodes.filter(({ snapshot }) => snapshot?.matches('coordinating'));
  const [leader] = leaders;
  const state = leader?.snapshot?.context;
  if (state === undefined || leaders.length > 1) return `${leaders.length} coordinate`;
  if (state.commit < state.log.lastIndex)
    return `${leader?.id} has committed ${state.commit} of ${state.log.lastIndex}`;
  const members = configuration.membersOf(state.log.configuration).map(({ id }) => id);
  const late = nodes.find(
    ({ id, snapshot }) => members.includes(id) && snapshot?.context.commit !== state.commit,
  );
  return late === undefined
    ? null
    : `${late.id} has committed ${late.snapshot?.context.commit} of ${state.commit}`;
}
