/**
 * A moment of a real cluster as a script of the sandbox, to ask "what if": the same peers, and those that do not run, sleep, or
 * do not hear each other as they do not there. What was said before is not taken along: a simulated cluster begins settled.
 */
import type { Act, PeerId, Script } from '../contract.js';
import type { PeerFace, World } from '../history/index.js';
import { cutOneWay, partition } from './gestures.js';
import { PEERS_MAX, scriptOfChoices, USUAL } from './scenario.js';

const LAST_MS = 86_400_000;

/** @throws Error in words when there is nothing to go by, or more than the sandbox takes. */
export function scriptFromWorld(world: World): Script {
  const { ids } = world;
  if (ids.length === 0) throw new Error('There is nothing recorded yet to start from.');
  if (ids.length > PEERS_MAX) throw new Error(`The sandbox takes at most ${PEERS_MAX} peers.`);
  const base = scriptOfChoices({ ...USUAL, peers: ids.length });
  const acts: Act[] = ids.flatMap((id) => stateOf(id, world));
  for (const { from, to } of world.cuts) acts.push(cutOneWay(from, to, 0));
  for (const sides of world.partitions) acts.push(partition(sides, 0));
  return {
    ...base,
    name: 'what if: a moment of a live cluster',
    scenario: { ...base.scenario, peers: [...ids] },
    acts,
  };
}

function stateOf(id: PeerId, world: World): readonly Act[] {
  if (isGone(id, world)) return [{ kind: 'crash', at: 0, forMs: LAST_MS, peer: id, isPowerCut: false }];
  if (world.peers[id]?.condition === 'paused') return [{ kind: 'pause', at: 0, forMs: LAST_MS, peer: id }];
  return [];
}

const GONE: readonly string[] = ['crashed', 'stopped', 'left', 'absent'];
const MISSED: readonly string[] = ['suspected', 'failed'];

/** Known to be gone, or missed by most of the others: a process that died tells nobody. */
function isGone(id: PeerId, { peers }: World): boolean {
  const face = peers[id];
  if (face !== undefined && GONE.includes(face.condition)) return true;
  const others = Object.values(peers).filter((peer) => peer.id !== id);
  const missing = others.filter((peer: PeerFace) => MISSED.includes(peer.suspicion[id] ?? ''));
  return others.length > 0 && missing.length * 2 > others.length;
}
