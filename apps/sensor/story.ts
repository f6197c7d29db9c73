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
/** Beyond the time the readings take by themselves. */
const SLACK_MS = 90_000;
/** How many each has published before somebody is killed. */
const BEFORE = 5;

/** @throws ProgramFailure 1 with what did not happen, or what differs. */
export async function playFault(cluster: DemoCluster, tell: Tell, course: Course): Promise<void> {
  const leader = await begin(cluster, tell, course);
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
  const leader = await begin(cluster, tell, course);
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

async function begin(cluster: DemoCluster, tell: Tell, course: Course): Promise<string> {
  const { leader, words } = await cluster.form();
  const { length } = cluster.peers;
  tell(
    'form',
    `${length} sensors, each a process: ${cluster.peers.map((peer) => `${peer.id} at ${peer.listen()}`).join(', ')}`,
  );
  tell('elect', words);
  const count = await publishedAll(cluster, BEFORE, course);
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
  await publishedAll(cluster, course.readings, course);
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

/** Waits until every peer has `count` readings of every sensor. @returns how many there are in all. */
export async function publishedAll(cluster: DemoCluster, count: number, course: Course): Promise<number> {
  const withinMs = (count * course.intervalMs) / course.speed + SLACK_MS;
  const { length } = cluster.peers;
  return until(`${count} readings of each sensor at every peer`, withinMs, async () => {
    const seen = await Promise.all(
      cluster.peers.map((peer) => peer.read<Sensors>('/v1/sensors').catch(() => undefined)),
    );
    const isThere = seen.every(
      (answer) =>
        answer?.sensors.length === length && answer.sensors.every(({ published }) => published >= count),
    );
    if (!isThere) return false;
    return seen[0]?.sensors.reduce((sum, { published }) => sum + published, 0);
  });
}
