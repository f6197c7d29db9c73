/** Stories of snapshots: what goes, what stays, and who is given one (PROTOCOL §11, D2). */
import * as z from 'zod';
import { defineReplica } from '../../actors/index.js';
import { Cluster } from '../support/cluster.js';

const OPTIONS = { snapshotEvery: 50, trailing: 20 };

function start(peers: readonly string[], options = {}): Cluster {
  const cluster = new Cluster({ peers, options: { ...OPTIONS, ...options } });
  for (const id of peers) cluster.start(id);
  cluster.until('somebody leads', () => cluster.coordinator() === peers.at(-1) && cluster.isAtRest());
  return cluster;
}

function talk(cluster: Cluster, id: string, count: number, name = 'line'): void {
  for (let i = 1; i <= count; i++) {
    cluster.say(id, `${name} ${i}`);
    if (i % 10 === 0) cluster.advance(5);
  }
  cluster.advance(300);
}

const baseOf = (cluster: Cluster, id: string): number => cluster.peer(id).core()?.log.base.lastIndex ?? -1;
const stateOf = (cluster: Cluster, id: string): string | undefined => cluster.peer(id).core()?.log.base.hash;
const tail = (cluster: Cluster, id: string) => cluster.log(id).slice(-10);

const counter = defineReplica({
  name: 'counter',
  command: z.object({ add: z.number().int() }),
  initial: () => ({ total: 0 }),
  apply: (state, { add }) => ({ state: { total: state.total + add }, result: state.total + add }),
});

