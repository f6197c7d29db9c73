/** Stories of disks that lose, distort or have no room for what they are given (PROTOCOL §11, D3–D5). */
import { damage, distort, talk, told } from '../support/disks.js';

describe('a disk that has lost part of what was acknowledged', () => {
  it('takes the vote of its peer, until that has learnt it again', () => {
    const story = told('1');
    const { cluster } = story;
    talk(cluster, '2', 50);
    cluster.crash('1');
    damage(story, 10);
    // Nobody coordinates who could teach it: 2 alone is no quorum, and 1 must not make it one.
    cluster.crash('3');
    story.start();
    cluster.advance(3000);
    const alone = [cluster.status('1'), cluster.status('2')];

    cluster.start('3');
    cluster.until('1 has recovered', () =>
      cluster.warnings.some((line) => line.startsWith('1: data-recovered')),
    );
    cluster.crash('3');
    cluster.until('1 and 2 go on', () => cluster.coordinator() === '2');
    talk(cluster, '1', 1, 'after');

    expect(alone.map(({ coordinator }) => coordinator)).toEqual([null, null]);
    expect(alone[0]?.machines.sequencer).toBe('damaged.asking');
    expect(alone[0]?.notReady).toContain('gone');
    expect(cluster.log('1')).toEqual(cluster.log('2'));
    expect(cluster.conflicts()).toEqual([]);
  });

  it('never makes its peer coordinate, though it has the highest id', () => {
    const story = told('3');
    const { cluster } = story;
    talk(cluster, '2', 20);
    cluster.crash('3');
    damage(story, 3);
    cluster.until('2 leads', () => cluster.coordinator() === '2');
    story.start();
    cluster.until('3 leads again, whole', () => cluster.coordinator() === '3');

    expect(cluster.warnings.some((line) => line.startsWith('3: data-recovered'))).toBe(true);
    expect(cluster.log('3')).toEqual(cluster.log('1'));
  });
});

describe('a disk that has distorted an entry without a trace', () => {
  it('gives its peer away by its state: it drops all it has, and learns anew', () => {
    const story = told('1');
    const { cluster, disk } = story;
    talk(cluster, '2', 850);
    cluster.crash('1');
    distort(story);
    story.start();
    cluster.until('1 is back', () => cluster.status('1').ready);
    talk(cluster, '2', 300, 'more');
    const isQuarantined = cluster.warnings.filter((line) => /state-diverged|stopped|failed/.test(line));
    disk.isHeld = false;
    story.start();
    cluster.until('1 is whole', () => cluster.warnings.some((line) => line.startsWith('1: data-recovered')));
    cluster.until('1 has caught up', () => cluster.status('1').sequence === 1150);

    expect(isQuarantined).toEqual([
      expect.stringContaining('3: state-diverged: 1 has derived another state'),
      expect.stringContaining('1: failed: this peer had derived another state'),
    ]);
    expect(cluster.log('1').slice(-100)).toEqual(cluster.log('2').slice(-100));
  });
});

describe('a disk without room', () => {
  it('makes its peer wait, and hand over what it coordinates; nothing is lost', () => {
    const isFull = { now: false };
    const { cluster } = told('3', isFull);
    talk(cluster, '1', 10);

    isFull.now = true;
    talk(cluster, '1', 10, 'meanwhile');
    cluster.until('2 leads', () => cluster.status('1').coordinator === '2');
    const during = cluster.status('3');
    talk(cluster, '3', 10, 'through a full peer');
    isFull.now = false;
    cluster.until('3 leads again', () => cluster.coordinator() === '3');

    expect(during.machines.journal).toMatch(/full|retrying/);
    expect(during.notReady).toContain('no room');
    expect(cluster.failed).toEqual([]);
    expect(cluster.acknowledged).toHaveLength(30);
    expect(cluster.log('3')).toEqual(cluster.log('1'));
    expect(cluster.warnings.filter((line) => line.includes('disk-'))).toEqual([
      expect.stringContaining('3: disk-full'),
      expect.stringContaining('3: disk-has-room'),
    ]);
  });
});
