import { join } from 'node:path';
import { recount } from '../../apps/auction/recount.js';
import { until } from '../support/until.js';
import { beginAuction, type Person, restartServer, startPerson, startServers } from './auction-people.js';
import { agreement, freshFolder, PATIENCE_MS, type RunningPeer } from './bullpen.js';
import { formsOf, searchFiles, searchMemory } from './memory.js';

const AMOUNT = 7351946283;
/** Elsewhere the memory of other processes cannot be read. */
const itCanLook: typeof it = process.platform === 'linux' ? it : it.skip;

const people = async (servers: readonly RunningPeer[], data: string): Promise<[Person, Person, Person]> =>
  Promise.all([
    startPerson('dee', servers, data),
    startPerson('ann', servers, data),
    startPerson('bob', servers, data),
  ]);

/** The result as the log of each server, counted once more, has it; all must agree. */
const recounted = (servers: readonly RunningPeer[], id: string) =>
  until(`auction ${id} to be over in every log`, PATIENCE_MS, async () => {
    const results = await Promise.all(servers.map(async (server) => recount(await server.log()).get(id)));
    const [first] = results;
    return (
      first?.end !== 'running' &&
      results.every((one) => JSON.stringify(one) === JSON.stringify(first)) &&
      first
    );
  });

describe('auctions on real servers', () => {
  it('go on when the coordinator is killed in the middle of a round, with nothing typed again', async () => {
    const folder = freshFolder();
    const [one, two, three] = await startServers(folder);
    const servers = [one, two, three];
    const [dee, ann, bob] = await people(servers, join(folder, 'clients'));
    const id = await beginAuction([dee, ann, bob], { rounds: 2 });
    const other = await beginAuction([bob, dee, ann], { item: 'another' });
    ann.type(`bid ${id} 100`);
    await ann.hears('bid_submit', { auction: id });
    dee.type(`bid ${other} 500`);
    await dee.hears('bid_submit', { auction: other });

    three.signal('SIGKILL');
    // Bob bids while nobody coordinates: it is sent until it has arrived, and counts once.
    bob.type(`bid ${id} 120`);
    ann.type(`bid ${other} 400`);
    for (const person of [dee, ann, bob]) await person.hears('leader_changed', { coordinator: '2' });
    for (const person of [ann, bob]) await person.hears('round_start', { auction: id, round: 2 });
    ann.type(`bid ${id} 70`);
    bob.type(`bid ${id} 40`);

    expect(await ann.hears('auction_winner', { auction: id })).toMatchObject({ winner: 'ann', total: 170 });
    expect(await bob.hears('auction_loser', { auction: id })).toMatchObject({ winner: 'ann', yours: 160 });
    expect(await dee.hears('auction_winner', { auction: other })).toMatchObject({ total: 500 });
    const back = await restartServer(three, folder, [one.listen, two.listen]);
    await agreement([one, two, back]);
    expect(await recounted([one, two, back], id)).toMatchObject({ winner: { name: 'ann', total: 170 } });
    expect(await recounted([one, two, back], other)).toMatchObject({ winner: { name: 'dee', total: 500 } });
    for (const person of [dee, ann, bob]) {
      person.type('quit');
      expect(await person.ended).toBe(0);
    }
  }, 240_000);

  itCanLook(
    'hold no amount before it is revealed, in memory or on disk',
    async () => {
      const folder = freshFolder();
      const servers = await startServers(folder);
      const [dee, ann, bob] = await people(servers, join(folder, 'clients'));
      const id = await beginAuction([dee, ann, bob]);
      const forms = formsOf(AMOUNT);
      const search = ({ child }: { readonly child: Person['child'] }) => searchMemory(child.pid ?? 0, forms);

      ann.type(`bid ${id} ${AMOUNT}`);
      for (const person of [dee, bob]) await person.hears('bid_sealed', { name: 'ann' });

      for (const holder of [...servers, dee, bob]) {
        const { bytes, found } = search(holder);
        expect(bytes).toBeGreaterThan(10_000_000);
        expect(found).toBe(0);
      }
      for (const { id: server } of servers) {
        const { files, found } = searchFiles(join(folder, server), forms);
        expect(files).toBeGreaterThan(2);
        expect(found).toBe(0);
      }
      // It can be found: in its bidder, who has it on disk too; and everywhere once it is told.
      expect(search(ann).found).toBeGreaterThan(0);
      expect(searchFiles(join(folder, 'clients'), forms).found).toBe(1);
      bob.type(`bid ${id} 20`);
      await dee.hears('auction_closed', { winner: 'ann', total: AMOUNT });
      for (const server of servers) {
        expect(search(server).found).toBeGreaterThan(0);
        expect(searchFiles(join(folder, server.id), forms).found).toBeGreaterThan(0);
      }
    },
    240_000,
  );

  it('know a bidder that was killed and started again, open what it had sealed, and tell how it ended', async () => {
    const folder = freshFolder();
    const servers = await startServers(folder);
    const data = join(folder, 'clients');
    const [dee, ann, bob] = await people(servers, data);
    const id = await beginAuction([dee, ann, bob]);
    ann.type(`bid ${id} 90`);
    await ann.hears('bid_submit', { auction: id });
    ann.child.kill('SIGKILL');
    await ann.ended;

    const again = await startPerson('ann', servers, data);
    bob.type(`bid ${id} 20`);

    expect(await again.hears('auction_winner', { auction: id })).toMatchObject({ total: 90 });
    expect(again.told()).toContainEqual(expect.objectContaining({ event: 'bid_reveal', amount: 90 }));

    bob.child.kill('SIGKILL');
    await bob.ended;
    const late = await startPerson('bob', servers, data);
    expect(await late.hears('auction_loser', { auction: id })).toMatchObject({ winner: 'ann', yours: 20 });
  }, 240_000);
});
