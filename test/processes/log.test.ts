import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freshFolder, run, startPeer } from './bullpen.js';

const SAID = 12;

/** What the command writes, to a reader that begins late: by then the pipe has long been full. */
async function readLate(words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../dist/cli.js'), ...words]);
  await once(child.stdout, 'readable');
  await run(['--version']);
  child.stdout.setEncoding('utf8');
  let text = '';
  for await (const part of child.stdout) text += part;
  return text;
}

describe('bullpen log', () => {
  it('writes a long journal whole into a pipe', async () => {
    const data = freshFolder();
    const peer = await startPeer({ id: '1', data, bootstrap: true });
    for (let i = 0; i < SAID; i++) await peer.say(`${i}`.padEnd(60_000, '.'));
    peer.signal('SIGTERM');
    await peer.ended;

    const text = await readLate(['log', 'cat', data]);
    const verify = await run(['log', 'verify', data]);

    const entries = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const known = Number(verify.stdout.match(/^ok entries=(\d+) /)?.[1]);
    expect(verify.exitCode).toBe(0);
    expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: known }, (_, i) => i + 1));
    expect(text.length).toBeGreaterThan(SAID * 60_000);
  }, 60_000);
});
