/** The command under test, built once and then left alone. */
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { perform } from './command.js';

/**
 * Copies the built command into `folder`: whoever builds while we run does not change what we test.
 *
 * @returns the path of the copy's `cli.js`.
 */
export async function freeze(folder: string): Promise<string> {
  await perform(process.execPath, 'apps/cli/prepare.mjs', '--quiet');
  const build = join(folder, 'build');
  cpSync('dist', join(build, 'dist'), { recursive: true });
  cpSync('package.json', join(build, 'package.json'));
  symlinkSync(join(process.cwd(), 'node_modules'), join(build, 'node_modules'));
  return join(build, 'dist/cli.js');
}
