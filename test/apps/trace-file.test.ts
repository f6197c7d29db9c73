import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peerWith } from './peer-with.js';

const folder = mkdtempSync(join(tmpdir(), 'bullpen-trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the file of a trace', () => {
  it('begins with its header and every actor there was, and has no hole', async () => {
    const path = join(folder, 'trace.ndjson');
    const attended = await peerWith({ trace: path });
    await attended.peer.submit('general', { text: 'traced' });
    await attended.close();

    const [header, ...records] = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const actors = records.filter(({ k }) => k === 'actor').map(({ a }) => a);
    expect(header).toMatchObject({ v: 1, kind: 'header', source: 'peer', cluster: 'bullpen', peer: '1' });
    expect(records.map(({ s }) => s)).toEqual(records.map((_, i) => i + 1));
    expect(actors).toEqual(
      expect.arrayContaining(['peer', 'journal', 'election', 'membership', 'sequencer']),
    );
    expect(records.map(({ k }) => k)).toEqual(expect.arrayContaining(['transition', 'timer', 'delivery']));
  });
});
