/**
 * Jest's transform: swc for our own files, and in every module the language's own names bound once, at its head.
 *
 * Jest runs modules in a realm of its own, where each look at a global goes through an interceptor. In what is called a
 * million times, as a simulated cluster is, that takes as long as the rest.
 */
import swc from '@swc/jest';

const COLLECTIONS = ['Array', 'Map', 'Set', 'Uint8Array', 'WeakMap', 'WeakSet'];
const OTHERS = ['Error', 'JSON', 'Math', 'Number', 'Object', 'Reflect', 'String', 'Symbol'];
const HEAD = `const { ${[...COLLECTIONS, ...OTHERS].join(', ')} } = globalThis;`;
/** What a script has to begin with stays at its beginning. */
const STRICT = /^['"]use strict['"];/;

const headed = ({ code, ...rest }) => ({
  ...rest,
  code: `${STRICT.exec(code)?.[0] ?? ''}${HEAD}${code.replace(STRICT, '')}`,
});

export default {
  createTransformer(options) {
    const typescript = swc.createTransformer(options);
    const isOurs = (path) => !path.includes('/node_modules/');
    return {
      canInstrument: false,
      getCacheKey: (...given) => `${HEAD}${typescript.getCacheKey(...given)}`,
      process: (code, path, ...rest) =>
        headed(isOurs(path) ? typescript.process(code, path, ...rest) : { code }),
      processAsync: async (code, path, ...rest) =>
        headed(isOurs(path) ? await typescript.processAsync(code, path, ...rest) : { code }),
    };
  },
};
