/** The stories of the sensors, told step by step: a follower dies, or the coordinator does. Each is checked at every peer. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DemoCluster } from '../cli/demo-cluster.js';
import type { DemoPeer } from '../cli/demo-peer.js';
import { until } from '../node/until.js';
import { compareSeries } from './comparison.js';

export type Tell = (step: string, words: string) => void;

/** What each sensor does meanwhile. */
export interface Course {
  readonly intervalMs: number;
  readonly speed: number;
  readonly readings: number;
}

const SEEN_WITHIN_MS = 40_000;
/** No more readings in this time are too few. */
const IDLE_MS = 90_000;
/** How many each has published before somebody is killed. */
const BEFORE = 5;

/** @throws ProgramFailure 1 with what did not happen, or what differs. */
export async function playFault(cluster: DemoCluster, tell: Tell, course: Course): Promise<void> {
  const leader = await begin(cluster, tell);
  const victim = cluster.peers.find(({ id }) => id !== leader);
  if (victim === undefined) throw new Error('there is no follower');
  await killed(cluster, victim, 'a follower', tell);
  const election = await cluster.agreement(`${leader} to go on coordinating`, (one) => one.leader === leader);
  tell('lead', election.words);
  await comesBack(cluster, victim, tell);
  await finish(cluster, tell, course);
}

/** @throws ProgramFailure 1 with what did not happen, or what differs. */
export async function playElection(cluster: DemoCluster, tell: Tell, course: Course): Promise<void> {
  const leader = await begin(cluster, tell);
  const victim = cluster.peer(leader);
  if (victim === undefined) throw new Error(`there is no peer ${leader}`);
  const heir = cluster.peers.filter((peer) => peer !== victim).at(-1)?.id;
  await victim.kill();
  const elected = await cluster.agreement(
    `${heir}, the highest of the others, to coordinate`,
    (one) => one.leader === heir,
  );
  tell('elect', `${victim.id} was killed (-9) while it coordinated; ${elected.words}`);
  await killed(cluster, victim, 'the coordinator', tell);
  await comesBack(cluster, victim, tell);
  await finish(cluster, tell, course);
}

async function begin(cluster: DemoCluster, tell: Tell): Promise<string> {
  const { leader, words } = await cluster.form();
  const { length } = cluster.peers;
  tell(
    'form',
    `${length} sensors, each a process: ${cluster.peers.map((peer) => `${peer.id} at ${peer.listen()}`).join(', ')}`,
  );
  tell('elect', words);
  const count = await publishedAll(cluster, BEFORE);
  tell('publish', `${count} readings so far, of all ${length}`);
  return leader;
}

/** Kills it if it runs, and waits for the next view at the others: without it, and the same everywhere. */
async function killed(cluster: DemoCluster, victim: DemoPeer, role: string, tell: Tell): Promise<void> {
  if (victim.presence() === 'running') await victim.kill();
  const view = await agreedView(
    cluster,
    `a view without ${victim.id}`,
    (members) => !members.includes(victim.id),
  );
  tell(
    'view',
    `${victim.id}, ${role}, is gone: view ${view.view} at all others is ${view.members.join(', ')}`,
  );
}

async function comesBack(cluster: DemoCluster, victim: DemoPeer, tell: Tell): Promise<void> {
  await cluster.restart(victim);
  const view = await agreedView(cluster, `a view with ${victim.id}`, (members) =>
    members.includes(victim.id),
  );
  tell('restart', `${victim.id} is back: view ${view.view} is ${view.members.join(', ')}`);
}

async function finish(cluster: DemoCluster, tell: Tell, course: Course): Promise<void> {
  await publishedAll(cluster, course.readings);
  const sensors = cluster.peers.map(({ id }) => id);
  const rows = compareSeries(
    cluster.peers.map((peer) => peer.folder()),
    { sensors, ...course },
  );
  tell(
    'compare',
    `${sensors.map((id) => `${id}.csv`).join(', ')} are equal at all peers: ${rows} rows, each reading once`,
  );
}

interface AnnouncedView {
  readonly view: number;
  readonly members: readonly string[];
}

/** The newest view that each of those that run has announced: the same number, and the same members. */
async function agreedView(
  cluster: DemoCluster,
  what: string,
  fits: (members: readonly string[]) => boolean,
): Promise<AnnouncedView> {
  const running = cluster.peers.filter((peer) => peer.presence() === 'running');
  return until(`${what} at ${running.map(({ id }) => id).join(', ')}`, SEEN_WITHIN_MS, () => {
    const views = running.map(announcedBy);
    const [first] = views;
    if (first === undefined || !fits(first.members)) return false;
    return views.every((view) => isDeepStrictEqual(view, first)) && first;
  });
}

/** The last `view_change` in the peer's log file. */
function announcedBy(peer: DemoPeer): AnnouncedView | undefined {
  const lines = readFileSync(join(peer.folder(), 'sensor.log'), 'utf8').split('\n').slice(0, -1);
  const said = lines
    .map((line) => JSON.parse(line) as { readonly event: string } & AnnouncedView)
    .findLast(({ event }) => event === 'view_change');
  return said && { view: said.view, members: said.members };
}

interface Sensors {
  readonly sensors: readonly { readonly id: string; readonly published: number }[];
}

/**
 * Waits until every peer has `count` readings of every sensor, however long that takes, as long as there are more and more.
 *
 * @returns how many there are in all.
 */
export async function publishedAll(cluster: DemoCluster, count: number): Promise<number> {
  for (let before = -1; ; ) {
    const what = `${count} readings of each sensor at every peer; there were ${Math.max(0, before)} in all`;
    const { total, isThere } = await until(what, IDLE_MS, async () => {
      const now = await publishedNow(cluster, count);
      return (now.isThere || now.total > before) && now;
    });
    if (isThere) return total;
    before = total;
  }
}

/** By the peer that has most; whether all have enough. */
async function publishedNow(cluster: DemoCluster, count: number) {
  const answers = await Promise.all(
    cluster.peers.map((peer) => peer.read<Sensors>('/v1/sensors').catch(() => undefined)),
  );
  const counts = answers.map((answer) => answer?.sensors.map(({ published }) => published) ?? []);
  const { length } = cluster.peers;
  const isThere = counts.every(
    (own) => own.length === length && own.every((published) => published >= count),
  );
  const total = Math.max(...counts.map((own) => own.reduce((sum, published) => sum + published, 0)));
  return { total, isThere };
}
