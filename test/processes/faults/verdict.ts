/** The end of a round: no more faults, everybody is back, and what all have is held against what clients were told. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { judge } from '../../history/checker.js';
import type { Delivered, Operation } from '../../history/operation.js';
import type { Cluster } from './cluster.js';
import { attempt } from './command.js';
import type { PeerProcess } from './peer-process.js';
import type { Trail } from './trail.js';

const LOOK_EVERY_MS = 200;
const PAGE = 1000;
/** What every peer has delivered, by id. */
type Logs = ReadonlyMap<string, readonly Delivered[]>;

/**
 * Waits until everybody is there, level, and follows the highest.
 *
 * @returns what is still wrong after `patienceMs`; null when nothing is.
 */
export async function comeToRest(cluster: Cluster, trail: Trail, patienceMs: number): Promise<string | null> {
  const since = trail.now();
  for (;;) {
    const unrest = (await cluster.unrest()) ?? (await unevenness(cluster));
    if (unrest === null) return null;
    if (trail.now() - since > patienceMs)
      return `${patienceMs / 1000} s after the last fault not all was well: ${unrest}`;
    await pause(LOOK_EVERY_MS);
  }
}

async function unevenness({ peers }: Cluster): Promise<string | null> {
  const statuses = await Promise.all(peers.map((peer) => peer.status()));
  const reached = new Set(statuses.map((status) => status?.applied));
  if (reached.size === 1) return null;
  return statuses.map((status) => `${status?.id} has applied ${status?.applied}`).join(', ');
}

/** All that every peer has delivered, over HTTP; a peer that does not answer is left out. */
export async function readLogs({ peers }: Cluster): Promise<Logs> {
  const logs = await Promise.all(
    peers.map(async (peer) => [peer.id, await wholeLog(peer).catch(() => null)] as const),
  );
  return new Map(logs.flatMap(([id, log]) => (log === null ? [] : [[id, log] as const])));
}

interface Message extends Omit<Delivered, 'key'> {
  readonly payload: { readonly key: string };
}

async function wholeLog(peer: PeerProcess): Promise<readonly Delivered[]> {
  const log: Delivered[] = [];
  for (;;) {
    const path = `/v1/messages?after=${log.length}&limit=${PAGE}&consistency=local`;
    const { messages } = await peer.ask<{ messages: readonly Message[] }>(path);
    for (const { sequence, topicSequence, topic, id, payload } of messages)
      log.push({ sequence, topicSequence, topic, key: payload.key, ...(id === undefined ? {} : { id }) });
    if (messages.length < PAGE) return log;
  }
}

/** What clients saw, against what the peers have. */
export function judgeHistory(operations: readonly Operation[], logs: Logs): readonly string[] {
  const lengths = new Set([...logs.values()].map((log) => log.length));
  const uneven = [...logs].map(([id, log]) => `${id} has ${log.length}`).join(', ');
  return [
    ...(lengths.size > 1 ? [`not all have as many deliveries: ${uneven}`] : []),
    ...judge({ operations, logs, reads: 'linearizable' }).map(({ rule, sentence }) => `${rule}: ${sentence}`),
  ];
}

/**
 * Ends every process and reads the journals: each must be whole, and up to what was committed they must be equal.
 *
 * @returns what is wrong, in sentences.
 */
export async function judgeJournals(cluster: Cluster, command: string): Promise<readonly string[]> {
  const statuses = await Promise.all(cluster.peers.map((peer) => peer.status()));
  const committed = Math.min(...statuses.map((status) => status?.commit ?? 0));
  await Promise.all(cluster.peers.map((peer) => peer.terminate()));
  const wrong: string[] = [];
  const hashes = new Map<string, string>();
  const check = async ({ id, data }: PeerProcess) => {
    const { exitCode, stderr } = await attempt(process.execPath, [command, 'log', 'verify', data]);
    if (exitCode === 0) hashes.set(id, await hashOfLog(command, data, committed));
    else wrong.push(`bullpen log verify refuses the journal of ${id}: ${stderr.trim()}`);
  };
  await Promise.all(cluster.peers.map(check));
  if (new Set(hashes.values()).size > 1)
    wrong.push(
      `the journals differ within the first ${committed} entries: ${[...hashes].map(([id, hash]) => `${id} ${hash}`).join(', ')}`,
    );
  return wrong;
}

/** Of the first `entries` lines of `bullpen log cat`. */
async function hashOfLog(command: string, data: string, entries: number): Promise<string> {
  const child = spawn(process.execPath, [command, 'log', 'cat', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const hash = createHash('sha256');
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    lines += 1;
    if (lines <= entries) hash.update(`${line}\n`);
  }
  return `${Math.min(lines, entries)}:${hash.digest('hex').slice(0, 16)}`;
}
