/** Bundles a TypeScript program into one file that Node can run; a mutant is the same program with one rule changed. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';

const OUT = 'node_modules/.cache/bullpen';

/**
 * @param entry - path of the program, from the top of the house.
 * @param mutant - `{ name, file, from, to }`: in `file`, the one place that reads `from` is made to read `to`.
 * @param platform - `node` leaves packages outside; `browser` puts everything into the one file.
 * @returns the path of the bundle.
 * @throws Error when the mutant does not fit the source any more, or the program does not build.
 */
export async function bundleProgram(entry, { mutant, platform = 'node' } = {}) {
  const name = entry.replace(/\.ts$/, '').replaceAll('/', '-');
  const outfile = join(OUT, `${name}${mutant === undefined ? '' : `.${mutant.name}`}.${platform}.mjs`);
  const plugins = mutant === undefined ? [] : [mutating(mutant)];
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform,
    target: 'es2022',
    sourcemap: 'inline',
    logLevel: 'silent',
    ...(platform === 'node' ? { packages: 'external' } : {}),
    plugins,
  });
  return outfile;
}

/** An esbuild plugin that changes one place of one file, and fails when it is not there exactly once. */
function mutating({ name, file, from, to }) {
  return {
    name: `mutant ${name}`,
    setup(esbuild) {
      let isApplied = false;
      esbuild.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (relative(process.cwd(), path) !== file) return undefined;
        const parts = readFileSync(path, 'utf8').split(from);
        if (parts.length !== 2)
          throw new Error(`mutant ${name}: ${parts.length - 1} places in ${file} read: ${from}`);
        isApplied = true;
        return { contents: parts.join(to), loader: 'ts' };
      });
      esbuild.onEnd(() => {
        if (!isApplied) throw new Error(`mutant ${name}: ${file} is not part of the program`);
      });
    },
  };
}
