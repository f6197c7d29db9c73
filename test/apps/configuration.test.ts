import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peerOptionsOf, SETTINGS } from '../../apps/node/configuration.js';
import { ProgramFailure } from '../../apps/node/exit.js';
import { readConfiguration, type Sources } from '../../apps/node/sources.js';

const folder = mkdtempSync(join(tmpdir(), 'bullpen-configuration-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileWith(text: string): string {
  files += 1;
  const path = join(folder, `${files}.yaml`);
  writeFileSync(path, text);
  return path;
}

const read = (sources: Partial<Sources>) => readConfiguration({ flags: {}, environment: {}, ...sources });

async function refusalOf(sources: Partial<Sources>): Promise<ProgramFailure> {
  const outcome = await read(sources).catch((problem: unknown) => problem);
  if (outcome instanceof ProgramFailure) return outcome;
  throw new Error(`not refused: ${JSON.stringify(outcome)}`);
}

describe('a configuration', () => {
  it('takes flags before environment before file before defaults', async () => {
    const file = fileWith('id: 3\ncluster: from-file\nlisten: 127.0.0.1:1\npreset: wan\n');

    const configuration = await read({
      flags: { id: '1' },
      environment: { BULLPEN_ID: '2', BULLPEN_CLUSTER: 'from-environment' },
      file,
    });

    expect(configuration).toMatchObject({
      id: '1',
      cluster: 'from-environment',
      listen: '127.0.0.1:1',
      preset: 'wan',
      mode: 'safe',
      logLevel: 'info',
    });
  });

  it('reads numbers, switches and lists from the environment', async () => {
    const configuration = await read({
      environment: {
        BULLPEN_ID: 'a',
        BULLPEN_PRIORITY: '7',
        BULLPEN_BOOTSTRAP: 'true',
        BULLPEN_JSON: '0',
        BULLPEN_SEED: '127.0.0.1:7001,2:127.0.0.1:7002',
        BULLPEN_HEARTBEAT_INTERVAL_MS: '100',
        BULLPEN_LOG_LEVEL: 'debug',
      },
    });

    expect(configuration).toMatchObject({
      priority: 7,
      bootstrap: true,
      json: false,
      seeds: ['127.0.0.1:7001', '127.0.0.1:7002'],
      heartbeatIntervalMs: 100,
      logLevel: 'debug',
    });
  });

  it('reads what a coordinator does about voters, and does nothing unasked', async () => {
    const environment = { BULLPEN_TIE_BREAKER: 'true', BULLPEN_LAST_MAN_STANDING_MS: '9000' };
    const [asked, unasked] = [
      await read({ flags: { id: '1', lastManStanding: true }, environment }),
      await read({ flags: { id: '1' } }),
    ];

    expect(asked).toMatchObject({ tieBreaker: true, lastManStanding: true, lastManStandingMs: 9000 });
    expect(unasked).toMatchObject({ tieBreaker: false, lastManStanding: false, minVoters: 1 });
  });

  it('reads JSON files, and one seed or several', async () => {
    const one = await read({ file: fileWith('{"id":"1","seed":"127.0.0.1:1"}') });
    const several = await read({ file: fileWith('{"id":"1","seeds":["127.0.0.1:1","b:127.0.0.1:2"]}') });

    expect(one.seeds).toEqual(['127.0.0.1:1']);
    expect(several.seeds).toEqual(['127.0.0.1:1', '127.0.0.1:2']);
  });

  it('reads a file whose settings are spelled as flags', async () => {
    const configuration = await read({ file: fileWith('id: 1\nlog-level: warn\nseed: 127.0.0.1:1\n') });

    expect(configuration).toMatchObject({ id: '1', logLevel: 'warn', seeds: ['127.0.0.1:1'] });
  });

  it('allows faults when told to, by flag, variable or file, and else does not', async () => {
    const http = '127.0.0.1:8001';
    const told = await Promise.all([
      read({ flags: { id: '1', http } }),
      read({ flags: { id: '1', http, allowFaults: true } }),
      read({ flags: { id: '1', http }, environment: { BULLPEN_ALLOW_FAULTS: 'yes' } }),
      read({ file: fileWith('id: 1\nhttp: localhost:8001\nallow-faults: true\n') }),
    ]);

    expect(told.map(({ allowFaults }) => allowFaults)).toEqual([false, true, true, true]);
  });

  it('leaves variables alone that only begin like ours', async () => {
    const environment = { BULLPEN_PORT: 'tcp://10.0.0.1:80', BULLPEN_SERVICE_HOST: '10.0.0.1' };

    expect((await read({ flags: { id: '1' }, environment })).id).toBe('1');
  });

  it('keeps what is not the peer’s business from createPeer', async () => {
    const configuration = await read({ flags: { id: '1', http: '127.0.0.1:0', json: true, inspect: true } });

    expect(Object.keys(peerOptionsOf(configuration))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(http|json|plain|inspect|trace|logLevel|discover)$/)]),
    );
    expect(peerOptionsOf(configuration).id).toBe('1');
  });

  it('has one variable per setting, each of its own', () => {
    const variables = SETTINGS.map(({ variable }) => variable);

    expect(new Set(variables).size).toBe(variables.length);
    expect(variables).toEqual(expect.arrayContaining(['BULLPEN_ID', 'BULLPEN_LOG_LEVEL', 'BULLPEN_SEED']));
  });
});

