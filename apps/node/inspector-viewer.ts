/** The project's own viewer at the inspector's port: the built page, for whoever is without the internet. */
import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { filesIn, TYPES } from './http-page.js';
import { packageRoot } from './package-root.js';

/** Where it is served. */
export const VIEWER = '/viewer/';

const HEADERS = {
  'content-security-policy':
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

export interface Viewer {
  /** Answers a request below `VIEWER`; false for a file that there is not. */
  answer(path: string, response: ServerResponse): boolean;
}

/** @returns null where the page is not built. */
export function ownViewer(folder = join(packageRoot(), 'dist/classroom')): Viewer | null {
  if (!existsSync(join(folder, 'index.html'))) return null;
  const known = new Set(filesIn(folder));
  return {
    answer: (path, response) => {
      const name = path === VIEWER ? 'index.html' : path.slice(VIEWER.length);
      if (!known.has(name)) return false;
      const type = TYPES[extname(name)] ?? 'application/octet-stream';
      response.writeHead(200, { ...HEADERS, 'content-type': type }).end(readFileSync(join(folder, name)));
      return true;
    },
  };
}
