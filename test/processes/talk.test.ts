/** The chat's client and scale test, and the monitor, over real processes that are killed. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeAddresses } from '../../apps/node/free-addresses.js';
import { until } from '../support/until.js';
import {
  agreement,
  freshFolder,
  launch,
  logsOf,
  PATIENCE_MS,
  type Process,
  restart,
  run,
  startPeer,
  startThree,
  textsOf,
} from './bullpen.js';

type Told = Readonly<Record<string, unknown>>;

/** Waits for a line of `process` like that. */
const sees = (process: Process, pattern: RegExp): Promise<string> =>
  until(`a line like ${pattern}; ${process.stderr()}`, PATIENCE_MS, () =>
    process.lines().find((line) => pattern.test(line)),
  );

const type = ({ child }: Process, ...lines: readonly string[]) =>
  void child.stdin?.write(lines.map((line) => `${line}\n`).join(''));

const texts = (about: string, count: number) =>
  Array.from({ length: count }, (_, place) => `${about} ${place + 1}`);

describe('a chat client and a monitor of three processes', () => {
  it('see every line once, and every change, though its peer and then the coordinator are killed', async () => {
    const folder = freshFolder();
    const [one, two, three] = await startThree(folder);
    const addresses = [one, two, three].flatMap(({ http }) => ['--http', http]);
    const plain = launch(['monitor', '--plain', ...addresses]);
    const json = launch(['monitor', '--json', '--http', one.http]);
    const told = (): readonly Told[] => json.lines().map((line) => JSON.parse(line));
    const seeds = [two, one, three].flatMap(({ listen }) => ['--seed', listen]);
    const client = launch(['chat', '--client', '--id', 'ann', '--plain', ...seeds]);
    await sees(client, /^ready id=~\w+ name=ann peer=2 coordinator=3$/);
    await sees(plain, /^coordinator .*peer=3 id=3/);
    await until('the first word of the monitor', PATIENCE_MS, () =>
      told().some(({ event }) => event === 'coordinator'),
    );

    type(client, ...texts('before', 20));
    await sees(client, /^\[seq=5\] /);
    two.signal('SIGKILL');
    await two.ended;
    type(client, ...texts('without its peer', 20));
    await sees(client, /^\[seq=40\] /);
    const back = await restart(two, folder, [one.listen]);
    await agreement([one, back, three], '3');
    three.signal('SIGKILL');
    type(client, ...texts('without a coordinator', 20));
    await sees(client, /^\[seq=60\] /);
    await agreement([one, back], '2');
    client.child.stdin?.end();

    expect(await client.ended).toBe(0);
    const said = [
      ...texts('before', 20),
      ...texts('without its peer', 20),
      ...texts('without a coordinator', 20),
    ];
    expect(client.lines().filter((line) => line.startsWith('[seq='))).toEqual(
      said.map((text, place) => `[seq=${place + 1}] <~ann>: ${text}`),
    );
    for (const log of await logsOf([one, back], 60)) expect(textsOf(log)).toEqual(said);

    // Asked while it dies it breaks off, or says nothing any more.
    const gone = 'nobody listens there|no connection \\(\\w+\\)|no answer within \\S+ s';
    await sees(plain, new RegExp(`^silent at=\\S+ peer=3 http=\\S+ reason="(${gone})"$`));
    await sees(plain, /^answers at=\S+ peer=2 http=\S+ pid=\d+ cluster=bullpen$/);
    await sees(plain, /^state at=\S+ peer=2 machine=election was=\S+ now=coordinating\S* on=\S+$/);
    await sees(plain, /^coordinator at=\S+ peer=1 id=2 term=\d+$/);
    await until('the monitor of one peer to tell of 2', PATIENCE_MS, () =>
      told().some(({ event, peer, id }) => event === 'coordinator' && peer === '1' && id === '2'),
    );
    expect(told()[0]).toEqual({ event: 'watching', http: [`http://${one.http}`] });
    expect(told()).toContainEqual(expect.objectContaining({ event: 'suspected', peer: '1', id: '3' }));
    for (const monitor of [plain, json]) monitor.child.kill('SIGINT');
    expect(await Promise.all([plain.ended, json.ended])).toEqual([0, 0]);
  }, 240_000);
});

