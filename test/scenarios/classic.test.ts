/** Mode `classic`: the textbook's Bully, with the faults it has, shown as they are (PROTOCOL §12). */
import type { Delivery } from '../../actors/index.js';
import { Cluster } from '../support/cluster.js';

const five = ['1', '2', '3', '4', '5'];

interface Story {
  readonly cluster: Cluster;
  /** What each peer was told to have lost. */
  readonly lost: Map<string, string[]>;
}

const textOf = ({ payload }: Delivery) => String((payload as { readonly text?: unknown }).text ?? payload);

function classic(peers: readonly string[], options: object = {}): Story {
  const cluster = new Cluster({ peers, options: { mode: 'classic', ...options } });
  const lost = new Map<string, string[]>();
  for (const id of peers) {
    const peer = cluster.start(id);
    lost.set(id, []);
    peer.on('lost', (event) => lost.get(id)?.push(...event.lost.map(textOf)));
  }
  const highest = [...peers].sort().at(-1);
  cluster.until('the highest leads', () => cluster.coordinator() === highest, 20_000);
  cluster.until('all belong', () => peers.every((id) => cluster.status(id).ready), 20_000);
  cluster.advance(1000);
  return { cluster, lost };
}

const textsAt = (cluster: Cluster, id: string) => cluster.peer(id).history().map(textOf);

function partition(cluster: Cluster): void {
  for (const a of ['1', '2', '3']) for (const b of ['4', '5']) cluster.network.cut(a, b);
  cluster.until('there are two coordinators', () => cluster.status('1').coordinator === '3');
}

describe('a classic cluster', () => {
  it('orders and delivers like any other, while nothing fails', () => {
    const { cluster } = classic(['1', '2', '3']);

    for (let number = 1; number <= 5; number++) cluster.say('1', `line ${number}`);
    cluster.advance(500);

    expect(textsAt(cluster, '2')).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
    expect(textsAt(cluster, '3')).toEqual(textsAt(cluster, '2'));
  });

  it('has two coordinators in a partition, and both take messages', () => {
    const { cluster } = classic(five);

    partition(cluster);
    cluster.say('1', 'left');
    cluster.say('4', 'right');
    cluster.advance(1000);

    expect(cluster.status('5').role).toBe('coordinator');
    expect(cluster.status('3').role).toBe('coordinator');
    expect(cluster.acknowledged.map(({ text, sequence }) => [text, sequence])).toEqual(
      expect.arrayContaining([
        ['left', 1],
        ['right', 1],
      ]),
    );
  });

  it('goes on with one log when the partition heals, and says what the other side has lost', () => {
    const { cluster, lost } = classic(five);
    cluster.say('1', 'before');
    cluster.advance(500);

    partition(cluster);
    cluster.say('1', 'left');
    cluster.say('4', 'right');
    cluster.advance(1000);
    cluster.network.heal();
    cluster.until('one leads', () => cluster.coordinator() === '5', 20_000);
    cluster.advance(3000);

    const told = [...lost.values()].flat();
    const [texts] = five.map((id) => textsAt(cluster, id));
    for (const id of five) expect(textsAt(cluster, id)).toEqual(texts);
    expect(texts?.[0]).toBe('before');
    // Which side wins is a matter of terms; what the other one had acknowledged is gone, and is reported.
    for (const text of ['left', 'right'].filter((one) => !texts?.includes(one))) expect(told).toContain(text);
    expect(told).not.toEqual([]);
  });

  it('takes new messages from everybody once it has healed', () => {
    const { cluster } = classic(five);
    partition(cluster);
    cluster.say('4', 'right');
    cluster.advance(1000);
    cluster.network.heal();
    cluster.until('one leads', () => cluster.coordinator() === '5', 20_000);
    cluster.advance(3000);

    for (const id of five) cluster.say(id, `after, by ${id}`);
    cluster.advance(5000);

    for (const id of five) for (const by of five) expect(textsAt(cluster, id)).toContain(`after, by ${by}`);
  });

  it('goes on with one peer', () => {
    const { cluster } = classic(['1', '2', '3']);

    cluster.crash('3');
    cluster.crash('2');
    cluster.until('1 leads', () => cluster.coordinator() === '1');
    cluster.say('1', 'alone');
    cluster.advance(500);

    expect(textsAt(cluster, '1')).toEqual(['alone']);
  });

  it('is thrown over by a highest peer that comes back, which brings its old log along', () => {
    const { cluster, lost } = classic(['1', '2', '3']);
    cluster.crash('3');
    cluster.until('2 leads', () => cluster.coordinator() === '2');
    cluster.say('1', 'while 3 was away');
    cluster.advance(500);

    cluster.start('3');
    cluster.until('3 leads', () => cluster.coordinator() === '3');
    cluster.advance(2000);

    expect(textsAt(cluster, '1')).toEqual(textsAt(cluster, '3'));
    const isThere = textsAt(cluster, '3').includes('while 3 was away');
    expect(isThere || lost.get('1')?.includes('while 3 was away')).toBe(true);
  });

  it('goes on following a lower coordinator, when take-over is never', () => {
    const cluster = new Cluster({ peers: ['1', '2'], options: { mode: 'classic', takeover: 'never' } });
    cluster.start('1');
    cluster.until('1 leads', () => cluster.coordinator() === '1');

    cluster.start('2');
    cluster.advance(10_000);

    expect(cluster.coordinator()).toBe('1');
  });
});
