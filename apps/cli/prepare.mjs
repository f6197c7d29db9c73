/**
 * Makes `npm start`, `npm test` and `npm run bullpen` work on a clean clone: installs what is missing, builds what is old.
 *
 * Plain JavaScript without dependencies, for it runs before there are any. When nothing changed it only compares times
 * of change. Several may be started together: one works, the others wait for its lock.
 *
 * npm itself calls it after every install (`--after-install`), so that `npx bullpen` and the package work after `npm ci`
 * too; without the development packages there is nothing to build with, and what is built stays as it is.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { inlinePage } from './single-page.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STAMP = join(ROOT, 'dist/.built');
const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');
/** npx looks for the command here; npm links only those of other packages. */
const COMMAND = join(ROOT, 'node_modules/.bin/bullpen');
const SOURCES = ['machines', 'actors', 'transport', 'apps'];
const SOURCE_FILES = ['package.json', 'package-lock.json', 'tsconfig.json'];

const force = process.argv.includes('--build');
const quiet = process.argv.includes('--quiet');
const afterInstall = process.argv.includes('--after-install');
/** Set for the npm that this program runs: when it calls back, the work is being done already. */
const AT_WORK = 'BULLPEN_AT_WORK';

try {
  const idle = afterInstall && (process.env[AT_WORK] !== undefined || !canBuild());
  if (idle) process.exit();
  if (mustInstall() || force || mustBuild()) {
    mkdirSync(join(ROOT, 'dist'), { recursive: true });
    await withLock(join(ROOT, 'dist/.lock'), tell, prepare);
  }
} catch (problem) {
  process.stderr.write(`bullpen: ${problem instanceof Error ? problem.message : problem}\n`);
  process.exitCode = 1;
}

/** What must be done is asked again under the lock: another process may have done it meanwhile. */
async function prepare() {
  if (mustInstall()) await install();
  if (force || mustBuild()) await build();
}

function mustInstall() {
  const installed = changedAt(INSTALLED);
  return installed === null || installed < (changedAt(join(ROOT, 'package-lock.json')) ?? 0);
}

async function install() {
  tell('installing packages (npm install) …');
  await run(
    'npm',
    ['install', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    'npm install failed',
  );
  // npm leaves the file alone when there was nothing to do; without this it would be asked every time.
  utimesSync(INSTALLED, new Date(), new Date());
}

/** Whether the development packages are there, or npm can be asked for them. */
function canBuild() {
  return changedAt(INSTALLED) === null || changedAt(join(ROOT, 'node_modules/esbuild')) !== null;
}

function mustBuild() {
  try {
    return readFileSync(STAMP, 'utf8') !== fingerprint() || changedAt(COMMAND) === null;
  } catch {
    return true;
  }
}

async function build() {
  tell('building …');
  const sources = fingerprint();
  rmSync(STAMP, { force: true });
  await Promise.all([bundle(), declare(), drawPage()]);
  linkCommand();
  writeFileSync(STAMP, sources);
}

/** One bundle with several ways in, so that the command and the library share every module. */
async function bundle() {
  const { build: esbuild } = await import('esbuild');
  const result = await esbuild({
    absWorkingDir: ROOT,
    entryPoints: {
      cli: 'apps/cli/main.ts',
      // Processes the bench starts.
      'bench-worker': 'apps/bench/worker.ts',
      'bench-floor': 'apps/bench/floor-worker.ts',
      // Threads the simulator starts.
      'simulator-worker': 'apps/simulator/worker.ts',
      index: 'actors/index.ts',
      machines: 'machines/index.ts',
      transport: 'transport/index.ts',
      simulator: 'apps/simulator/index.ts',
    },
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    // A hundred small files, which take a fifth of the time that a command needs to start.
    alias: { zod: './node_modules/zod/index.js' },
    sourcemap: true,
    metafile: true,
    logLevel: 'silent',
  }).catch((failure) => {
    throw new Error(`the build failed: ${firstErrorOf(failure)}`);
  });
  removeOldChunks(new Set(Object.keys(result.metafile.outputs)));
  // For web pages, in one piece: a page has no node_modules.
  await esbuild({
    absWorkingDir: ROOT,
    entryPoints: { client: 'actors/client-anywhere.ts' },
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    sourcemap: true,
    logLevel: 'silent',
  });
}

function firstErrorOf(failure) {
  const first = failure.errors?.[0];
  if (first === undefined) return failure.message;
  const place = first.location === null ? '' : ` (${first.location.file}:${first.location.line})`;
  return `${first.text}${place}`;
}

function removeOldChunks(current) {
  for (const name of readdirSync(join(ROOT, 'dist/chunks'), { withFileTypes: true })) {
    if (!current.has(`dist/chunks/${name.name}`))
      rmSync(join(ROOT, 'dist/chunks', name.name), { force: true });
  }
}

function linkCommand() {
  rmSync(COMMAND, { force: true });
  symlinkSync('../../dist/cli.js', COMMAND);
}

/** Types for people who import the package. Nothing that runs needs them, so only `npm run build` insists. */
async function declare() {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  try {
    await run(
      process.execPath,
      [compiler, '-p', 'apps/cli/declarations.json'],
      'the type declarations failed',
    );
  } catch (problem) {
    if (force) throw problem;
    tell(problem.message);
  }
}

async function drawPage() {
  if (changedAt(join(ROOT, 'apps/classroom/vite.config.ts')) === null) return;
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const configuration = ['--config', 'apps/classroom/vite.config.ts', '--logLevel', 'warn'];
  await run(process.execPath, [vite, 'build', ...configuration], 'the page could not be built');
  await inlinePage(join(ROOT, 'dist/classroom'), join(ROOT, 'dist/classroom.html'));
}

/** Runs a command, silent unless it fails. @throws Error with `complaint` and what the command said. */
function run(command, words, complaint) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, [AT_WORK]: '1' };
    const child = spawn(command, words, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    child.on('error', (problem) => reject(new Error(`${complaint}: ${problem.message}`)));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${complaint}\n${said.trimEnd()}`)),
    );
  });
}

/** Which sources there are and when each was changed, as one short text. */
function fingerprint() {
  const hash = createHash('sha1');
  const add = (path) => hash.update(`${path}\0${changedAt(path)}\0`);
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else add(path);
    }
  };
  for (const name of SOURCE_FILES) add(join(ROOT, name));
  for (const folder of SOURCES) visit(join(ROOT, folder));
  return hash.digest('hex');
}

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

function tell(words) {
  if (!quiet || words.startsWith('installing')) process.stderr.write(`bullpen: ${words}\n`);
}
