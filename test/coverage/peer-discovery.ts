/** Stories of peers that were told no address, for the coverage of the peer's chart. */
import { Cluster } from '../support/cluster.js';
import { ShoutingPlace } from '../support/shouting.js';

export function discoveryStories(): void {
  describe('peers that know no address', () => {
    const start = (cluster: Cluster, place: ShoutingPlace, id: string) =>
      cluster.start(id, { seeds: [] }, { environment: { discovery: place.discovery() } });

    it('find each other, found one cluster, and shout no more', () => {
      const cluster = new Cluster({ peers: ['1', '2', '3'], options: { expect: 3, bootstrap: false } });
      const place = new ShoutingPlace(cluster.clock);
      for (const id of ['1', '2', '3']) start(cluster, place, id);
      cluster.until('3 leads', () => cluster.coordinator() === '3', 20_000);
      cluster.advance(1000);
      const questions = place.questions;
      cluster.advance(30_000);

      expect(['1', '2', '3'].every((id) => cluster.status(id).ready)).toBe(true);
      expect(place.questions).toBe(questions);
    });

    it('are not put off by another cluster of the same name, or by strangers', () => {
      const cluster = new Cluster({ peers: ['1', '2', '9'] });
      const place = new ShoutingPlace(cluster.clock);
      start(cluster, place, '1');
      cluster.start('9', { seeds: [], bootstrap: true }, { environment: { discovery: place.discovery() } });
      cluster.until('9 leads its own', () => cluster.status('9').role === 'coordinator');
      const late = start(cluster, place, '2');
      cluster.until('2 has joined one of them', () => late.status().ready, 20_000);

      expect(cluster.status('1').ready && cluster.status('9').ready).toBe(true);
    });
  });
}
