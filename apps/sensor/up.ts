/** `bullpen sensor up`: several sensors on this machine, each a process of its own, ended together. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { freeAddresses } from '../node/free-addresses.js';
import { packageRoot } from '../node/package-root.js';
import { type Facts, lineOf } from '../node/report.js';
import { onShutdown } from '../node/shutdown.js';
import { checkedFlags, flagOf, number, readSensorSettings } from './settings.js';

const PEERS_MAX = 9;
const Own = z.object({ peers: number(z.number().int().min(1).max(PEERS_MAX)) });
/** What is handed on to each of them, as it was written. */
const HANDED_ON = [
  'interval',
  'source',
  'sourceSeed',
  'speed',
  'readings',
  'window',
  'retain',
  'retainReadings',
  'preset',
] as const;
/** What each of them says that is worth hearing from all. */
const HEARD = [
  'view_change',
  'coordinator',
  'warning',
  'csv_gap',
  'csv_torn',
  'line_skipped',
  'source_ended',
];

type Flags = Readonly<Record<string, unknown>>;

const write = (line: string) => void process.stdout.write(`${line}\n`);

/**
 * Runs until a signal, or until one of them cannot go on.
 *
 * @throws ProgramFailure 64 for a flag that is wrong; with what one of them said when it ended by itself.
 */
export async function sensorsUp(flags: Flags): Promise<ExitCode> {
  const { peers = 3 } = checkedFlags(Own, flags);
  const settings = readSensorSettings(flags);
  if (settings.source === '-')
    throw new ProgramFailure(
      EXIT.usage,
      '--source: one pipe cannot be read by several; start them one by one',
    );
  const data = typeof flags.data === 'string' ? flags.data : 'data';
  const listens = await freeAddresses(peers);
  const shared = HANDED_ON.flatMap((name) =>
    flags[name] === undefined ? [] : [flagOf(name), String(flags[name])],
  );
  const children = listens.map((listen, place) => {
    const id = String(place + 1);
    const seeds = listens.filter((other) => other !== listen).flatMap((seed) => ['--seed', seed]);
    const own = ['--id', id, '--data', join(data, id), '--listen', listen, '--http', '127.0.0.1:0'];
    // Without effect where the folder holds a cluster already.
    const first = place === 0 ? ['--bootstrap'] : [];
    const quiet = ['--quiet', '--json', '--log-level', 'error'];
    return start(id, join(data, id), [...own, ...seeds, ...first, ...quiet, ...shared]);
  });
  return together(children);
}

interface Child {
  readonly id: string;
  readonly process: ChildProcess;
  /** Its exit code, and the last of what it said on stderr. */
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

/** The first that ends by itself ends all; so does a signal. */
async function together(children: readonly Child[]): Promise<ExitCode> {
  const asked = new Promise<null>((resolve) => {
    onShutdown(() => resolve(null));
  });
  const first = await Promise.race([
    asked,
    ...children.map(async (child) => ({ child, ...(await child.ended) })),
  ]);
  write('ending …');
  for (const { process } of children) process.kill('SIGTERM');
  await Promise.all(children.map(({ ended }) => ended));
  if (first === null) return EXIT.clean;
  const reason = first.said.trim().split('\n').at(-1) || 'it said nothing';
  throw new ProgramFailure(
    EXIT.failed,
    `sensor ${first.child.id} ended with exit code ${first.code}: ${reason}`,
  );
}

function start(id: string, folder: string, words: readonly string[]): Child {
  const command = [join(packageRoot(), 'dist/cli.js'), 'sensor', ...words];
  // Of its own group: Ctrl-C at this terminal is for us, who end them. The channel ends them when we are gone.
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  let said = '';
  child.stderr?.on('data', (text) => {
    said = `${said}${text}`.slice(-2000);
  });
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (line) => tell(id, folder, line));
  const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, said }));
  });
  return { id, process: child, ended };
}

/** What a sensor says: where it is, and what is worth hearing. */
function tell(id: string, folder: string, line: string): void {
  const { event, ...facts } = JSON.parse(line) as Facts & { readonly event: string };
  if (event === 'ready')
    write(
      `${id} listens at ${facts.listen}, page http://${facts.http}/, files ${join(folder, '*.csv')}, log ${join(folder, 'sensor.log')}`,
    );
  else if (HEARD.includes(event)) write(`${id} ${lineOf(false, event, facts)}`);
}
