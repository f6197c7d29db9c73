import { type Client, createClient, type Delivery } from '../../actors/index.js';
import { until } from '../support/until.js';
import { freshFolder, logsOf, PATIENCE_MS, type RunningPeer, startThree } from './bullpen.js';

const clients: Client[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()));
});

function clientOf(peers: readonly RunningPeer[], pendingMax = 20_000): Client {
  const client = createClient({ seeds: peers.map(({ listen }) => listen), pendingMax });
  clients.push(client);
  return client;
}

const COUNT = 10_000;
const NUMBERS = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** Takes what `client` delivers until there are `count`. */
async function take(client: Client, count: number): Promise<readonly Delivery[]> {
  const taken: Delivery[] = [];
  for await (const delivery of client.deliveries({ topic: 'orders' })) {
    taken.push(delivery);
    if (taken.length === count) break;
  }
  return taken;
}

describe('a client of real processes', () => {
  it.each(['its own peer', 'the coordinator'])(
    'that loses %s in the middle of 10,000 submissions finishes with 10,000 effects, in order',
    async (whom) => {
      const peers = await startThree(freshFolder());
      const client = clientOf(peers);
      const follower = clientOf([...peers].reverse());
      const followed = take(follower, COUNT);
      let answered = 0;
      await until('it is attached', PATIENCE_MS, () => client.status().peer !== null);

      const places = NUMBERS(COUNT).map(async (number) => {
        const { sequence } = await client.submit('orders', { number });
        answered += 1;
        return sequence;
      });
      await until('a third of it is answered', PATIENCE_MS, () => answered > 3000);
      const { peer, coordinator } = client.status();
      const victim = peers.find(({ id }) => id === (whom === 'its own peer' ? peer : coordinator));
      victim?.signal('SIGKILL');
      const answeredAtDeath = answered;

      const sequences = await Promise.all(places);
      expect(answeredAtDeath).toBeLessThan(COUNT);
      expect(sequences).toEqual(NUMBERS(COUNT));
      const survivors = peers.filter((one) => one !== victim);
      for (const log of await logsOf(survivors, COUNT))
        expect(log.map(({ payload }) => (payload as { number: number }).number)).toEqual(NUMBERS(COUNT));
      expect((await followed).map(({ payload }) => (payload as { number: number }).number)).toEqual(
        NUMBERS(COUNT),
      );
    },
    180_000,
  );
});
