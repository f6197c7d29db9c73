/** Real servers of auctions, and real clients that are typed at. */
import { join } from 'node:path';
import { until } from '../support/until.js';
import { agreement, launch, PATIENCE_MS, type Process, type RunningPeer, startPeer } from './bullpen.js';

const SERVER = { program: ['auction', 'server'] };

/** Three servers with journals, of which 3 leads. */
export async function startServers(folder: string): Promise<[RunningPeer, RunningPeer, RunningPeer]> {
  const one = await startPeer({ ...SERVER, id: '1', data: join(folder, '1'), bootstrap: true });
  const more = { ...SERVER, seeds: [one.listen] };
  const [two, three] = await Promise.all([
    startPeer({ ...more, id: '2', data: join(folder, '2') }),
    startPeer({ ...more, id: '3', data: join(folder, '3') }),
  ]);
  await agreement([one, two, three], '3');
  return [one, two, three];
}

/** Starts a server again, at its old addresses and with its journal. */
export const restartServer = (server: RunningPeer, folder: string, seeds: readonly string[]) =>
  startPeer({
    ...SERVER,
    ...{ id: server.id, data: join(folder, server.id), listen: server.listen, http: server.http, seeds },
  });

export type Told = Readonly<Record<string, unknown>> & { readonly event: string };

export interface Person extends Process {
  readonly name: string;
  type(...lines: readonly string[]): void;
  told(): readonly Told[];
  /** The first of that name, and with those facts; what has been told before counts. */
  hears(event: string, facts?: Readonly<Record<string, unknown>>): Promise<Told>;
}

/** A client of `servers`; with `data` it can come back as itself. */
export async function startPerson(
  name: string,
  servers: readonly RunningPeer[],
  data: string | null,
  more: readonly string[] = [],
): Promise<Person> {
  const client = launch([
    ...['auction', 'client', '--name', name, '--json', ...more],
    ...servers.flatMap(({ listen }) => ['--seed', listen]),
    ...(data === null ? [] : ['--data', data]),
  ]);
  const told = () => client.lines().map((line): Told => JSON.parse(line));
  const person: Person = {
    ...client,
    name,
    told,
    type: (...lines) => void client.child.stdin?.write(lines.map((line) => `${line}\n`).join('')),
    hears: (event, facts = {}) =>
      until(`${name} to hear ${event} ${JSON.stringify(facts)}; ${client.stderr()}`, PATIENCE_MS, () =>
        told().find(
          (one) => one.event === event && Object.entries(facts).every(([key, value]) => one[key] === value),
        ),
      ),
  };
  await person.hears('following');
  return person;
}

/** dee offers an item for which ann and bob are to bid, and begins. */
export async function beginAuction(
  [dee, ann, bob]: readonly [Person, Person, Person],
  { item = 'lot', rounds = 1 } = {},
): Promise<string> {
  dee.type(`create "${item}" 10 ${rounds} 2`);
  const { auction } = await dee.hears('auction_announced', { item });
  for (const person of [ann, bob]) {
    await person.hears('auction_announced', { item });
    person.type(`join ${auction}`);
  }
  await dee.hears('auction_ready', { auction });
  dee.type(`start ${auction}`);
  for (const person of [ann, bob]) await person.hears('round_start', { auction, round: 1 });
  return String(auction);
}