describe('a wrong configuration is refused in one line', () => {
  it.each([
    ['no id', {}, 64, /--id is missing/],
    ['a bad id', { flags: { id: 'a b' } }, 64, /^--id: "a b" must match/],
    ['an empty id', { flags: { id: '' } }, 64, /^--id: "" must match/],
    ['an id too long', { flags: { id: 'a'.repeat(65) } }, 64, /^--id: .*must match/],
    ['a bad priority', { flags: { id: '1', priority: 'high' } }, 64, /^--priority: "high" must be a number/],
    ['a negative priority', { flags: { id: '1', priority: '-1' } }, 64, /^--priority: -1 is too small/],
    ['a fraction', { flags: { id: '1', priority: '1.5' } }, 64, /^--priority: 1.5 must be a whole number/],
    ['an address without port', { flags: { id: '1', listen: 'localhost' } }, 64, /^--listen: .*HOST:PORT/],
    ['a port too high', { flags: { id: '1', http: 'localhost:70000' } }, 64, /^--http: .*65535/],
    ['a bad seed', { flags: { id: '1', seeds: ['127.0.0.1:1', 'x'] } }, 64, /^--seed: "x" must be HOST:PORT/],
    ['an unknown mode', { flags: { id: '1', mode: 'fast' } }, 64, /^--mode: "fast".*safe, safe-mem/],
    ['an unknown preset', { flags: { id: '1', preset: 'slow' } }, 64, /^--preset: "slow".*lan, fast/],
    [
      'a takeover of classic mode',
      { flags: { id: '1', takeover: 'immediate' } },
      64,
      /immediate in mode classic only/,
    ],
    ['two ways to found', { flags: { id: '1', bootstrap: true, expect: '3' } }, 64, /^--expect: .*bootstrap/],
    [
      'a tie-breaker where nobody counts',
      { flags: { id: '1', mode: 'classic', tieBreaker: true } },
      64,
      /^--tie-breaker: .*mode classic/,
    ],
    [
      'votes that are lost in a moment',
      { flags: { id: '1', lastManStanding: true }, environment: { BULLPEN_LAST_MAN_STANDING_MS: '10' } },
      64,
      /^BULLPEN_LAST_MAN_STANDING_MS: .*suspectTimeoutMs/,
    ],
    [
      'fewer voters than one',
      { flags: { id: '1' }, environment: { BULLPEN_MIN_VOTERS: '0' } },
      64,
      /MIN_VOTERS/,
    ],
    ['a group that is none', { flags: { id: '1', discover: 'multicast:1.2.3.4:5' } }, 64, /^--discover: /],
    [
      'unknown discovery',
      { flags: { id: '1', discover: 'shouting' } },
      64,
      /"shouting" must be seeds, multicast/,
    ],
    ['a bad inspector', { flags: { id: '1', inspect: 'there' } }, 64, /^--inspect: "there" must be ws:/],
    [
      'no port',
      { flags: { id: '1', inspectLegacy: 'there' } },
      64,
      /^--inspect-legacy: "there" must be a port/,
    ],
    ['a port too high', { flags: { id: '1', inspectLegacy: '70000' } }, 64, /^--inspect-legacy: .*65535/],
    ['a log level', { flags: { id: '1', logLevel: 'loud' } }, 64, /^--log-level: "loud".*debug/],
    [
      'faults without HTTP',
      { flags: { id: '1', allowFaults: true } },
      64,
      /^--allow-faults: .*needs --http: /,
    ],
    [
      'faults for the network',
      { flags: { id: '1', allowFaults: true, http: '0.0.0.0:8001' } },
      64,
      /^--allow-faults: .*127\.0\.0\.1 or localhost.*kill this process$/,
    ],
    [
      'faults through a proxy',
      { flags: { id: '1', allowFaults: true, http: '127.0.0.1:8001', httpHosts: ['peer.example'] } },
      64,
      /^--allow-faults: .*no --http-host/,
    ],
    ['plain and JSON', { flags: { id: '1', plain: true, json: true } }, 64, /choose one/],
    [
      'a slip in a variable',
      { flags: { id: '1' }, environment: { BULLPEN_PRIORTY: '3' } },
      64,
      /^there is no variable BULLPEN_PRIORTY; did you mean BULLPEN_PRIORITY\?$/,
    ],
    ['a variable', { flags: { id: '1' }, environment: { BULLPEN_MODE: 'x' } }, 64, /^BULLPEN_MODE: "x"/],
    [
      'a switch',
      { flags: { id: '1' }, environment: { BULLPEN_JSON: 'maybe' } },
      64,
      /^BULLPEN_JSON: "maybe"/,
    ],
  ] as const)('%s', async (_, sources, exitCode, saying) => {
    const refusal = await refusalOf(sources as Partial<Sources>);

    expect(refusal.lines).toHaveLength(1);
    expect(refusal.lines[0]).toMatch(saying);
    expect(refusal.exitCode).toBe(exitCode);
  });

  it.each([
    ['an unknown key', 'id: 1\npresset: lan\n', /"presset"; did you mean "preset"\?/],
    ['a bad value', 'id: 1\nmode: slow\n', /\.yaml: mode: "slow" is not known/],
    ['a bad seed', 'id: 1\nseed: nowhere\n', /\.yaml: seed: "nowhere" must be HOST:PORT/],
    [
      'a timing against a rule',
      'id: 1\nsuspectTimeoutMs: 100\nstickinessMs: 50\n',
      /4 × heartbeatIntervalMs/,
    ],
    ['a list', '- id\n- 1\n', /must hold settings/],
    ['a value that holds itself', 'id: &a [*a]\n', /\.yaml: id: a value that holds itself must be/],
    ['a key of several lines', '"id\\nx": 1\n', /there is no setting "id\\u000ax"; did you mean "id"\?$/],
    ['a tag nobody knows', 'id: !!js/function "1"\n', /neither YAML nor JSON: Unresolved tag/],
    ['two documents', 'id: 1\n---\nid: 2\n', /neither YAML nor JSON/],
    ['lists in lists in lists', `id: ${'['.repeat(3000)}${']'.repeat(3000)}\n`, /nested too deep/],
    ['lists in lists of another spelling', `id:\n  ${'- '.repeat(3000)}1\n`, /nested too deep/],
    ['a value longer than a line', `id: ${'x'.repeat(5000)}\n`, /^.{20,400}$/],
    ['what is no YAML', '{{', /neither YAML nor JSON/],
  ])('in a file: %s', async (_, text, saying) => {
    const refusal = await refusalOf({ file: fileWith(text) });

    expect(refusal.lines).toHaveLength(1);
    expect(refusal.lines[0]).toMatch(saying);
    expect(refusal.exitCode).toBe(78);
  });

  it('names every wrong value, one line each', async () => {
    const refusal = await refusalOf({ flags: { id: '?', mode: 'x', listen: 'here:99999' } });

    expect(refusal.lines.map((line) => line.split(':')[0])).toEqual(['--id', '--listen', '--mode']);
  });

  it('says which file cannot be read', async () => {
    const refusal = await refusalOf({ file: join(folder, 'missing.yaml') });

    expect(refusal.lines).toEqual([`--config: cannot read ${join(folder, 'missing.yaml')} (ENOENT)`]);
    expect(refusal.exitCode).toBe(78);
  });
});
