/** Serves the page: a few files, read once, under a policy that lets nothing else in. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './http-answer.js';
import { packageRoot } from './package-root.js';

/** By the end of a file's name. */
export const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Other peers of this machine are followed too, and inspectors listened to; nothing else is spoken to. */
const SPOKEN_TO = "'self' http://127.0.0.1:* http://localhost:* ws://127.0.0.1:* ws://localhost:*";

const HEADERS = {
  'content-security-policy': `default-src 'self'; connect-src ${SPOKEN_TO}; img-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** The page reads here who serves it. */
const UNSERVED = 'name="bullpen-served-by" content="nobody"';

export interface PageOptions {
  /** A peer's page opens on the cluster, the classroom's on the lessons. */
  readonly servedBy: 'peer' | 'classroom';
  /** Where the files are; default: what was built of this package. */
  readonly folder?: string;
}

export function servePage(
  app: FastifyInstance,
  { servedBy, folder = join(packageRoot(), 'dist/classroom') }: PageOptions,
): void {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', async () => {
      throw new HttpProblem(404, 'no-page', 'the page is not built here: run npm run build');
    });
    return;
  }
  for (const path of filesIn(folder)) {
    const isPage = path === 'index.html';
    const file = readFileSync(join(folder, path));
    const content = isPage ? file.toString().replace(UNSERVED, UNSERVED.replace('nobody', servedBy)) : file;
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    // The build names everything but the page itself after its content.
    const caching = path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    app.get(isPage ? '/' : `/${path}`, (_request, reply) =>
      reply.headers(HEADERS).header('cache-control', caching).type(type).send(content),
    );
  }
}

/** Paths of what was built, below its folder. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !path.endsWith('.map'));
}
