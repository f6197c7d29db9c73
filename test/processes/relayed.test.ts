/**
 * A link between a real peer and its coordinator is cut for good, in both directions or in one: what is submitted at that peer
 * is acknowledged all the same, through the third one, and nobody else notices.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Status } from '../../actors/index.js';
import { until } from '../support/until.js';
import { offer } from './faults/client.js';
import { Cluster } from './faults/cluster.js';
import type { Network } from './faults/network.js';
import type { PeerProcess } from './faults/peer-process.js';
import { createProxyNetwork, freePorts } from './faults/proxy-network.js';
import { Trail } from './faults/trail.js';
import { readLogs } from './faults/verdict.js';

const PATIENCE_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'bullpen-relayed-test-'));
beforeAll(() => {
  execFileSync(process.execPath, ['apps/cli/prepare.mjs', '--quiet'], { stdio: 'pipe' });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CUTS: Readonly<Record<string, (network: Network) => Promise<unknown>>> = {
  'in both directions': (network) => Promise.all([network.cut('1', '3'), network.cut('3', '1')]),
  'so that the peer hears nothing': (network) => network.cut('3', '1'),
  'so that the coordinator hears nothing': (network) => network.cut('1', '3'),
};

const shows = async (peer: PeerProcess, test: (status: Status) => boolean): Promise<boolean> => {
  const status = await peer.status();
  return status !== undefined && test(status);
};

describe.each(Object.entries(CUTS))('a link to the coordinator that is cut %s', (how, cut) => {
  it('leaves its peer able to work through another one, until that one leads', async () => {
    const ids = ['1', '2', '3'];
    const network = await createProxyNetwork(ids, await freePorts(9, process.pid));
    const place = join(folder, how.replaceAll(' ', '-'));
    mkdirSync(place);
    const cluster = new Cluster({
      ...{ ids, network, command: resolve('dist/cli.js'), records: place, isTraced: false },
      dataOf: (id) => join(place, 'data', id),
      trail: new Trail(join(place, 'trail.ndjson'), () => {}),
    });
    const [one, two, three] = cluster.peers as [PeerProcess, PeerProcess, PeerProcess];
    try {
      cluster.form();
      const isFormed = ({ ready, coordinator, view }: Status) =>
        ready && coordinator === '3' && view.members.every(({ role }) => role === 'voter');
      const hasAll = (status: Status) => isFormed(status) && status.view.members.length === 3;
      for (const peer of cluster.peers)
        await until(`${peer.id} to follow 3`, PATIENCE_MS, () => shows(peer, hasAll));
      const { term } = (await three.status()) as Status;

      await cut(network);
      let said = 0;
      const say = async () => {
        const { outcome } = await offer(one, { topic: 't', key: `line ${++said}`, isKeyed: true });
        return outcome;
      };
      await until('1 to work through 2', PATIENCE_MS, () =>
        shows(one, ({ ready, machines }) => ready && machines.election === 'following.relayed'),
      );
      const outcomes: string[] = [];
      const begun = performance.now();
      for (let i = 0; i < 20; i++) outcomes.push(await say());
      const tookMs = (performance.now() - begun) / outcomes.length;
      process.stdout.write(`cut ${how}: ${tookMs.toFixed(0)} ms for each line, one after the other\n`);

      expect(outcomes).toEqual(Array(20).fill('ok'));
      for (const peer of [two, three]) expect((await peer.status())?.term).toEqual(term);

      await three.kill();
      await until('1 to be served by 2', PATIENCE_MS, async () => (await say()) === 'ok');
      expect((await one.status())?.coordinator).toBe('2');
      await until('both logs to be equal', PATIENCE_MS, async () => {
        const logs = await readLogs(cluster);
        return isDeepStrictEqual(logs.get('1'), logs.get('2')) && logs.get('1')?.length;
      });
      expect(cluster.unexpectedEnds).toEqual([]);
    } finally {
      await cluster.end();
      await network.close();
    }
  }, 240_000);
});
