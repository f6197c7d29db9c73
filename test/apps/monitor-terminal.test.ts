import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runTerminal } from '../../apps/monitor/terminal.js';
import { until } from '../support/until.js';
import { peerWith } from './peer-with.js';

const PATIENCE_MS = 60_000;
const ROWS = 24;

/** A terminal of 80 by 24 that remembers all that was written to it. */
function terminal() {
  const stdout = Object.assign(new PassThrough(), { columns: 80, rows: ROWS, isTTY: true });
  let written = '';
  stdout.on('data', (more) => {
    written += more;
  });
  const raw: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => void raw.push(on),
  });
  const sees = (text: string) =>
    until(`"${text}" on the terminal`, PATIENCE_MS, () => written.includes(text));
  return { stdin, stdout, stderr: stdout, raw, sees, written: () => written };
}

describe('the monitor on a terminal', () => {
  it('shows who leads, obeys its keys, stays below the height, and gives the terminal back', async () => {
    const { attached, close } = await peerWith({ http: '127.0.0.1:0' });
    const folder = mkdtempSync(join(tmpdir(), 'bullpen-monitor-'));
    const home = process.cwd();
    process.chdir(folder);
    const screen = terminal();
    const settings = { origins: [`http://${attached.http}`], plain: false, json: false };

    const ended = runTerminal(settings, screen as unknown as Parameters<typeof runTerminal>[1]);
    try {
      await screen.sees('1 leads, term 1');
      screen.stdin.write('s');
      await screen.sees('● coordinating');
      screen.stdin.write('s');
      screen.stdin.write(' ');
      await screen.sees('frozen');
      screen.stdin.write('w');
      await screen.sees('the trace of 1 is in trace-1-');
      screen.stdin.write('q');

      expect(await ended).toBe(0);
      expect(screen.raw).toEqual([true, false]);
      const [trace = ''] = readdirSync(folder);
      expect(JSON.parse(readFileSync(join(folder, trace), 'utf8').split('\n')[0] ?? '')).toMatchObject({
        kind: 'header',
        peer: '1',
      });
      // Every picture takes back the one before it, line by line: none is as high as the terminal.
      const erased = screen
        .written()
        .split('\u001b[G')
        .map((part) => part.split('\u001b[1A').length - 1);
      expect(Math.max(...erased)).toBeLessThan(ROWS);
    } finally {
      process.chdir(home);
      rmSync(folder, { recursive: true, force: true });
      await close();
    }
  }, 180_000);
});
