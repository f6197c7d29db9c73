/** Whoever watches a peer sees all of it, and does it no harm. */
import type { InspectedEvent, TraceRecord } from '../../actors/index.js';
import { Cluster } from '../support/cluster.js';

describe('an observer', () => {
  it('sees actors that are spawned while it watches, and the peer lives on', () => {
    const cluster = new Cluster({ peers: ['1', '2'] });
    const told: InspectedEvent[] = [];
    cluster.start('1').inspect((event) => told.push(event));
    cluster.until('1 leads', () => cluster.coordinator() === '1');

    cluster.start('2');
    cluster.until('2 leads', () => cluster.coordinator() === '2');

    const actors = told.filter((event) => event.type === 'actor').map((event) => event.actor);
    expect(actors).toEqual(expect.arrayContaining(['peer', 'election', 'sequencer', 'failure-detector:2']));
    expect(cluster.warnings).toEqual([]);
  });

  it('is told the cause of every record before the record itself', () => {
    const cluster = new Cluster({ peers: ['1', '2'] });
    const records: TraceRecord[] = [];
    cluster.start('1').trace((record) => records.push(record));
    cluster.start('2');
    cluster.until('2 leads', () => cluster.coordinator() === '2');

    expect(records.map(({ s }) => s)).toEqual(records.map((_, i) => i + 1));
    expect(records.filter(({ s, c }) => c !== undefined && c >= s)).toEqual([]);
    const election = records.find(({ a, st }) => a === 'election' && st === 'coordinating.unrivalled');
    expect(records.find(({ s }) => s === election?.c)?.ev).toBeDefined();
  });
});
