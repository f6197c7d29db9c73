/** Stories of peers that found together, and of what classic mode takes back, for the coverage of the peer's chart. */
import { Cluster } from '../support/cluster.js';

export function foundingStories(): void {
  describe('a peer founds', () => {
    it('with others; not with those one of whom has agreed with somebody else', () => {
      const cluster = new Cluster({
        peers: ['1', '2', '3', '4', '5'],
        options: { expect: 3, bootstrap: false },
      });
      for (const id of ['1', '2', '3']) cluster.start(id);
      cluster.advance(20);
      // 3 does not learn what 1 and 2 have agreed on.
      cluster.network.cutOneWay('1', '3');
      cluster.advance(300);
      const early = cluster.status('1').machines.meeting;
      for (const id of ['4', '5']) cluster.start(id);
      cluster.until('5 leads', () => cluster.status('5').role === 'coordinator', 20_000);
      cluster.network.heal();
      cluster.until('all belong', () => ['1', '2', '3', '4'].every((id) => cluster.status(id).ready), 20_000);

      expect(early).toBe('agreed');
      expect(cluster.coordinator()).toBe('5');
    });
  });

  describe('a classic peer', () => {
    it('takes back what another coordinator does not know', () => {
      const cluster = new Cluster({ peers: ['1', '2'], options: { mode: 'classic' } });
      const lost: unknown[] = [];
      for (const id of ['1', '2']) cluster.start(id).on('lost', (event) => lost.push(...event.lost));
      cluster.until('2 leads', () => cluster.coordinator() === '2');
      cluster.advance(1000);
      cluster.network.cut('1', '2');
      cluster.until('both lead', () => cluster.status('1').role === 'coordinator');
      cluster.say('1', 'of 1');
      cluster.say('2', 'of 2');
      cluster.advance(500);
      cluster.network.heal();
      cluster.until('2 leads again', () => cluster.coordinator() === '2', 20_000);
      cluster.advance(2000);

      expect(lost).not.toEqual([]);
    });
  });
}