describe('bullpen chat scale', () => {
  it('kills the coordinator of three, finds all logs equal, keeps them, and leaves nothing behind', async () => {
    const logs = join(freshFolder(), 'logs');
    const leftBefore = scaleFolders();

    const scale = await run(['chat', 'scale', '--messages', '20', '--kill-leader', '--json', '--logs', logs]);

    const events: readonly Told[] = scale.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(scale.stderr).toBe('');
    expect(scale.exitCode).toBe(0);
    expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(['kill', 'restart', 'said']));
    expect(events.at(-1)).toMatchObject({ event: 'equal', peers: 3, lines: 60 });
    const kept = ['1', '2', '3'].map((id) => readFileSync(join(logs, `${id}.ndjson`), 'utf8'));
    expect(kept[0]?.trimEnd().split('\n')).toHaveLength(60);
    expect(kept[1]).toBe(kept[0]);
    expect(kept[2]).toBe(kept[0]);
    expect(scaleFolders()).toEqual(leftBefore);
  }, 240_000);

  it('ends all it has started when it is interrupted, and has not passed then', async () => {
    const logs = mkdtempSync(join(freshFolder(), 'logs'));
    const leftBefore = scaleFolders();
    const scale = launch(['chat', 'scale', '--messages', '5000', '--json', '--logs', logs]);
    await sees(scale, /"event":"elect"/);

    scale.child.kill('SIGINT');

    expect(await scale.ended).toBe(1);
    const [ready = ''] = readFileSync(join(logs, '1.out'), 'utf8').split('\n');
    const { pid } = JSON.parse(ready) as { pid: number };
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(scaleFolders()).toEqual(leftBefore);
  }, 240_000);
});

type Refused = Awaited<ReturnType<typeof run>>;

function expectRefusal(refused: Refused, exitCode: number, saying: RegExp): void {
  expect(refused.exitCode).toBe(exitCode);
  expect(refused.stdout).toBe('');
  const lines = refused.stderr.split('\n').filter((line) => line.startsWith('bullpen: '));
  expect(lines).toEqual([expect.stringMatching(saying)]);
  expect(refused.stderr).not.toMatch(/^\s+at /m);
}

const scaleFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('bullpen-scale-'));

describe('a chat client or a monitor that cannot be started says so in one line', () => {
  it.each([
    ['a client without a seed', ['chat', '--client'], 64, /--seed is missing/],
    [
      'a client with a flag of peers',
      ['chat', '--client', '--seed', 'h:1', '--data', 'x'],
      64,
      /--data is for a peer/,
    ],
    [
      'a client with half an address',
      ['chat', '--client', '--seed', 'here'],
      64,
      /--seed: "here".*HOST:PORT/,
    ],
    ['a scale of too many', ['chat', 'scale', '--peers', '99'], 64, /--peers: "99" must be 1 to 9/],
    [
      'a scale that nobody survives',
      ['chat', 'scale', '--peers', '2', '--kill-leader'],
      64,
      /at least 3 peers/,
    ],
    [
      'logs where nothing can be written',
      ['chat', 'scale', '--logs', '/proc/nowhere'],
      78,
      /\/proc\/nowhere/,
    ],
    ['a monitor of nothing', ['monitor'], 64, /--http is missing/],
    ['a monitor of no address', ['monitor', '--http', 'ftp://x'], 64, /"ftp:\/\/x" must be a URL/],
    ['a monitor with a flag it has not', ['monitor', '--htp', 'x'], 64, /--htp.*--http/],
  ] as const)('%s', async (_, words, exitCode, saying) => {
    const refused = await run(words);

    expectRefusal(refused, exitCode, saying);
  });

  it('those that nobody answers, once they have tried', async () => {
    const [nowhere = ''] = await freeAddresses(1);
    const [monitor, client] = await Promise.all([
      run(['monitor', '--http', nowhere]),
      run(['chat', '--client', '--seed', nowhere]),
    ]);

    expectRefusal(monitor, 75, /no peer answers.*nobody listens there/);
    expectRefusal(client, 75, /no peer that follows a coordinator answers at 127/);
  }, 240_000);

  it('a client of another cluster, and a scale at a port in use', async () => {
    const peer = await startPeer({ id: '1', bootstrap: true });
    const port = Number(peer.listen.split(':')[1]);

    const [elsewhere, inUse] = await Promise.all([
      run(['chat', '--client', '--cluster', 'other', '--seed', peer.listen]),
      run(['chat', 'scale', '--peers', '1', '--port', String(port - 1)]),
    ]);

    expect([elsewhere.exitCode, inUse.exitCode]).toEqual([78, 75]);
    expect(elsewhere.stderr).toMatch(
      /^bullpen: .*belongs to cluster "bullpen".*use --cluster bullpen or another seed$/m,
    );
    expect(inUse.stderr).toMatch(
      new RegExp(`^bullpen: peer 1 ended with exit code 75: .*${port}.*in use`, 'm'),
    );
  }, 240_000);
});
