/** How a peer hands its office over, in the peer's own chart. */
import { type Cluster, startCluster } from '../support/cluster.js';
import { stepUntil } from '../support/stories.js';

const three = ['1', '2', '3'];
const lead = (cluster: Cluster, id: string) => () => cluster.coordinator() === id;
const sequencerOf = (cluster: Cluster, id: string) => cluster.status(id).machines.sequencer ?? '';
const isDrained = (cluster: Cluster, id: string) => () =>
  cluster.status(id).machines.peer?.includes('drained') === true;

export function handoverStories(): void {
  describe('a peer hands over', () => {
    it('when anybody asks for it, and says why not when it does not', async () => {
      const cluster = startCluster(three, { options: { takeover: 'never' } });

      const asked = cluster.peer('3').transfer('2');
      cluster.until('2 leads', lead(cluster, '2'));
      expect(await asked).toMatchObject({ coordinator: '2' });

      cluster.network.cut('1', '2');
      cluster.until('2 misses 1', () => cluster.status('2').machines['failure-detector:1'] === 'unreachable');
      const refused = cluster.peer('3').transfer('1');
      cluster.advance(50);
      await expect(refused).rejects.toMatchObject({ code: 'handover-refused' });
    });

    it('before it stops: to the next one when the first does not take over, and in the end to nobody', () => {
      const cluster = startCluster(three, { options: { handoverTimeoutMs: 50 } });
      void cluster.peer('3').drain();
      void cluster.peer('3').drain();
      cluster.network.cut('3', '2');
      cluster.network.cut('3', '1');
      cluster.until('it has given up', isDrained(cluster, '3'), 5000);
      void cluster.peer('3').drain();
    });

    it('at once when it leads nobody, and as soon as another one is followed', () => {
      const cluster = startCluster(three);
      void cluster.peer('1').drain();
      expect(cluster.status('1').machines.peer).toContain('drained');

      const others = startCluster(three);
      void others.peer('3').drain();
      others.until('2 leads', () => others.status('2').role === 'coordinator');
      others.until('3 may go', isDrained(others, '3'));
    });

    it('not for ever: whoever takes too long is not waited for', () => {
      const cluster = startCluster(three);
      stepUntil(cluster, '3 leads', () => sequencerOf(cluster, '3').includes('serving'));
      cluster.pause('2');
      cluster.pause('1');
      void cluster.peer('3').drain();
      cluster.until('it has given up', isDrained(cluster, '3'), 5000);
    });
  });
}
