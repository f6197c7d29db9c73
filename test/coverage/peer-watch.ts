/** Who is believed to be there, in the peer's own chart. */
import { startCluster } from '../support/cluster.js';
import { runs } from '../support/stories.js';

const three = ['1', '2', '3'];

export function watchStories(): void {
  describe('a peer goes on watching', () => {
    it('when it cannot hear a member that another one hears', () => {
      const cluster = startCluster(three);

      cluster.network.cut('1', '3');
      cluster.until('1 is relayed', () => cluster.status('1').machines.election === 'following.relayed');

      expect(cluster.status('2').coordinator).toBe('3');
    });

    it('those that are left, when one has been down for so long that it loses its vote', () => {
      const cluster = startCluster(three, { options: { lastManStanding: true, lastManStandingMs: 500 } });
      const isOut = () => cluster.status('3').view.members.length === 2;

      cluster.crash('1');
      cluster.until('1 has no vote', isOut, 5000);

      expect(cluster.status('3').machines).not.toHaveProperty('failure-detector:1');
    });

    it('when it stood still itself, and again before it has recovered', () => {
      const cluster = startCluster(three);
      for (const _ of runs(2)) {
        cluster.pause('1');
        cluster.advance(110);
        cluster.resume('1');
        cluster.advance(20);
      }
      cluster.advance(400);

      expect(cluster.status('1').machines.peer).toContain('health.healthy');
      expect(cluster.coordinator()).toBe('3');
    });
  });
}
