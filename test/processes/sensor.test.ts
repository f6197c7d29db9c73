import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HEADER } from '../../apps/sensor/csv.js';
import { until } from '../support/until.js';
import { freshFolder, launch, PATIENCE_MS, type Process, run } from './bullpen.js';

interface RunningSensor extends Process {
  readonly id: string;
  readonly listen: string;
  readonly http: string;
  /** What it said after `ready`, as objects. */
  events(name: string): readonly Readonly<Record<string, unknown>>[];
}

interface SensorWords {
  readonly id: string;
  readonly folder: string;
  readonly seeds?: readonly string[];
  readonly more?: readonly string[];
}

const wordsOf = ({ id, folder, seeds = [], more = [] }: SensorWords): string[] => [
  ...['sensor', '--id', id, '--data', join(folder, id), '--preset', 'fast', '--json', '--log-level', 'error'],
  ...['--http', '127.0.0.1:0'],
  ...(seeds.length === 0 ? ['--bootstrap'] : seeds.flatMap((seed) => ['--seed', seed])),
  ...more,
];

async function startSensor(words: SensorWords): Promise<RunningSensor> {
  const started = launch(wordsOf(words));
  const first = await until(`sensor ${words.id} to be ready`, PATIENCE_MS, () => {
    if (started.child.exitCode !== null) throw new Error(`sensor ${words.id} ended: ${started.stderr()}`);
    return started.lines()[0];
  });
  const { listen, http } = JSON.parse(first) as { listen: string; http: string };
  const events = (name: string) =>
    started
      .lines()
      .map((line): Record<string, unknown> => JSON.parse(line))
      .filter(({ event }) => event === name);
  return { ...started, id: words.id, listen, http, events };
}

const textOf = (folder: string, peer: string, sensor: string) => {
  const path = join(folder, peer, `${sensor}.csv`);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};
const rowsOf = (folder: string, peer: string, sensor: string) =>
  textOf(folder, peer, sensor).split('\n').slice(1, -1);

const NOTHING = ['--readings', '0'];

/** @returns its exit code. */
async function interruptedDrill() {
  const drill = launch(['sensor', 'drill', 'election']);
  await until('the drill to have begun', PATIENCE_MS, () => drill.stdout().includes('form'));
  drill.child.kill('SIGINT');
  return drill.ended;
}

describe('the drills of the sensors', () => {
  it('pass when a follower is killed, and when the coordinator is, as the demo does; they fail when they are interrupted', async () => {
    const [fault, election, interrupted] = await Promise.all([
      run(['sensor', 'drill', 'fault']),
      run(['demo', 'sensor', '--once']),
      interruptedDrill(),
    ]);

    expect(fault.stdout).toMatch(/1, a follower, is gone: view \d+ at all others is 2, 3\n/);
    expect(fault.stdout).toMatch(/3 leads term/);
    expect(fault.stdout).toMatch(/1 is back: view \d+ is 1, 2, 3\n/);
    expect(fault.stdout).toMatch(
      /1\.csv, 2\.csv, 3\.csv are equal at all peers: 240 rows, each reading once\n/,
    );
    expect(fault.exitCode).toBe(0);
    expect(election.stdout).toMatch(/3 was killed \(-9\) while it coordinated; 2 leads term \d+/);
    expect(election.stdout).toMatch(/equal at all peers: 240 rows, each reading once\n/);
    expect(election.stdout).toMatch(/all went as it should\n$/);
    expect(election.exitCode).toBe(0);
    expect(interrupted).toBe(1);
  }, 300_000);

  it('pass when three sensors measure at many times the speed of time, and two of them are killed on the way', async () => {
    const { exitCode, stdout } = await run([
      ...['sensor', 'drill', 'day', '--peers', '3'],
      ...['--interval', '60', '--speed', '300', '--readings', '25'],
    ]);

    expect(stdout).toMatch(/the files of all 3 peers are equal: 75 rows, each reading once\n/);
    expect(exitCode).toBe(0);
  }, 300_000);
});

