import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import './bullpen.js';

const ROOT = join(import.meta.dirname, '../..');

/** Every file `package.json` sends people to: the command, and what each way in has for programs and for types. */
function promised(): readonly string[] {
  const { bin, exports: ways } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const targets = Object.values<string | object>(ways).flatMap((way) =>
    typeof way === 'string' ? [way] : Object.values(way),
  );
  return [bin.bullpen, ...targets].map((path: string) => path.replace(/^\.\//, ''));
}

describe('the package', () => {
  it('holds every file it sends people to, and the live page', () => {
    const words = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
    const listed = JSON.parse(execFileSync('npm', words, { cwd: ROOT, encoding: 'utf8' }));

    // npm 12 answers an object by package name, npm 11 a list.
    const [packed] = Object.values<{ files: readonly { path: string }[] }>(listed);
    const paths = packed?.files.map(({ path }) => path);
    expect(promised().length).toBeGreaterThan(6);
    expect(paths).toEqual(expect.arrayContaining([...promised(), 'dist/classroom/index.html']));
  }, 60_000);

  it('is built when npm has installed it, and not again by the npm the build runs', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const again = { ...process.env, BULLPEN_AT_WORK: '1' };

    expect(scripts.prepare).toMatch(/^node apps\/cli\/prepare\.mjs --after-install/);
    const said = execFileSync(process.execPath, ['apps/cli/prepare.mjs', '--after-install', '--build'], {
      cwd: ROOT,
      env: again,
      encoding: 'utf8',
    });
    expect(said).toBe('');
  });
});
