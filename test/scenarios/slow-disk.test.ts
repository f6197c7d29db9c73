/** Disks that have become slow (PROTOCOL §11, D5): who coordinates should have one that keeps up. */
import { type Cluster, startCluster } from '../support/cluster.js';
import { told } from '../support/disks.js';
import { expectNothingLost } from '../support/stories.js';

const SLOW_MS = 1500;

/** Somebody says something all the time; answers who coordinated meanwhile. */
function goOn(cluster: Cluster, ms: number, everyMs = 200): readonly (string | null)[] {
  const coordinators = new Set<string | null>();
  for (let passed = 0; passed < ms; passed += everyMs) {
    cluster.say('1', `at ${cluster.clock.now()}`);
    cluster.advance(everyMs);
    coordinators.add(cluster.status('1').coordinator);
  }
  return [...coordinators];
}

const isWarned = (cluster: Cluster, line: string) => cluster.warnings.some((one) => one.startsWith(line));

describe('a coordinator whose disk has become slow', () => {
  it('hands over to one whose disk keeps up, and is given the office back when its own does again', () => {
    const syncMs = { now: 1 };
    const { cluster } = told('3', { now: false }, syncMs);

    syncMs.now = SLOW_MS;
    const early = goOn(cluster, 9000);
    // It is told of slow syncs for ten seconds first; what it then writes takes its time too.
    goOn(cluster, 10_000);
    const meanwhile = goOn(cluster, 8000);
    syncMs.now = 1;
    cluster.until('3 leads again', () => cluster.coordinator() === '3', 60_000);
    cluster.advance(1000);

    expect(early).toEqual(['3']);
    expect(meanwhile).toEqual(['2']);
    expect(isWarned(cluster, '3: disk-slow')).toBe(true);
    expect(isWarned(cluster, '3: disk-keeps-up')).toBe(true);
    expectNothingLost(cluster);
  });

  it('keeps the office when that was one sync among many', () => {
    const syncMs = { now: 1 };
    const { cluster } = told('3', { now: false }, syncMs);

    for (let time = 0; time < 3; time++) {
      syncMs.now = SLOW_MS;
      expect(goOn(cluster, 400)).toEqual(['3']);
      syncMs.now = 1;
      expect(goOn(cluster, 5000)).toEqual(['3']);
    }

    expect(isWarned(cluster, '3: disk-slow')).toBe(false);
  });

  it('keeps it when all disks are slow: somebody has to', () => {
    const cluster = startCluster(['1', '2', '3'], { diskMs: 15, options: { slowDiskMs: 10 } });

    // Who finds out first may hand over to one that has not yet.
    goOn(cluster, 12_000, 15);
    const coordinators = goOn(cluster, 4000, 15);

    expect(coordinators).toHaveLength(1);
    expect(['1', '2', '3'].map((id) => isWarned(cluster, `${id}: disk-slow`))).toEqual([true, true, true]);
    expectNothingLost(cluster);
  });
});
