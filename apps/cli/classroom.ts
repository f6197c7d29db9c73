/** `bullpen classroom`: the teaching page, served on this machine, or written as one file that needs no server. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Address } from '../../transport/index.js';
import { HostPort } from '../node/configuration.js';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { closeServer, createServer, listenAt } from '../node/http.js';
import { answerProblems } from '../node/http-answer.js';
import { guardHost } from '../node/http-guard.js';
import { servePage } from '../node/http-page.js';
import { packageRoot } from '../node/package-root.js';
import { onShutdown } from '../node/shutdown.js';

/** Always the same, for browsers keep progress by address. */
export const CLASSROOM_ADDRESS = '127.0.0.1:7611';

export interface ClassroomFlags {
  readonly http?: string;
  readonly export?: string;
  /** False when `--no-open` was given. */
  readonly open: boolean;
}

/**
 * Serves until it is told to end, or writes the file and ends.
 *
 * @throws ProgramFailure 64 for flags that make no sense, 75 when the port is in use, 78 when the file cannot be written.
 */
export async function runClassroom(flags: ClassroomFlags): Promise<ExitCode> {
  if (flags.export !== undefined && flags.http !== undefined)
    throw new ProgramFailure(EXIT.usage, '--export writes a file and serves nothing: leave out --http');
  if (flags.export !== undefined) return exportPage(flags.export);
  const address = flags.http ?? CLASSROOM_ADDRESS;
  const problem = HostPort.safeParse(address).error?.issues[0];
  if (problem !== undefined) throw new ProgramFailure(EXIT.usage, `--http: ${address} ${problem.message}`);
  return serve(address, flags.open && process.stdout.isTTY === true);
}

async function serve(address: Address, isOpening: boolean): Promise<ExitCode> {
  const app = createServer();
  answerProblems(app, (problem) => process.stderr.write(`bullpen: ${String(problem)}\n`));
  guardHost(app, address, []);
  servePage(app, { servedBy: 'classroom' });
  const bound = await listenAt(app, address);
  process.stdout.write(`classroom http=${bound}\n`);
  if (isOpening) openInBrowser(`http://${bound}/`);
  return untilAsked(app);
}

const untilAsked = (app: FastifyInstance): Promise<ExitCode> =>
  new Promise((done, fail) => {
    onShutdown(() => {
      closeServer(app).then(() => done(EXIT.clean), fail);
    });
  });

const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Whoever has no browser reads the address: nothing is said when this fails. */
function openInBrowser(url: string): void {
  const [program = '', ...words] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...words, url], { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}

async function exportPage(file: string): Promise<ExitCode> {
  const source = join(packageRoot(), 'dist/classroom.html');
  if (file === '') throw new ProgramFailure(EXIT.usage, '--export: needs the name of a file');
  if (!existsSync(source))
    throw new ProgramFailure(EXIT.configuration, 'the page is not built here: run npm run build');
  const path = resolve(file);
  const page = readFileSync(source);
  try {
    await writeFile(`${path}.part`, page);
    await rename(`${path}.part`, path);
  } catch (problem) {
    await rm(`${path}.part`, { force: true }).catch(() => {});
    const { code, message } = problem as NodeJS.ErrnoException;
    throw new ProgramFailure(EXIT.configuration, `--export: cannot write ${path} (${code ?? message})`);
  }
  process.stdout.write(`classroom file=${path} bytes=${page.length}\n`);
  return EXIT.clean;
}
