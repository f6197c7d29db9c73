import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until } from '../support/until.js';
import {
  agreement,
  freshFolder,
  logsOf,
  PATIENCE_MS,
  sayUntilNumbered,
  startPeer,
  textsOf,
} from './bullpen.js';

/** Ports nobody listens at now. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function threeTogether(folder: string, more: readonly string[] = []) {
  const seeds = (await freePorts(3)).map((port) => `127.0.0.1:${port}`);
  const start = (id: string, listen: string | undefined) =>
    startPeer({
      id,
      seeds,
      data: join(folder, id),
      more: ['--expect', '3', ...more],
      ...(listen && { listen }),
    });
  return Promise.all([start('1', seeds[0]), start('2', seeds[1]), start('3', seeds[2])]);
}

describe('three processes that expect three', () => {
  it('found one cluster together', async () => {
    const peers = await threeTogether(freshFolder());

    await agreement(peers, '3');
    await sayUntilNumbered(peers[0], 'hello');

    for (const log of await logsOf(peers, 1)) expect(textsOf(log)).toEqual(['hello']);
  }, 120_000);
});

describe('three processes in mode classic', () => {
  it('lose what was acknowledged when an old coordinator wakes up, say so, and keep it in a file', async () => {
    const folder = freshFolder();
    const [one, two, three] = await threeTogether(folder, ['--mode', 'classic']);
    await agreement([one, two, three], '3');
    await sayUntilNumbered(one, 'before');
    await logsOf([one, two, three], 1);

    three.signal('SIGSTOP');
    await agreement([one, two], '2');
    await sayUntilNumbered(one, 'meanwhile');
    await logsOf([one, two], 2);
    three.signal('SIGCONT');
    await until('3 to have thrown 2 over', PATIENCE_MS, async () =>
      one.events().some(({ event }) => event === 'lost'),
    );
    await agreement([one, two, three], '3');

    const path = join(folder, '1');
    const file = readdirSync(path).find((name) => /^divergent-\d+\.log$/.test(name)) ?? 'none';
    expect(existsSync(join(path, file)) && readFileSync(join(path, file), 'utf8')).toMatch(/"meanwhile"/);
    for (const log of await logsOf([one, two, three], 1)) expect(textsOf(log)).toEqual(['before']);
  }, 120_000);
});
