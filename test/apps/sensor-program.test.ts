import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createPeer, type Peer, type PeerOptionsInput } from '../../actors/index.js';
import { attach } from '../../apps/node/attachments.js';
import { Configuration } from '../../apps/node/configuration.js';
import { createLogger } from '../../apps/node/logger.js';
import { Views } from '../../apps/sensor/changes.js';
import { sensorSystem } from '../../apps/sensor/operations.js';
import { runSensor, type SensorProgram } from '../../apps/sensor/program.js';
import { readSensorSettings } from '../../apps/sensor/settings.js';
import { sensorReplica } from '../../apps/sensor/state.js';
import { until } from '../support/until.js';

const PATIENCE_MS = 60_000;

const endings = new Set<() => Promise<void> | void>();
afterEach(async () => {
  for (const end of [...endings].reverse()) await end();
  endings.clear();
});

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-sensor-'));
  endings.add(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real peer on the loopback, with time to spare: the machine may be busy. */
async function start(id: string, options: Partial<PeerOptionsInput> = {}): Promise<Peer> {
  const calm = {
    suspectTimeoutMs: 1500,
    stickinessMs: 1000,
    answerTimeoutMs: 300,
    coordinatorTimeoutMs: 1500,
    collectTimeoutMs: 1500,
    handoverTimeoutMs: 1500,
  };
  const peer = await createPeer({ id, preset: 'fast', ...calm, replicas: sensorSystem.replicas, ...options });
  endings.add(() => peer.stop());
  return peer;
}

interface Console {
  type(...lines: readonly string[]): void;
  hangUp(): void;
  lines(): readonly string[];
  sees(pattern: RegExp): Promise<string>;
  readonly ended: Promise<number>;
}

/** Flags as they are written on the command line; nothing is measured but what is typed. */
function consoleOf(
  peer: Peer,
  flags: Readonly<Record<string, unknown>> = {},
  more: Partial<SensorProgram> = {},
): Console {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  let text = '';
  stdout.on('data', (bytes) => {
    text += bytes;
  });
  const settings = readSensorSettings({ readings: '0', ...flags });
  const program = { ...settings, plain: true, json: false, folder: null, views: new Views(), ...more };
  const io = { stdin, stdout } as unknown as Parameters<typeof runSensor>[2];
  const ended = runSensor(peer, program, io);
  endings.add(async () => {
    await peer.stop();
    await ended;
  });
  const lines = () => text.split('\n').slice(0, -1);
  return {
    type: (...typed) => void stdin.write(typed.map((line) => `${line}\n`).join('')),
    hangUp: () => void stdin.end(),
    lines,
    sees: (pattern) =>
      until(`a line like ${pattern} in:\n${text}`, PATIENCE_MS, () =>
        lines().find((line) => pattern.test(line)),
      ),
    ended,
  };
}

async function alone(): Promise<Peer> {
  const peer = await start('1', { bootstrap: true });
  await peer.ready();
  return peer;
}

describe('a sensor at its console', () => {
  it('answers every command, says what is wrong with the others, and leaves', async () => {
    const console = consoleOf(await alone());

    console.type(
      'publish 20.5 50 1013',
      'readings',
      'nodes',
      'windows',
      'windows 1',
      'status',
      'help',
      'quit',
    );

    expect(await console.ended).toBe(0);
    const said = console.lines();
    expect(said).toEqual(
      expect.arrayContaining([
        'measures synthetic weather 1 every 15 s; writes no files without --data',
        'published as number 1',
        expect.stringMatching(/^\[seq=1\] 1 {2}\S+Z {2}20\.5 °C {2}50 % {2}1013 hPa$/),
        expect.stringMatching(/^1 at \S+: this peer, coordinator; 1 readings, the last at .*: 20\.5 °C/),
        expect.stringMatching(/^1 {2}\S+ \+ 60 s, 1 readings: 20\.5 … 20\.5 … 20\.5 °C, 50 … 50 … 50 %/),
        expect.stringMatching(/^peer 1 at \S+, coordinator, term 1, coordinator 1$/),
        // The entry of its first view may be on its way just then.
        expect.stringMatching(/^mode safe, log in memory, committed \d+, applied \d+, lag [01]$/),
        'measures synthetic weather 1 every 15 s; published 1, waiting 0, skipped 0',
        'windows of 60 s; kept 24 h, at most 5760 readings of a sensor',
        'help, quit          this; leave the cluster and end',
        'left the cluster',
      ]),
    );
  });

  it.each([
    ['publish 20 50', 'publish takes three numbers: temperature in °C, humidity in %, pressure in hPa'],
    ['publish 20 50 x', 'publish takes three numbers: temperature in °C, humidity in %, pressure in hPa'],
    ['publish 2000 50 1000', 'temperature_c must be a number from -273.15 to 1000 °C'],
    ['publish 20 101 1000', 'humidity_pct must be a number from 0 to 100 %'],
    ['readings 0', 'readings takes a number from 1 to 1000'],
    ['readings ten', 'readings takes a number from 1 to 1000'],
    ['windows roof', 'there is no sensor roof; nodes lists those there are'],
    ['windows 1 2', 'windows takes one sensor, or none for all'],
    ['status now', 'status takes nothing more'],
    ['raedings', 'there is no raedings: did you mean readings? help lists what there is'],
    ['constructor', 'there is no constructor; help lists what there is'],
  ])('refuses %p', async (line, reason) => {
    const console = consoleOf(await alone());

    console.type(line);
    console.hangUp();

    expect(await console.ended).toBe(64);
    expect(console.lines()).toContain(reason);
  });

  it('says the same in JSON', async () => {
    const console = consoleOf(await alone(), {}, { plain: false, json: true });

    console.type('publish 20 50 1000', 'status', 'nodes', 'windows', 'readings', 'quit');

    expect(await console.ended).toBe(0);
    const events = console.lines().map((line): Record<string, unknown> => JSON.parse(line));
    const named = (name: string) => events.find(({ event }) => event === name);
    expect(named('reading')).toMatchObject({
      sequence: 1,
      sensor: '1',
      temperature_c: 20,
      pressure_hpa: 1000,
    });
    expect(named('status')).toMatchObject({
      id: '1',
      role: 'coordinator',
      members: ['1'],
      published: 1,
      lag: 0,
    });
    expect(named('node')).toMatchObject({ id: '1', state: 'self', role: 'coordinator', published: 1 });
    expect(named('window')).toMatchObject({ sensor: '1', count: 1, humidity_pct_mean: 50 });
    expect(named('kept')).toMatchObject({ sequence: 1 });
  });

  it('makes flags that are for the whole cluster hold for the whole cluster', async () => {
    const console = consoleOf(await alone(), { window: '30', retain: '2', retainReadings: '7' });

    await console.sees(/^from now on windows of 30 s; kept 2 h, at most 7 readings of a sensor$/);
    console.type('status', 'quit');

    expect(await console.ended).toBe(0);
    expect(console.lines()).toContain('windows of 30 s; kept 2 h, at most 7 readings of a sensor');
  });
});

describe('three sensors', () => {
  it('write the same files while the coordinator goes, and lose nothing of what was measured meanwhile', async () => {
    const first = await start('1', { bootstrap: true });
    await first.ready();
    const others = await Promise.all(['2', '3'].map((id) => start(id, { seeds: [first.address] })));
    await Promise.all(others.map((peer) => peer.ready()));
    const peers = [first, ...others];
    await until('three voters, led by the highest', PATIENCE_MS, () => {
      const voters = first.status().view.members.filter(({ role }) => role === 'voter');
      return voters.length === 3 && peers.every((peer) => peer.status().coordinator === '3');
    });
    const folder = freshFolder();
    const recorded: string[] = [];
    const flags = {
      readings: '40',
      interval: '60',
      speed: '1200',
      quiet: true,
    };
    const consoles = peers.map((peer) => {
      const own = mkdtempSync(join(folder, `${peer.id}-`));
      const record = (event: string, facts: object) => {
        if (peer === first) recorded.push(JSON.stringify({ event, ...facts }));
      };
      return { peer, own, console: consoleOf(peer, flags, { folder: own, record }) };
    });
    const rows = (own: string, sensor: string) =>
      readFileSync(join(own, `${sensor}.csv`), 'utf8').split('\n');
    await until('some readings of each, everywhere', PATIENCE_MS, () =>
      consoles.every(({ own }) =>
        ['1', '2', '3'].every(
          (sensor) => existsSync(join(own, `${sensor}.csv`)) && rows(own, sensor).length > 4,
        ),
      ),
    );

    await peers[2]?.stop();
    await until('all that the others have measured', PATIENCE_MS, () =>
      consoles
        .slice(0, 2)
        .every(({ own }) => ['1', '2'].every((sensor) => rows(own, sensor).length === 40 + 2)),
    );

    const [one, two] = consoles;
    for (const sensor of ['1', '2', '3'])
      expect(rows(one?.own ?? '', sensor)).toEqual(rows(two?.own ?? '', sensor));
    const times = rows(one?.own ?? '', '1')
      .slice(1, -1)
      .map((row) => Date.parse(row.split(',')[1] ?? ''));
    expect(times.every((time, i) => i === 0 || time - (times[i - 1] ?? 0) === 60_000)).toBe(true);
    expect(recorded.join('\n')).toMatch(/"event":"coordinator","id":"2"/);
    expect(recorded.join('\n')).not.toContain('"event":"reading"');
  }, 240_000);
});

describe('the sensors over HTTP', () => {
  async function served() {
    const peer = await alone();
    const asked = { id: '1', bootstrap: true, logLevel: 'silent', http: '127.0.0.1:0' };
    const attached = await attach(peer, Configuration.parse(asked), await createLogger('silent', '1'), [
      sensorSystem,
    ]);
    endings.add(() => attached.close());
    const url = `http://${attached.http}/v1`;
    const get = async (path: string) => {
      const response = await fetch(`${url}/${path}`);
      return { status: response.status, body: await response.json() };
    };
    const post = async (body: unknown, key?: string) => {
      const response = await fetch(`${url}/sensors/readings`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    };
    return { peer, get, post };
  }
  const reading = { temperature_c: 20.5, humidity_pct: 50, pressure_hpa: 1013 };
  const timestamp = '2026-01-31T12:00:00.000Z';

  it('takes a reading once, however often it is sent, and shows it everywhere', async () => {
    const { get, post } = await served();

    const first = await post({ ...reading, timestamp: '2026-01-31T13:00:00+01:00' }, 'k1');
    const again = await post({ ...reading, timestamp: '2026-01-31T13:00:00+01:00' }, 'k1');
    await post(reading);

    expect(first).toEqual({ status: 201, body: { sensor: '1', sequence: 1, timestamp, ...reading } });
    expect(again).toEqual(first);
    expect(await get('sensors')).toEqual({
      status: 200,
      body: {
        settings: { window_s: 60, retain_h: 24, retain_readings: 5760 },
        sensors: [
          { id: '1', published: 2, kept: 2, isMember: true, last: expect.objectContaining({ sequence: 2 }) },
        ],
      },
    });
    expect(await get('sensors/1/readings?limit=1')).toEqual({
      status: 200,
      body: { sensor: '1', readings: [{ sequence: 1, timestamp, ...reading }], next: 1 },
    });
    expect((await get('sensors/1/readings?after=1')).body).toMatchObject({
      readings: [{ sequence: 2 }],
      next: 2,
    });
    expect((await get('sensors/1/readings?after=2')).body).toMatchObject({ readings: [], next: 2 });
    expect((await get('sensors/1/windows?limit=1')).body).toMatchObject({
      window_s: 60,
      windows: [{ count: 1 }],
    });
  });

  it('says what is not kept any more', async () => {
    const { peer, get, post } = await served();
    await peer.replica(sensorReplica).execute({ type: 'settings', retain_readings: 1 });
    for (let i = 0; i < 3; i++) await post(reading);

    const { status, body } = await get('sensors/1/readings?after=1');

    expect(status).toBe(410);
    expect(body).toEqual({
      error: { code: 'history-gone', message: expect.stringMatching(/begin with after=3/) },
    });
  });

  it.each([
    ['temperature_c is missing', { humidity_pct: 50, pressure_hpa: 1 }],
    ['temperature_c: must be a number', { ...reading, temperature_c: '20' }],
    ['humidity_pct: must be a number from 0 to 100 %', { ...reading, humidity_pct: 101 }],
    ['timestamp: must be a time', { ...reading, timestamp: 'now' }],
    ['Unrecognized key', { ...reading, sensor: '2' }],
  ])('refuses a reading: %s', async (complaint, body) => {
    const { post } = await served();

    const { status, body: answer } = await post(body);

    expect(status).toBe(400);
    expect(answer.error.message.replace(':', '')).toContain(complaint.replace(':', ''));
  });

  it('refuses what there is not', async () => {
    const { get } = await served();

    expect(await get('sensors/9/readings')).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown-sensor' } },
    });
    expect((await get('sensors/1/readings?after=-1')).status).toBe(400);
    expect((await get('sensors/1/readings?limit=1001')).status).toBe(400);
    const { body } = await get('openapi.json');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining([
        '/v1/sensors',
        '/v1/sensors/{id}/readings',
        '/v1/sensors/{id}/windows',
        '/v1/sensors/readings',
      ]),
    );
  });
});
