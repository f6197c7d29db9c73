/** `bullpen simulate` as its user meets it: what it prints, what it refuses, how it ends. */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgramFailure } from '../../apps/node/exit.js';
import { runSimulate } from '../../apps/simulator/program.js';
import { readSimulateSettings } from '../../apps/simulator/settings.js';

async function simulate(flags: Record<string, unknown>) {
  const lines: string[] = [];
  const bars: string[] = [];
  const progress = { isTerminal: true, columns: 80, write: (text: string) => void bars.push(text) };
  const exitCode = await runSimulate(readSimulateSettings(flags), {
    out: (line) => lines.push(line),
    progress,
  });
  return { exitCode, lines, bars };
}

const folder = () => mkdtempSync(join(tmpdir(), 'bullpen-simulate-'));

describe('bullpen simulate', () => {
  it('runs seeds on worker threads, and says how many, how fast, and what happened in them', async () => {
    const { exitCode, lines } = await simulate({ seeds: '20', core: true });

    expect(exitCode).toBe(0);
    expect(lines[0]).toMatch(/^20 seeds in [\d.]+ s: [\d.]+ seeds\/s$/);
    expect(lines[1]).toMatch(/^10,000 steps, \d+ coordinators, \d+ entries committed, \d+ logs cut$/);
    expect(lines.at(-1)).toBe('no violation');
  });

  it('tells of whole clusters how much time passed inside', async () => {
    const { exitCode, lines } = await simulate({ seeds: '1', from: '5', jobs: '1' });

    expect(exitCode).toBe(0);
    expect(lines[0]).toMatch(/ h simulated, \d+ times as fast as real time$/);
    expect(lines[2]).toMatch(/^after the last fault, in suspect time-outs/);
  });

  it('prints one JSON object for programs', async () => {
    const { lines } = await simulate({ seeds: '4', core: true, json: true });

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ seeds: 4, violations: 0, found: null });
  });

  it('plays one seed with its story, and writes its trace', async () => {
    const trace = join(folder(), 'trace.ndjson');
    const { exitCode, lines } = await simulate({ seed: '5', trace });
    const [head, record] = readFileSync(trace, 'utf8').split('\n');

    expect(exitCode).toBe(0);
    expect(lines[0]).toMatch(/^seed 5: peers 1, 2, 3, preset /);
    expect(lines.at(-2)).toMatch(/^trace [0-9a-f]{64}$/);
    expect(JSON.parse(head ?? '')).toMatchObject({ v: 1, source: 'simulator' });
    expect(JSON.parse(record ?? '')).toMatchObject({ s: 1 });
  });

  it('plays a part of a seed: the faults that are kept', async () => {
    const { lines } = await simulate({ seed: '5', keep: '0' });

    expect(lines.filter((line) => /^ {2}\d+: /.test(line))).toHaveLength(1);
  });

  it('appends what it ran to a ledger', async () => {
    const ledger = join(folder(), 'LEDGER.md');
    await simulate({ seeds: '2', core: true, ledger });
    await simulate({ seeds: '3', core: true, ledger });
    const rows = readFileSync(ledger, 'utf8').trim().split('\n').slice(-2);

    expect(rows[0]).toMatch(
      /^\| \d{4}-\d\d-\d\d .* \| `bullpen simulate --core --from 1 --seeds 2` \| 2 seeds, /,
    );
    expect(rows[1]).toMatch(/ \| no violation \|$/);
  });

  it.each([
    [{ seeds: '0' }, '--seeds: must be a whole number from 1 to 100000000'],
    [{ peers: '10' }, '--peers: must be a whole number from 1 to 9'],
    [{ faults: 'crash,earthquake' }, '--faults: must be all, none, or some of crash,'],
    [{ trace: 'x' }, '--keep and --trace are about one run: name it with --seed'],
    [{ core: true, seed: '1', keep: '0' }, '--core has no faults to keep and no actors to trace'],
  ])('refuses %j in one line', (flags, words) => {
    expect(() => readSimulateSettings(flags)).toThrow(words);
    expect(() => readSimulateSettings(flags)).toThrow(ProgramFailure);
  });

  it('refuses a place where the seed has no fault', async () => {
    await expect(simulate({ seed: '5', keep: '99' })).rejects.toThrow(
      /^--keep: seed 5 has \d+ faults, none at place 99$/,
    );
  });

  it('refuses a trace that cannot be written', async () => {
    const nowhere = join(folder(), 'no', 'such', 'folder');

    await expect(simulate({ seed: '5', keep: '0', trace: nowhere })).rejects.toThrow(/^--trace: ENOENT/);
    expect(existsSync(nowhere)).toBe(false);
  });
});
