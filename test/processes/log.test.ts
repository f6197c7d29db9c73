import { freshFolder, run, startPeer } from './bullpen.js';

const SAID = 12;

describe('bullpen log', () => {
  it('writes a long journal whole into a pipe', async () => {
    const data = freshFolder();
    const peer = await startPeer({ id: '1', data, bootstrap: true });
    for (let i = 0; i < SAID; i++) await peer.say(`${i}`.padEnd(60_000, '.'));
    peer.signal('SIGTERM');
    await peer.ended;

    const cat = await run(['log', 'cat', data]);
    const verify = await run(['log', 'verify', data]);

    const entries = cat.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const known = Number(verify.stdout.match(/^ok entries=(\d+) /)?.[1]);
    expect([cat.exitCode, verify.exitCode]).toEqual([0, 0]);
    expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: known }, (_, i) => i + 1));
    expect(cat.stdout.length).toBeGreaterThan(SAID * 60_000);
  }, 60_000);
});
