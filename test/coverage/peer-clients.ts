/** Stories of a peer and its clients, for the coverage of the peer's chart: told where that is counted. */
import * as z from 'zod';
import { defineReplica } from '../../actors/replica.js';
import { clientOf, listen, nothingSaid, passLoggedTime, say } from '../support/clients.js';
import { startCluster } from '../support/cluster.js';

const egg = defineReplica({
  name: 'egg',
  command: z.strictObject({ boilForMs: z.number() }),
  initial: () => 'raw',
  apply: (_, { boilForMs }, { at }) => ({
    state: 'soft',
    result: null,
    timers: [{ name: 'done', at: at + boilForMs }],
  }),
  expire: () => ({ state: 'hard' }),
});
const three = ['1', '2', '3'];

export function clientStories(): void {
  describe('a peer serves clients', () => {
    it('which submit and follow, come back before they are missed, and lose their session at last', async () => {
      const cluster = startCluster(three);
      const said = nothingSaid();
      const client = clientOf(cluster, { seeds: ['1:7000'] });
      const heard = listen(client);

      for (const id of three) cluster.peer(id).replica(egg);
      cluster
        .peer('1')
        .replica(egg)
        .execute({ boilForMs: 100 })
        .catch(() => {});
      cluster.until('it is hard', () => cluster.peer('1').replica(egg).state() === 'hard');
      const talk: string[] = [];
      cluster.peer('2').causal.on((messages) => talk.push(...messages.map(({ payload }) => String(payload))));
      cluster.peer('1').causal.send('talk', 'psst');
      cluster.until('it is heard', () => talk.length === 1);
      let isRead = false;
      cluster.peer('2').readings.ask({}, () => {
        isRead = true;
      });
      cluster.until('it is read', () => isRead);
      let upTo = 0;
      client.readings.ask({}, (_, sequence) => {
        upTo = sequence;
      });
      cluster.until('its client has read', () => upTo > 0);
      say(client, said, ['one']);
      for (let step = 0; !heard.some(({ payload }) => payload === 'one') && step < 1000; step++) {
        cluster.advance(5);
        await Promise.resolve();
      }
      cluster.network.reset('c', '1');
      cluster.until('it is back', () => client.status().peer !== null);
      passLoggedTime(cluster, '3', 15);
      say(client, said, ['two', 'three'], 3000);
      cluster.until('it is told', () => said.failed.length === 2);
      say(client, said, ['four']);
      cluster.until('it has another session', () => said.acknowledged.length === 2);

      expect(heard.map(({ payload }) => payload)).toContain('one');
      expect(said.failed.map(({ code }) => code)).toEqual(['outcome-unknown', 'outcome-unknown']);
    });

    it('and sees off those of which nothing is heard', () => {
      const cluster = startCluster(three);
      const client = clientOf(cluster, { seeds: ['1:7000'] });
      cluster.until('it is attached', () => client.status().peer === '1');

      cluster.network.cut('c', '1');
      cluster.until(
        'its desk is closed',
        () => !Object.keys(cluster.status('1').machines).some((name) => name.startsWith('desk')),
        20_000,
      );

      expect(client.status().peer).not.toBe('1');
    });
  });
}
