/** A disk that is full: the peer has to stop loudly or refuse, and to come back when there is room. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { type Fault, last, type Stage } from './fault.js';
import type { PeerProcess } from './peer-process.js';

export const DISK_FAULTS: readonly Fault[] = [
  { kind: 'disk', name: 'fill the disk', weight: 3, apply: fill },
];

/** How long a peer may go on with a full disk; what it has to write it finds out at once. */
const NOTICED_WITHIN_MS = 6000;
const SETTLED_WITHIN_MS = 500;

async function fill(stage: Stage, chance: Chance): Promise<boolean> {
  const { cluster, disks, trail } = stage;
  const owners = chance.shuffled(cluster.peers.filter(({ id }) => disks.has(id)));
  const victim = owners.find((peer) => cluster.takeOne(peer));
  const disk = disks.get(victim?.id ?? '');
  if (victim === undefined || disk === undefined) return false;
  trail.note(`fill the disk of ${victim.id}`);
  victim.isEndExpected = true;
  await disk.fill();
  const hasEnded = await endsWithin(victim, NOTICED_WITHIN_MS);
  if (hasEnded) await judge(stage, victim);
  // A supervisor starts it again, full disk or not.
  if (hasEnded && chance.happens(0.5)) await tryInVain(stage, victim);
  await last(stage, chance, 0, 3000);
  trail.note(`empty the disk of ${victim.id}${hasEnded ? '' : ', which went on'}`);
  await disk.empty();
  await pause(SETTLED_WITHIN_MS);
  if (victim.isRunning) victim.isEndExpected = false;
  else cluster.restart(victim);
  cluster.release([victim]);
  return true;
}

async function tryInVain(stage: Stage, victim: PeerProcess): Promise<void> {
  stage.trail.note(`start ${victim.id} with its disk full`);
  stage.cluster.restart(victim);
  victim.isEndExpected = true;
  if (await endsWithin(victim, NOTICED_WITHIN_MS)) await judge(stage, victim);
}

async function endsWithin(peer: PeerProcess, withinMs: number): Promise<boolean> {
  await Promise.race([peer.ended, pause(withinMs)]);
  return !peer.isRunning;
}

async function judge({ complain, trail }: Stage, victim: PeerProcess): Promise<void> {
  const { code, lastWords } = await victim.ended;
  trail.note(`peer ${victim.id} ended with ${code}: ${lastWords}`);
  if (typeof code !== 'number' || code === 0) complain(`peer ${victim.id} ended with ${code} on a full disk`);
  if (lastWords === '') complain(`peer ${victim.id} ended without a word on a full disk`);
}
