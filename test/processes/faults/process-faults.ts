/** What can happen to a process: it is killed, told to end, or held. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { type Fault, last, type Stage } from './fault.js';
import type { Ending } from './peer-process.js';

const ENDED_WITHIN_MS = 30_000;

export const PROCESS_FAULTS: readonly Fault[] = [
  { kind: 'kill', name: 'kill one', weight: 3, apply: (stage, chance) => killSome(stage, chance, 1, false) },
  {
    kind: 'kill',
    name: 'kill the coordinator',
    weight: 3,
    apply: (stage, chance) => killSome(stage, chance, 1, true),
  },
  {
    kind: 'kill',
    name: 'kill a majority',
    weight: 1,
    apply: (stage, chance) => killSome(stage, chance, Math.floor(stage.cluster.peers.length / 2) + 1, false),
  },
  {
    kind: 'kill',
    name: 'kill all',
    weight: 1,
    apply: (stage, chance) => killSome(stage, chance, stage.cluster.peers.length, false),
  },
  { kind: 'kill', name: 'kill again and again', weight: 1, apply: killRepeatedly },
  { kind: 'term', name: 'end one', weight: 2, apply: (stage, chance) => terminate(stage, chance, false) },
  {
    kind: 'term',
    name: 'end the coordinator',
    weight: 1,
    apply: (stage, chance) => terminate(stage, chance, true),
  },
  { kind: 'stop', name: 'hold one', weight: 2, apply: (stage, chance) => hold(stage, chance, 1, false) },
  {
    kind: 'stop',
    name: 'hold the coordinator',
    weight: 2,
    apply: (stage, chance) => hold(stage, chance, 1, true),
  },
  {
    kind: 'stop',
    name: 'hold all',
    weight: 1,
    apply: (stage, chance) => hold(stage, chance, stage.cluster.peers.length, false),
  },
];

/** `kill -9` of several in the same moment; each comes back in its own time. */
async function killSome(
  stage: Stage,
  chance: Chance,
  count: number,
  coordinatorFirst: boolean,
): Promise<boolean> {
  const { cluster, trail } = stage;
  const victims = cluster.take(chance, count, coordinatorFirst);
  if (victims.length === 0) return false;
  trail.note(`kill -9 ${names(victims)}`);
  await Promise.all(victims.map((peer) => peer.kill()));
  const turns = victims.map((peer) => ({ peer, chance: chance.fork() }));
  await Promise.all(
    turns.map(async ({ peer, chance: own }) => {
      await last(stage, own, 0, 6000);
      trail.note(`start ${peer.id}`);
      cluster.restart(peer);
    }),
  );
  cluster.release(victims);
  return true;
}

/** Dies again while it is still reading its journal, or joining, or catching up. */
async function killRepeatedly(stage: Stage, chance: Chance): Promise<boolean> {
  const { cluster, trail } = stage;
  const [victim] = cluster.take(chance, 1, chance.happens(0.5));
  if (victim === undefined) return false;
  for (let times = 3; times > 0; times--) {
    trail.note(`kill -9 ${victim.id}, and start it`);
    await victim.kill();
    cluster.restart(victim);
    await last(stage, chance, 100, 1500);
  }
  cluster.release([victim]);
  return true;
}

async function terminate(stage: Stage, chance: Chance, coordinatorFirst: boolean): Promise<boolean> {
  const { cluster, trail, complain } = stage;
  const [victim] = cluster.take(chance, 1, coordinatorFirst);
  if (victim === undefined) return false;
  trail.note(`SIGTERM ${victim.id}`);
  const late = pause(ENDED_WITHIN_MS, 'late' as const);
  const ending = await Promise.race([victim.terminate(), late]);
  if (ending === 'late') {
    complain(`peer ${victim.id} had not ended ${ENDED_WITHIN_MS / 1000} s after SIGTERM`);
    await victim.kill();
  } else if (ending.code !== 0 && !diesOfIt(ending))
    complain(`peer ${victim.id} ended with ${ending.code} after SIGTERM: ${ending.lastWords}`);
  await last(stage, chance, 0, 4000);
  trail.note(`start ${victim.id}`);
  cluster.restart(victim);
  cluster.release([victim]);
  return true;
}

/** Before the command is loaded nothing of ours hears the signal: the system ends such a process, which has done nothing yet. */
const diesOfIt = ({ code, isUnheard }: Ending): boolean => code === 'SIGTERM' && isUnheard;

async function hold(
  stage: Stage,
  chance: Chance,
  count: number,
  coordinatorFirst: boolean,
): Promise<boolean> {
  const { cluster, trail } = stage;
  const victims = cluster.take(chance, count, coordinatorFirst);
  if (victims.length === 0) return false;
  trail.note(`SIGSTOP ${names(victims)}`);
  for (const peer of victims) peer.stop();
  // Mostly a few seconds, at times many.
  await last(stage, chance, 1000, chance.happens(0.3) ? 20_000 : 6000);
  trail.note(`SIGCONT ${names(victims)}`);
  for (const peer of victims) peer.continue();
  cluster.release(victims);
  return true;
}

const names = (peers: readonly { readonly id: string }[]): string => peers.map(({ id }) => id).join(', ');
