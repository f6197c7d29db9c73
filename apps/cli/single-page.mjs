/** Puts the built classroom into one file that opens from disk: script, styles and picture inside, the engine's worker as text. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * @param folder - what Vite has built: `index.html` and `assets/`.
 * @param file - is written.
 * @returns how many bytes it has.
 * @throws Error when the build is not of the shape that is expected.
 */
export async function inlinePage(folder, file) {
  const { build } = await import('esbuild');
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const entry = theOne(html, /<script type="module"[^>]* src="\.\/([^"]+)"><\/script>/, 'script');
  const style = theOne(html, /<link rel="stylesheet"[^>]* href="\.\/([^"]+)">/, 'style sheet');
  const icon = theOne(html, /<link rel="icon"[^>]* href="\.\/([^"]+)"[^>]*>/, 'icon');
  const { outputFiles } = await build({
    entryPoints: [join(folder, entry.path)],
    bundle: true,
    write: false,
    format: 'esm',
    minify: true,
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [workersAsText(join(folder, 'assets'))],
  });
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const styles = readFileSync(join(folder, style.path), 'utf8').replaceAll('</style', '<\\/style');
  const picture = encodeURIComponent(readFileSync(join(folder, icon.path), 'utf8'));
  // Functions, for a text in their place would have its dollar signs read.
  const page = html
    .replace(icon.tag, () => `<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,${picture}">`)
    .replace(style.tag, () => `<style>${styles}</style>`)
    .replace(entry.tag, '')
    .replace('</body>', () => `<script type="module">${script}</script></body>`);
  writeFileSync(file, page);
  return Buffer.byteLength(page);
}

function theOne(html, pattern, what) {
  const found = html.match(pattern);
  if (found === null) throw new Error(`the page has no ${what} of the expected shape`);
  return { tag: found[0], path: found[1] };
}

/** How Vite writes the address of a worker: relative to the script that starts it. */
const WORKER_URL =
  /new URL\(\s*(?:\/\*[^*]*\*\/\s*)?(["'`])([^"'`]*worker[^"'`]*\.js)\1\s*,\s*(?:""\s*\+\s*)?import\.meta\.url\s*\)/g;

/** A page from disk may start no worker from a file; it may from a text that it holds. */
function workersAsText(assets) {
  return {
    name: 'workers as text',
    setup(esbuild) {
      const names = readdirSync(assets);
      esbuild.onLoad({ filter: /\.js$/ }, ({ path }) => {
        const texts = [];
        const contents = readFileSync(path, 'utf8').replace(WORKER_URL, (whole, _, url) => {
          const name = basename(url);
          if (!names.includes(name)) return whole;
          const place = texts.push(`import worker${texts.length} from 'worker-text:${name}';`) - 1;
          return `new URL(URL.createObjectURL(new Blob([worker${place}], { type: 'text/javascript' })))`;
        });
        return { contents: `${texts.join('')}${contents}`, loader: 'js' };
      });
      esbuild.onResolve({ filter: /^worker-text:/ }, ({ path }) => ({
        path: join(assets, path.slice('worker-text:'.length)),
        namespace: 'worker-text',
      }));
      esbuild.onLoad({ filter: /.*/, namespace: 'worker-text' }, ({ path }) => ({
        contents: readFileSync(path, 'utf8'),
        loader: 'text',
      }));
    },
  };
}
