/**
 * Runs a program of the tests: `node test/run.mjs test/hostile/program.ts --inputs 1000000`.
 *
 * Jest is for tests that must fit into minutes; what runs for longer is a program of its own, bundled here because Node 20
 * reads no TypeScript. A program may start itself as a worker thread by its own `import.meta.url`.
 */
import { spawn } from 'node:child_process';
import { bundleProgram } from './bundle.mjs';

const [entry, ...words] = process.argv.slice(2);
if (entry === undefined) {
  process.stderr.write('usage: node test/run.mjs <PROGRAM.ts> [its own words]\n');
  process.exit(64);
}
const path = await bundleProgram(entry);
const child = spawn(process.execPath, ['--enable-source-maps', path, ...words], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
