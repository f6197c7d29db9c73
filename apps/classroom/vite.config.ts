/** Builds the classroom into `dist/classroom`: files only, nothing inline, so that a strict content policy can serve it. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';
import { vocabulary } from '../../transport/index.js';
import { chartLayouts } from './charts/layouts.js';

// Tests prepare the build too, under NODE_ENV=test; what is served is the same whoever builds it.
process.env.NODE_ENV = 'production';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [solid(), chartLayouts()],
  // The words of the protocol page, read at build time: the page needs no schema library to name a message.
  define: { __VOCABULARY__: JSON.stringify(Object.fromEntries(vocabulary)) },
  worker: { format: 'es' },
  build: {
    outDir: fileURLToPath(new URL('../../dist/classroom', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    // One style sheet and no preloading: the single file is put together from these files.
    cssCodeSplit: false,
    modulePreload: false,
  },
});