describe('snapshots', () => {
  it('keep the log and the history short, however much is said', () => {
    const cluster = start(['1', '2', '3']);

    talk(cluster, '1', 1000);

    for (const id of ['1', '2', '3']) {
      const { log } = cluster.peer(id).core() ?? {};
      expect(log?.base.lastIndex).toBeGreaterThan(900);
      expect((log?.lastIndex ?? 0) - (log?.base.lastIndex ?? 0)).toBeLessThan(2 * 50 + 20);
      expect(cluster.log(id).length).toBeLessThan(2 * 50 + 20);
      expect(cluster.log(id).length).toBeGreaterThanOrEqual(20);
      expect(cluster.status(id).sequence).toBe(1000);
    }
    // Cut at the same places, and the same to the letter.
    expect(new Set(['1', '2', '3'].map((id) => `${baseOf(cluster, id)} ${stateOf(cluster, id)}`)).size).toBe(
      1,
    );
  });

  it('are where a peer goes on after a restart, with what followed, and with all it knew', () => {
    const cluster = start(['1', '2', '3']);
    cluster.say('1', 'said once', { key: 'k' });
    talk(cluster, '1', 200);

    for (const id of ['1', '2', '3']) cluster.crash(id);
    for (const id of ['1', '2', '3']) cluster.start(id);
    cluster.until('somebody leads', () => cluster.coordinator() === '3');
    cluster.say('2', 'said once', { key: 'k' });
    talk(cluster, '2', 5, 'after');

    expect(cluster.acknowledged.filter(({ text }) => text === 'said once')).toEqual([
      { text: 'said once', sequence: 1 },
      { text: 'said once', sequence: 1 },
    ]);
    expect(cluster.status('1').sequence).toBe(206);
    expect(tail(cluster, '1')).toEqual(tail(cluster, '3'));
  });

  it('are given to a newcomer, in the place of a past that nobody has any more', () => {
    const cluster = start(['1', '2', '3']);
    talk(cluster, '1', 300);

    cluster.start('0', { seeds: ['1:7000'] });
    cluster.until('0 votes', () => cluster.status('0').role === 'follower');
    talk(cluster, '0', 3, 'newcomer');

    expect(cluster.status('0').sequence).toBe(303);
    expect(cluster.peer('0').dropped()).toBeGreaterThanOrEqual(200);
    expect(tail(cluster, '0')).toEqual(tail(cluster, '1'));
  });

  it('are given to a peer that was away too long, which loses nothing but its sight of the past', () => {
    const cluster = start(['1', '2', '3']);
    talk(cluster, '1', 10);
    cluster.pause('1');
    cluster.advance(1000);
    talk(cluster, '2', 1000);
    const before = baseOf(cluster, '3');

    cluster.resume('1');
    cluster.until('1 has caught up', () => cluster.status('1').sequence === 1010);

    expect(baseOf(cluster, '1')).toBeGreaterThanOrEqual(before);
    expect(tail(cluster, '1')).toEqual(tail(cluster, '2'));
    expect(cluster.conflicts()).toEqual([]);
  });

  it('tell whoever submitted meanwhile that it was delivered, not where', () => {
    const cluster = start(['1', '2', '3']);
    talk(cluster, '1', 1);
    const { lastIndex } = cluster.peer('3').core()?.log ?? { lastIndex: 0 };
    cluster.say('1', 'into the gap');
    // It is ordered, and 1 stops before it hears so; what is on its way to it is lost.
    for (let last = lastIndex; last === lastIndex; last = cluster.peer('3').core()?.log.lastIndex ?? 0)
      cluster.advance(0.1);
    cluster.pause('1');
    for (const id of ['2', '3']) cluster.network.reset('1', id);
    talk(cluster, '2', 600);

    cluster.resume('1');
    cluster.until('1 has caught up', () => cluster.status('1').sequence === cluster.status('3').sequence);
    talk(cluster, '1', 2, 'later');

    const outcomes = [
      ...cluster.failed.map(({ text, code }) => `${text}: ${code}`),
      ...cluster.acknowledged.filter(({ text }) => text === 'into the gap').map(({ text }) => `${text}: ok`),
    ];
    expect(outcomes).toEqual(['into the gap: outcome-unknown']);
    expect(cluster.acknowledged.filter(({ text }) => text.startsWith('later'))).toHaveLength(2);
  });

  it('let a candidate that is behind them lead, once it has one', () => {
    const cluster = start(['1', '2', '3']);
    talk(cluster, '1', 10);
    cluster.crash('2');
    talk(cluster, '1', 300);
    cluster.crash('3');

    cluster.start('2');
    cluster.until('2 leads', () => cluster.coordinator() === '2');
    talk(cluster, '2', 3, 'after');

    expect(cluster.status('2').sequence).toBe(313);
    expect(tail(cluster, '2')).toEqual(tail(cluster, '1'));
  });

  it('carry the states of replicas, also to a newcomer', async () => {
    const cluster = start(['1', '2', '3']);
    const [handle] = ['1', '2', '3'].map((id) => cluster.peer(id).replica(counter));
    for (let i = 0; i < 150; i++) void handle?.execute({ add: 1 });
    talk(cluster, '1', 100);

    cluster.start('0', { seeds: ['1:7000'] });
    const theirs = cluster.peer('0').replica(counter);
    cluster.until('0 votes', () => cluster.status('0').role === 'follower');

    expect(theirs.state()).toEqual({ total: 150 });
    cluster.crash('0');
    const again = cluster.start('0').replica(counter);
    cluster.until('0 is back', () => cluster.status('0').ready);
    expect(again.state()).toEqual({ total: 150 });
  });

  it('leave a replica that starts too late without its past, and say so', () => {
    const cluster = start(['1']);
    for (let i = 0; i < 150; i++) cluster.say('1', 'no command', { topic: 'replica:counter' });
    cluster.advance(500);

    expect(() => cluster.peer('1').replica(counter)).toThrow('counter: its first');
  });

  it('end an iteration whose place is gone with an error, not with a gap', async () => {
    const cluster = start(['1']);
    talk(cluster, '1', 300);

    const gone = cluster.peer('1').deliveries({ after: 5 }).next();
    const oldest = cluster.peer('1').deliveries().next();

    await expect(gone).rejects.toMatchObject({ code: 'history-gone' });
    await expect(oldest).resolves.toMatchObject({ value: { sequence: cluster.peer('1').dropped() + 1 } });
  });

  it('can be switched off: then the log is kept whole', () => {
    const cluster = start(['1'], { snapshotEvery: 0 });
    talk(cluster, '1', 300);

    expect(baseOf(cluster, '1')).toBe(0);
    expect(cluster.log('1')).toHaveLength(300);
  });
});