describe('a sensor', () => {
  it('goes on in its files where it stood when it was killed, with what it missed, and without what was torn', async () => {
    const folder = freshFolder();
    const one = await startSensor({ id: '1', folder, more: NOTHING });
    const two = await startSensor({
      id: '2',
      folder,
      seeds: [one.listen],
      more: ['--readings', '3', '--interval', '0.05'],
    });
    await until('both to have three readings', PATIENCE_MS, () =>
      ['1', '2'].every((peer) => rowsOf(folder, peer, '2').length === 3),
    );

    two.child.kill('SIGKILL');
    await two.ended;
    appendFileSync(join(folder, '2', '2.csv'), '9,2026-01-');
    const back = await startSensor({
      id: '2',
      folder,
      seeds: [one.listen],
      more: ['--readings', '6', '--interval', '0.05'],
    });

    await until('both to have six readings', PATIENCE_MS, () =>
      ['1', '2'].every((peer) => rowsOf(folder, peer, '2').length === 6),
    );
    expect(textOf(folder, '2', '2')).toBe(textOf(folder, '1', '2'));
    expect(back.events('csv_torn')).toMatchObject([{ sensor: '2', bytes: 10 }]);
    const sequences = rowsOf(folder, '1', '2').map((row) => Number(row.split(',')[0]));
    expect(sequences).toEqual([1, 2, 3, 4, 5, 6]);
  }, 120_000);

  it('has all there ever was when it comes late, and says so when nobody has it any more', async () => {
    const folder = freshFolder();
    const many = ['--readings', '60', '--interval', '0.01', '--retain-readings', '5'];
    const snapshots = ['--snapshot-every', '10', '--trailing', '5'];
    const one = await startSensor({ id: '1', folder, more: [...many, ...snapshots] });
    await until('sixty readings', PATIENCE_MS, () => rowsOf(folder, '1', '1').length === 60);

    const two = await startSensor({ id: '2', folder, seeds: [one.listen], more: [...NOTHING, ...snapshots] });

    const [gap] = await until(
      'a word of the gap',
      PATIENCE_MS,
      () => two.events('csv_gap').length > 0 && two.events('csv_gap'),
    );
    const rows = rowsOf(folder, '2', '1');
    expect(gap).toMatchObject({ sensor: '1', missing: 60 - rows.length, after: 0 });
    expect(rows.length).toBeGreaterThanOrEqual(5);
    expect(rows).toEqual(rowsOf(folder, '1', '1').slice(-rows.length));
  }, 120_000);

  it('announces every view under the number it has everywhere', async () => {
    const folder = freshFolder();
    const one = await startSensor({ id: '1', folder, more: NOTHING });
    const two = await startSensor({ id: 'b-2_x.y', folder, seeds: [one.listen], more: NOTHING });
    const saying = (sensor: RunningSensor) =>
      sensor.events('view_change').map(({ view, members }) => `${view}: ${String(members)}`);
    await until('a view of both at both', PATIENCE_MS, () =>
      [one, two].every((sensor) => saying(sensor).some((view) => view.endsWith('1,b-2_x.y'))),
    );

    await until('the sensor at work', PATIENCE_MS, () => two.events('measuring').length > 0);
    two.child.kill('SIGINT');
    await two.ended;
    expect(two.events('left')).toMatchObject([{ detail: 'left the cluster' }]);
    await until('a view without it', PATIENCE_MS, () => saying(one).at(-1)?.endsWith(': 1'));

    const said = saying(one);
    for (const view of saying(two)) expect(said).toContain(view);
    expect(one.events('view_change').at(-1)).toMatchObject({ members: ['1'], gone: ['b-2_x.y'] });
    const log = readFileSync(join(folder, '1', 'sensor.log'), 'utf8')
      .split('\n')
      .slice(0, -1);
    expect(log.map((line) => JSON.parse(line).event)).toContain('view_change');
  }, 120_000);

  it('publishes what is piped in, names the lines that are none, and ends with the pipe', async () => {
    const folder = freshFolder();
    const started = launch(wordsOf({ id: '1', folder, more: ['--source', '-'] }));

    started.child.stdin?.end(
      '2026-01-31T12:00:00Z,20,50,1000\nrain\n{"temperature_c":1,"humidity_pct":2,"pressure_hpa":3}\n',
    );

    expect(await started.ended).toBe(64);
    expect(rowsOf(folder, '1', '1')).toEqual([
      '1,2026-01-31T12:00:00.000Z,1,20,50,1000',
      expect.stringMatching(/^2,.*,1,1,2,3$/),
    ]);
    expect(started.stdout()).toContain('{"event":"line_skipped","line":2,"reason":');
  }, 60_000);

  it('stops and stays a member when it is terminated', async () => {
    const folder = freshFolder();
    const one = await startSensor({ id: '1', folder, more: NOTHING });
    const two = await startSensor({ id: '2', folder, seeds: [one.listen], more: NOTHING });

    await until('the sensor at work', PATIENCE_MS, () => two.events('measuring').length > 0);
    two.child.kill('SIGTERM');

    expect(await two.ended).toBe(0);
    expect(two.events('left')).toMatchObject([{ detail: 'stopped; the others keep it as a member' }]);
    one.child.kill('SIGTERM');
    expect(await one.ended).toBe(0);
  }, 120_000);

  it.each([
    ['--interval', '0', /--interval: "0" is too small; at least 0\.001/],
    ['--speed', 'fast', /--speed: "fast" must be a number/],
    ['--window', '1.5', /--window: "1\.5" must be a whole number/],
    ['--retain-readings', '20001', /--retain-readings: "20001" is too large; at most 20000/],
    ['--source', '/no/such/file', /--source: \/no\/such\/file cannot be read/],
    ['--log-file', '/dev/null/sensor.log', /--log-file: .* cannot be written/],
    ['--intervall', '3', /unknown flag --intervall; did you mean --interval\?/],
  ])('refuses %s %s in one line', async (flag, value, complaint) => {
    const { exitCode, stdout, stderr } = await run(['sensor', '--id', '1', '--bootstrap', flag, value]);

    expect(stderr).toMatch(complaint);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect([64, 78]).toContain(exitCode);
  });

  it('refuses a file that is not of its cluster’s log, and leaves it alone', async () => {
    const folder = freshFolder();
    const first = launch(wordsOf({ id: '1', folder, more: ['--source', '-'] }));
    first.child.stdin?.end('2026-01-31T12:00:00Z,20,50,1000\n');
    await first.ended;
    const path = join(folder, '1', '1.csv');
    const foreign = `${HEADER}\n1,2026-01-31T12:00:00.000Z,1,99,50,1000\n`;
    writeFileSync(path, foreign);

    const { exitCode, stderr } = await run(wordsOf({ id: '1', folder }));

    expect(stderr).toMatch(/1\.csv: its last row, 1, is not of this cluster's log; move the file away\n$/);
    expect(exitCode).toBe(78);
    expect(readFileSync(path, 'utf8')).toBe(foreign);
  }, 60_000);
});

describe('several sensors on one machine', () => {
  it('say where each is, write the same files, and end together', async () => {
    const folder = join(freshFolder(), 'data');
    mkdirSync(folder);
    const up = launch([
      'sensor',
      'up',
      '--peers',
      '3',
      '--data',
      folder,
      '--preset',
      'fast',
      '--interval',
      '0.1',
      '--readings',
      '5',
    ]);
    await until('all rows at all peers', PATIENCE_MS, () =>
      ['1', '2', '3'].every((peer) =>
        ['1', '2', '3'].every((sensor) => rowsOf(folder, peer, sensor).length === 5),
      ),
    );

    up.child.kill('SIGINT');

    expect(await up.ended).toBe(0);
    for (const id of ['1', '2', '3'])
      expect(up.stdout()).toMatch(
        new RegExp(`^${id} listens at 127\\.0\\.0\\.1:\\d+, page http://127\\.0\\.0\\.1:\\d+/`, 'm'),
      );
    for (const sensor of ['1', '2', '3']) {
      expect(textOf(folder, '2', sensor)).toBe(textOf(folder, '1', sensor));
      expect(textOf(folder, '3', sensor)).toBe(textOf(folder, '1', sensor));
    }
  }, 120_000);
});
