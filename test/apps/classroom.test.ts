/** `bullpen classroom`: serves, writes, and says in one line what it will not do. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freshFolder, launch, PATIENCE_MS, run } from '../processes/bullpen.js';
import { until } from '../support/until.js';

describe('what bullpen classroom does not do, it says in one line', () => {
  it.each([
    ['an unknown flag', ['--exprt', 'x.html'], 64, /--exprt.*--export/],
    ['an address that is none', ['--http', 'here'], 64, /--http: here must be HOST:PORT/],
    ['a port that there is not', ['--http', '127.0.0.1:70000'], 64, /--http: .*port above 65535/],
    ['serving and writing at once', ['--http', '127.0.0.1:0', '--export', 'x.html'], 64, /--export.*--http/],
    ['a file without a name', ['--export', ''], 64, /--export/],
    ['a flag without its value', ['--export'], 64, /--export/],
    ['a word too many', ['now'], 64, /fewer words/],
    [
      'a folder that is not there',
      ['--export', '/nowhere/page.html'],
      78,
      /\/nowhere\/page\.html \(ENOENT\)/,
    ],
  ] as const)('%s', async (_, words, exitCode, saying) => {
    const refused = await run(['classroom', ...words]);

    expect({ exitCode: refused.exitCode, stdout: refused.stdout }).toEqual({ exitCode, stdout: '' });
    expect(refused.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(refused.stderr).toMatch(saying);
  });

  it('a file that is a folder, which stays as it was', async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'page.html'));

    const refused = await run(['classroom', '--export', join(folder, 'page.html')]);

    expect(refused.exitCode).toBe(78);
    expect(refused.stderr).toMatch(/cannot write .*page\.html/);
    expect(readdirSync(folder)).toEqual(['page.html']);
  });

  it('a port in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const refused = await run(['classroom', '--http', `127.0.0.1:${port}`]);
    await new Promise((resolve) => server.close(resolve));

    expect(refused.exitCode).toBe(75);
    expect(refused.stderr).toMatch(new RegExp(`^bullpen: --http: port ${port} is in use.*\n$`));
  });
});

describe('bullpen classroom', () => {
  it('says its address in one line, serves the page under its policy, and ends with 0 when told to', async () => {
    const classroom = launch(['classroom', '--http', '127.0.0.1:0']);
    const line = await until('its address', PATIENCE_MS, () => classroom.lines()[0] ?? false);
    const address = /^classroom http=(127\.0\.0\.1:\d+)$/.exec(line)?.[1];

    const page = await fetch(`http://${address}/`);
    const nothing = await fetch(`http://${address}/v1/status`);
    const text = await page.text();
    const stranger = await fetch(`http://${address}/`, {
      method: 'POST',
      headers: { origin: 'http://evil.example' },
    });
    classroom.child.kill('SIGTERM');

    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe/);
    expect(text).toContain('name="bullpen-served-by" content="classroom"');
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| style=/);
    expect(nothing.status).toBe(404);
    expect(stranger.status).toBe(403);
    expect(await classroom.ended).toBe(0);
    expect(classroom.lines()).toHaveLength(1);
  });

  it('writes one file that needs no other', async () => {
    const file = join(freshFolder(), 'page.html');

    const written = await run(['classroom', '--export', file]);

    const text = readFileSync(file, 'utf8');
    expect(written.exitCode).toBe(0);
    expect(written.stdout).toBe(`classroom file=${file} bytes=${Buffer.byteLength(text)}\n`);
    expect(text).not.toMatch(/<script[^>]* src=|<link rel="stylesheet"|import\s*["']\.\//);
    expect(text).toContain('name="bullpen-served-by" content="nobody"');
  });

  it('says what there is', async () => {
    const help = await run(['classroom', '--help']);

    expect(help.exitCode).toBe(0);
    for (const flag of ['--http <HOST:PORT>', '--export <FILE>', '--no-open', '127.0.0.1:7611'])
      expect(help.stdout).toContain(flag);
  });
});
