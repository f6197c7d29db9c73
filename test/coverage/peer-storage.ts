/** Stories of a peer and its disk, for the coverage of the peer's chart: told where that is counted. */
import { damage, distort, talk, told } from '../support/disks.js';

export function storageStories(): void {
  describe('a peer stores', () => {
    it('what it can, and says when it cannot, and when it can again', () => {
      const isFull = { now: false };
      const { cluster } = told('1', isFull);
      talk(cluster, '2', 700);
      isFull.now = true;
      talk(cluster, '2', 1);
      isFull.now = false;
      cluster.until('there is room', () => cluster.warnings.some((line) => line.includes('disk-has-room')));

      expect(cluster.peer('1').dropped()).toBeGreaterThan(0);
    });

    it('slowly, and so does not coordinate; and then as fast as before', () => {
      const syncMs = { now: 1 };
      const { cluster } = told('3', { now: false }, syncMs);
      const warned = (code: string) => () => cluster.warnings.some((line) => line.includes(code));
      const goOn = (ms: number) => {
        for (let passed = 0; passed < ms; passed += 200) {
          cluster.say('1', `line ${passed}`);
          cluster.advance(200);
        }
      };
      syncMs.now = 1500;
      goOn(3000);
      syncMs.now = 1;
      goOn(6000);
      expect(warned('disk-slow')()).toBe(false);
      syncMs.now = 1500;
      goOn(25_000);
      syncMs.now = 1;
      goOn(6000);
      syncMs.now = 1500;
      goOn(3000);
      expect(warned('disk-keeps-up')()).toBe(false);
      syncMs.now = 1;
      cluster.until('it keeps up', warned('disk-keeps-up'), 30_000);

      expect(cluster.warnings).toContainEqual(expect.stringContaining('3: disk-slow'));
    });

    it('what it had lost, and then votes again', () => {
      const story = told('1');
      const { cluster } = story;
      talk(cluster, '2', 50);
      cluster.crash('1');
      damage(story, 10);
      story.start();
      cluster.until('it votes', () => cluster.warnings.some((line) => line.includes('data-recovered')));

      expect(cluster.status('1').ready).toBe(true);
    });

    it('nothing, once it is the odd one out', () => {
      const story = told('1');
      const { cluster } = story;
      talk(cluster, '2', 850);
      cluster.crash('1');
      distort(story);
      story.start();
      cluster.until('it is back', () => cluster.status('1').ready);
      talk(cluster, '2', 300);

      expect(cluster.status('1').role).toBe('stopped');
    });
  });
}
