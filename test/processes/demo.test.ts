import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { until } from '../support/until.js';
import { launch, PATIENCE_MS, run } from './bullpen.js';

const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('bullpen-demo-'));

describe('the demo', () => {
  it('plays form, talk, kill, elect, talk, restart, catch up by itself, checks it, and cleans up', async () => {
    const before = leftovers();

    const { exitCode, stdout, stderr } = await run(['demo', '--once']);

    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const steps = stdout.split('\n').map((line) => line.split(/\s{2,}/)[0]);
    for (const step of ['form', 'elect', 'talk', 'kill', 'restart', 'catch up', 'check'])
      expect(steps).toContain(step);
    expect(stdout).toMatch(/3 leads term \d+: it has the highest id of those alive; promised by/);
    expect(stdout).toMatch(/2 leads term \d+/);
    expect(leftovers()).toEqual(before);
  }, 180_000);

  it('leaves nothing behind when it is interrupted', async () => {
    const before = leftovers();
    const demo = launch(['demo', '--once']);
    await until('the first peer’s journal', PATIENCE_MS, () => leftovers().length > before.length);

    demo.child.kill('SIGTERM');

    expect(await demo.ended).toBe(1);
    expect(leftovers()).toEqual(before);
  }, 180_000);
});
