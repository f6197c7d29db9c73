/** What most stories end with, and what several of them do. */
import type { Cluster } from './cluster.js';

/** 1 to `count`. */
export const runs = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);

/** Seeds of a story that once came out differently from run to run: so few, or as many as STORY_SEEDS says. */
export const seeds = (count: number): readonly number[] => runs(Number(process.env.STORY_SEEDS ?? count));

/**
 * Fails unless all that run hold one log, in which everything acknowledged stands where it was said to, each text once;
 * no place ever held two messages, and no term two coordinators. Answers that log.
 */
export function expectNothingLost(cluster: Cluster): readonly string[] {
  const [first = '', ...others] = cluster.peers.keys();
  const log = cluster.log(first);
  for (const id of others) expect(cluster.log(id)).toEqual(log);
  const isAstray = ({ text, sequence }: { text: string; sequence: number }) =>
    log[sequence - 1]?.endsWith(`: ${text}`) !== true;
  expect(cluster.acknowledged.filter(isAstray)).toEqual([]);
  const texts = log.map((line) => line.replace(/^\d+ /, ''));
  const seen = new Set<string>();
  expect(texts.filter((text) => seen.size === seen.add(text).size)).toEqual([]);
  expect(cluster.conflicts()).toEqual([]);
  expect([...cluster.reigns].filter(([, owners]) => owners.size > 1)).toEqual([]);
  return log;
}

/** Plays on, timer by timer, until it holds: for what has to happen at one moment and not a millisecond later. */
export function stepUntil(cluster: Cluster, what: string, holds: () => boolean): void {
  const limit = cluster.clock.now() + 10_000;
  while (!holds())
    if (cluster.clock.now() > limit || !cluster.clock.runNext()) throw new Error(`not seen: ${what}`);
}
