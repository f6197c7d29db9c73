import { statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freshFolder, launch, run, startPeer, wordsOf } from './bullpen.js';

/** One line for people, and nothing of our insides. */
function expectOneLine(stderr: string, saying: RegExp): void {
  const lines = stderr
    .trimEnd()
    .split('\n')
    .filter((line) => line.startsWith('bullpen: '));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(saying);
  expect(stderr).not.toMatch(/^\s+at /m);
}

describe('a peer that cannot be started says so in one line', () => {
  it.each([
    ['an unknown flag', ['peer', '--id', '1', '--sed', '127.0.0.1:1'], 64, /--sed.*--seed/],
    ['an unknown program', ['peers'], 64, /peers.*peer/],
    ['no id', ['peer', '--bootstrap'], 64, /--id/],
    ['a bad id', ['peer', '--id', 'no spaces', '--bootstrap'], 64, /--id.*must match/],
    ['a bad address', ['peer', '--id', '1', '--listen', 'here'], 64, /--listen.*HOST:PORT/],
    ['a room without a name', ['chat', '--id', '1', '--room', ''], 64, /--room.*1 to 64/],
    ['an unknown preset', ['peer', '--id', '1', '--preset', 'lam'], 64, /--preset.*lan/],
    [
      'an unknown way to find others',
      ['peer', '--id', '1', '--discover', 'shout'],
      64,
      /--discover: .*multicast/,
    ],
    ['a file that is not there', ['peer', '--config', '/nowhere/peer.yaml'], 78, /nowhere/],
  ] as const)('%s', async (_, words, exitCode, saying) => {
    const refused = await run(words);

    expect(refused.exitCode).toBe(exitCode);
    expect(refused.stdout).toBe('');
    expectOneLine(refused.stderr, saying);
  });

  it('a port in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const peers = await run(wordsOf({ id: '1', listen: `127.0.0.1:${port}`, bootstrap: true }));
    const http = await run(wordsOf({ id: '1', http: `127.0.0.1:${port}`, bootstrap: true }));
    await new Promise((resolve) => server.close(resolve));

    expect([peers.exitCode, http.exitCode]).toEqual([75, 75]);
    expectOneLine(peers.stderr, new RegExp(`${port}.*in use|in use.*${port}`));
    expectOneLine(http.stderr, new RegExp(`${port} is in use`));
  });

  it('a data folder that cannot be written', async () => {
    const file = join(freshFolder(), 'file');
    writeFileSync(file, 'not a folder');

    const inFile = await run(wordsOf({ id: '1', data: file, bootstrap: true }));
    const below = await run(wordsOf({ id: '1', data: join(file, 'below'), bootstrap: true }));

    expect([inFile.exitCode, below.exitCode]).toEqual([78, 78]);
    expectOneLine(inFile.stderr, /file/);
    expectOneLine(below.stderr, /below/);
    expect(statSync(file).size).toBe('not a folder'.length);
  });

  it('a data folder of another peer, of another cluster, or in use', async () => {
    const data = join(freshFolder(), '1');
    const first = await startPeer({ id: '1', data, bootstrap: true });

    const inUse = await run(wordsOf({ id: '1', data, bootstrap: true }));
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);
    const another = await run(wordsOf({ id: '2', data, bootstrap: true }));
    const elsewhere = await run(wordsOf({ id: '1', data, bootstrap: true, more: ['--cluster', 'other'] }));
    const again = await startPeer({ id: '1', data });

    expect([inUse.exitCode, another.exitCode, elsewhere.exitCode]).toEqual([75, 78, 78]);
    expectOneLine(inUse.stderr, /in use|running|held/);
    expectOneLine(another.stderr, /peer 1|another|belongs/);
    expectOneLine(elsewhere.stderr, /bullpen.*cluster|cluster.*bullpen|belongs/);
    expect((await again.status()).ready).toBe(true);
  }, 180_000);

  it('an id that a live peer has, and the name of another cluster', async () => {
    const one = await startPeer({ id: '1', bootstrap: true });

    const duplicate = await run(wordsOf({ id: '1', seeds: [one.listen] }));
    const elsewhere = await run(wordsOf({ id: '2', seeds: [one.listen], more: ['--cluster', 'other'] }));

    expect([duplicate.exitCode, elsewhere.exitCode]).toEqual([78, 78]);
    expectOneLine(duplicate.stderr, /\b1\b/);
    expect(duplicate.stderr.match(/"code":"duplicate-id"/g)).toHaveLength(1);
    expectOneLine(elsewhere.stderr, /other/);
    expect((await one.status()).role).toBe('coordinator');
    expect((await one.status()).view.members.map(({ id }) => id)).toEqual(['1']);
  }, 180_000);
});

describe('a peer that finds no cluster', () => {
  it('waits, founds none, and ends with 0 when told to', async () => {
    const alone = launch(wordsOf({ id: '2', seeds: ['127.0.0.1:9'] }));
    await new Promise((resolve) => alone.child.stderr?.once('data', resolve));

    alone.child.kill('SIGTERM');

    expect(await alone.ended).toBe(0);
    expect(alone.stdout()).toBe('');
    expect(alone.stderr()).toMatch(/looking for a cluster/);
  }, 180_000);
});
