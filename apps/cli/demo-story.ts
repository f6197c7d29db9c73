/** The demo that plays by itself: form, talk, kill the coordinator, elect, talk, restart, catch up; then compare all logs. */
import { isDeepStrictEqual } from 'node:util';
import type { Delivery } from '../../actors/index.js';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { until } from '../node/until.js';
import type { DemoCluster } from './demo-cluster.js';
import type { DemoPeer } from './demo-peer.js';
import { enumeration } from './demo-words.js';

const LINES_EACH = 10;
const CAUGHT_UP_WITHIN_MS = 40_000;

type Tell = (step: string, words: string) => void;

/**
 * Plays the story, telling each step.
 *
 * @throws ProgramFailure with what did not happen, or what differs.
 */
export async function playStory(cluster: DemoCluster, tell: Tell): Promise<void> {
  const said: string[] = [];
  const talk = async (peers: readonly DemoPeer[], about: string) => {
    const texts = await converse(peers, about);
    said.push(...texts);
    tell('talk', `${texts.length} lines said at ${namesOf(peers)} at once; every one has its number`);
  };

  const first = await cluster.form();
  tell(
    'form',
    `three processes: ${cluster.peers.map((peer) => `${peer.id} at ${peer.listen()}`).join(', ')}`,
  );
  tell('elect', first.words);
  await talk(cluster.peers, 'before');

  const victim = cluster.peer(first.leader);
  if (victim === undefined) throw new Error(`there is no peer ${first.leader}`);
  const survivors = cluster.peers.filter((peer) => peer !== victim);
  await replaceCoordinator(cluster, victim, tell, () => talk(survivors, 'during'));
  await talk(survivors, 'after');

  await cluster.restart(victim);
  tell('restart', `${victim.id} is back, with its journal, at the same address`);
  await untilCaughtUp(cluster, said.length);
  tell('catch up', `${victim.id} has all ${said.length} messages, those it missed included`);
  const third = await cluster.agreement(
    `peer ${victim.id} to lead again`,
    ({ leader }) => leader === victim.id,
  );
  tell('elect', third.words);
  await talk(cluster.peers, 'again');

  await untilCaughtUp(cluster, said.length);
  compare(await Promise.all(cluster.peers.map(async (peer) => ({ peer, log: await peer.log() }))), said);
  tell(
    'check',
    `the logs of ${namesOf(cluster.peers)} are equal: ${said.length} messages, each once, none missing`,
  );
}

/** Kills the coordinator while the others talk; what is said while nobody leads must get its number too. */
async function replaceCoordinator(
  cluster: DemoCluster,
  victim: DemoPeer,
  tell: Tell,
  talk: () => Promise<void>,
): Promise<void> {
  await victim.kill();
  const killedAt = performance.now();
  tell('kill', `kill -9 of ${victim.id}, the coordinator; the others go on talking while nobody leads`);
  const elected = async () => {
    const election = await cluster.agreement('another to be elected', ({ leader }) => leader !== victim.id);
    tell(
      'elect',
      `${election.words} (${((performance.now() - killedAt) / 1000).toFixed(1)} s after the kill)`,
    );
  };
  await Promise.all([elected(), talk()]);
}

const namesOf = (peers: readonly DemoPeer[]): string => enumeration(peers.map(({ id }) => id));

/** All peers speak at once, each its lines one after the other. */
async function converse(peers: readonly DemoPeer[], about: string): Promise<string[]> {
  const texts = await Promise.all(
    peers.map(async (peer) => {
      const own = Array.from({ length: LINES_EACH }, (_, i) => `${about} ${i + 1}, said at ${peer.id}`);
      for (const text of own) await peer.say(text);
      return own;
    }),
  );
  return texts.flat();
}

function untilCaughtUp(cluster: DemoCluster, messages: number): Promise<true> {
  return until(`all three to have ${messages} messages`, CAUGHT_UP_WITHIN_MS, async () => {
    const statuses = await cluster.statuses();
    return statuses.length === cluster.peers.length && statuses.every(({ sequence }) => sequence >= messages);
  });
}

interface KeptLog {
  readonly peer: DemoPeer;
  readonly log: readonly Delivery[];
}

/** @throws ProgramFailure 1 with the first difference. */
function compare(logs: readonly KeptLog[], said: readonly string[]): void {
  const [first, ...others] = logs;
  if (first === undefined) throw new Error('there are no logs to compare');
  for (const other of others) {
    const at = differsAt(first.log, other.log);
    if (at === null) continue;
    const shown = [first, other].map(
      ({ peer, log }) => `${peer.id} has ${JSON.stringify(log[at]) ?? 'nothing'}`,
    );
    throw new ProgramFailure(EXIT.failed, `the logs differ at message ${at + 1}: ${shown.join(', ')}`);
  }
  const heard = first.log.map(({ payload }) => (payload as { text: string }).text);
  const misnumbered = first.log.find(({ sequence }, i) => sequence !== i + 1);
  if (misnumbered !== undefined)
    throw new ProgramFailure(EXIT.failed, `there is a hole before number ${misnumbered.sequence}`);
  if (!isDeepStrictEqual([...heard].sort(), [...said].sort()))
    throw new ProgramFailure(
      EXIT.failed,
      `${said.length} lines were said, but the logs hold ${heard.length} others`,
    );
}

function differsAt(one: readonly Delivery[], other: readonly Delivery[]): number | null {
  const length = Math.max(one.length, other.length);
  for (let i = 0; i < length; i++) if (!isDeepStrictEqual(one[i], other[i])) return i;
  return null;
}
