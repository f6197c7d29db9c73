/** The energy market between real processes: its drill, its log file, what it refuses before anything is started. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until.js';
import { freshFolder, launch, PATIENCE_MS, run } from './bullpen.js';

describe('the energy market', () => {
  it('settles random trades of three peers while a coordinator is killed and comes back, every credit counted', async () => {
    const { exitCode, stdout, stderr } = await run([
      ...['energy', 'drill', '--peers', '3'],
      ...['--trades', '60', '--kills', '1'],
    ]);

    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /kill +3 at \d+ trades; 2 leads .* 3 is back with \d+ credits and \d+ trades; the sum is 300/,
    );
    expect(stdout).toMatch(/entries recounted; balances .*; sum 300; every trade once; all peers are equal/);
    expect(exitCode).toBe(0);
  }, 240_000);

  it('says nothing but what went wrong when it is quiet, and keeps everything in its log file', async () => {
    const folder = freshFolder();
    const file = join(folder, 'logs', 'market.log');
    const alone = ['--id', '1', '--bootstrap', '--preset', 'fast', '--listen', '127.0.0.1:0'];
    const market = launch(['energy', ...alone, '--quiet', '--log-file', file]);
    await until('the peer to be ready', PATIENCE_MS, () => market.lines().length === 1);

    market.child.stdin?.end('sell 1 5\nsell 2 5\nbalance\n');

    expect(await market.ended).toBe(64);
    const [ready, ...lines] = market.lines();
    expect(ready).toMatch(/^ready id=1 /);
    expect(lines).toEqual([
      'refused: 1 is this peer itself: a trade needs two',
      'refused: there is no peer 2',
    ]);
    const events = readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line): Record<string, unknown> => JSON.parse(line));
    expect(events).toContainEqual(expect.objectContaining({ event: 'balance', id: '1', balance: 100 }));
    expect(events).toContainEqual(expect.objectContaining({ event: 'refused', code: 'own-id' }));
  }, 120_000);

  it.each([
    ['--log-file', '/dev/null/market.log', 78, /--log-file: \/dev\/null\/market\.log cannot be written: /],
    [
      '--log-file',
      '/proc/nowhere/market.log',
      78,
      /--log-file: \/proc\/nowhere\/market\.log cannot be written: /,
    ],
    ['--answer', 'maybe', 64, /--answer: must be accept, refuse or ask, not maybe/],
    ['--anser', 'ask', 64, /unknown flag --anser; did you mean --answer\?/],
  ])(
    'refuses %s %s at once, in one line',
    async (flag, value, code, complaint) => {
      const { exitCode, stdout, stderr } = await run(['energy', '--id', '1', '--bootstrap', flag, value]);

      expect(stderr).toMatch(complaint);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stdout).toBe('');
      expect(exitCode).toBe(code);
    },
    60_000,
  );
});
