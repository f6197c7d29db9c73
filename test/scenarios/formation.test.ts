/** Stories of a cluster coming together. */
import { Cluster, startCluster } from '../support/cluster.js';

describe('formation', () => {
  it('elects the highest of three peers that start at once', () => {
    const cluster = startCluster(['1', '2', '3']);

    expect(cluster.coordinator()).toBe('3');
    expect(cluster.warnings).toEqual([]);
  });

  it('lets the highest lead in the end when peers start one by one, and loses nothing of a stream meanwhile', async () => {
    const cluster = new Cluster({ peers: ['1', '2', '3'] });
    cluster.start('1');
    cluster.until('1 leads', () => cluster.coordinator() === '1');
    let said = 0;
    const talk = (ms: number) => {
      for (let passed = 0; passed < ms; passed += 20) {
        cluster.say('1', `line ${++said}`);
        cluster.advance(20);
      }
    };

    talk(500);
    cluster.start('2');
    talk(2000);
    cluster.start('3');
    talk(3000);
    cluster.advance(1000);
    await Promise.resolve();

    expect(cluster.coordinator()).toBe('3');
    expect(cluster.log('3')).toEqual(Array.from({ length: said }, (_, i) => `${i + 1} 1: line ${i + 1}`));
    expect(cluster.log('2')).toEqual(cluster.log('3'));
    expect(cluster.log('1')).toEqual(cluster.log('3'));
    expect(cluster.failed).toEqual([]);
  });

  it('lets the first one keep leading when takeover is never', () => {
    const cluster = startCluster(['1', '2', '3'], { options: { takeover: 'never' } });

    cluster.advance(10_000);

    expect(cluster.coordinator()).toBe('1');
  });
});
