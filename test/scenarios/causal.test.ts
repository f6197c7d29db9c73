import type { CausalDelivery } from '../../actors/broadcasts.js';
import { type Cluster, startCluster } from '../support/cluster.js';

/** What each peer hears on the causal channel, as it hears it. */
function listen(cluster: Cluster): Map<string, string[]> {
  const heard = new Map<string, string[]>();
  for (const [id, peer] of cluster.peers) {
    const texts: string[] = [];
    heard.set(id, texts);
    peer.causal.on((messages: readonly CausalDelivery[]) =>
      texts.push(...messages.map(({ payload }) => String(payload))),
    );
  }
  return heard;
}

describe('the causal channel of a cluster', () => {
  it('brings everybody everything, and no answer before its question', () => {
    const cluster = startCluster(['1', '2', '3']);
    const heard = listen(cluster);
    cluster.peer('2').causal.on((messages) => {
      for (const { payload } of messages)
        if (String(payload).startsWith('question'))
          cluster.peer('2').causal.send('talk', `answer to ${payload}`);
    });

    for (let i = 1; i <= 20; i++) {
      cluster.peer('1').causal.send('talk', `question ${i}`);
      cluster.advance(i % 3);
    }
    cluster.until('all have heard all', () => [...heard.values()].every((texts) => texts.length === 40));

    for (const texts of heard.values())
      for (let i = 1; i <= 20; i++)
        expect(texts.indexOf(`answer to question ${i}`)).toBeGreaterThan(texts.indexOf(`question ${i}`));
  });

  it('goes on without a coordinator, and mends what was lost on the way by whoever keeps it', () => {
    const cluster = startCluster(['1', '2', '3']);
    const heard = listen(cluster);
    cluster.network.cut('1', '3');
    cluster.peer('1').causal.send('talk', 'one');
    cluster.advance(20);
    cluster.network.reset('1', '3');

    cluster.until('3 has it from 2', () => heard.get('3')?.includes('one') === true, 5000);
    expect(heard.get('3')).toEqual(['one']);
  });

  it('says what it has seen of whom, and what it holds back', () => {
    const cluster = startCluster(['1', '2', '3']);
    const heard = listen(cluster);
    const standing = () => cluster.peer('3').causal.status();
    expect(standing()).toEqual({ clock: [], heldBack: [] });

    // 3 gets the answer first: the question to it is lost.
    cluster.network.cut('1', '3');
    cluster.peer('1').causal.send('talk', 'question');
    cluster.until('2 has it', () => heard.get('2')?.length === 1);
    cluster.peer('2').causal.send('talk', 'answer');
    const seen = new Set<string>();
    while (heard.get('3')?.length !== 2) {
      cluster.advance(0.1);
      for (const { origin, count, topic } of standing().heldBack) seen.add(`${origin} ${count} ${topic}`);
    }

    expect([...seen]).toEqual(['2 1 talk']);
    expect(standing()).toMatchObject({
      clock: [
        { peer: '1', count: 1 },
        { peer: '2', count: 1 },
      ],
      heldBack: [],
    });
  });

  it('drops what a life that is over has said, and begins anew with the next', () => {
    const cluster = startCluster(['1', '2', '3']);
    const heard = listen(cluster);
    cluster.peer('1').causal.send('talk', 'first life');
    cluster.advance(50);
    cluster.crash('1');
    cluster.start('1');
    cluster.until('it is back', () => cluster.coordinator() === '3');
    cluster.peer('1').causal.send('talk', 'second life');
    cluster.until('it is heard', () => heard.get('2')?.length === 2);

    expect(heard.get('2')).toEqual(['first life', 'second life']);
  });
});
