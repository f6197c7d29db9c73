/** Real processes of the built command, for tests; whatever a test leaves behind is ended after it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Delivery, Status } from '../../actors/index.js';
import { until } from '../support/until.js';

const ROOT = join(import.meta.dirname, '../..');
const COMMAND = join(ROOT, 'dist/cli.js');
/** Generous: the machine may be busy. */
export const PATIENCE_MS = 40_000;

/** A process that starts beside others on a busy machine is silent for longer than the 250 ms of preset `fast`. */
const CALM = {
  // As people run it; Jest's own would make the programs for terminals several times as slow.
  NODE_ENV: 'production',
  BULLPEN_HEARTBEAT_INTERVAL_MS: '100',
  BULLPEN_ANSWER_TIMEOUT_MS: '200',
  BULLPEN_COORDINATOR_TIMEOUT_MS: '800',
  BULLPEN_SUSPECT_TIMEOUT_MS: '800',
  BULLPEN_STICKINESS_MS: '500',
  BULLPEN_COLLECT_TIMEOUT_MS: '800',
  BULLPEN_HANDOVER_TIMEOUT_MS: '600',
};

const running = new Set<ChildProcess>();
const folders = new Set<string>();

// The bundle must be that of the sources; when it is, this only compares times.
beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'apps/cli/prepare.mjs'), '--quiet'], { stdio: 'pipe' });
}, 120_000);

afterEach(async () => {
  await Promise.all([...running].map(end));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
});

async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** A folder that is gone after the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-test-'));
  folders.add(folder);
  return folder;
}

export interface Process {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Lines of stdout that are complete. */
  lines(): readonly string[];
  /** The exit code, or the signal, once it has ended. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts `bullpen …words`, behind the words of `before`: `ip netns exec …`. */
export function launch(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  before: readonly string[] = [],
): Process {
  const [program = '', ...rest] = [...before, process.execPath, COMMAND, ...words];
  const child = spawn(program, rest, {
    env: { ...process.env, ...CALM, ...environment },
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve(code ?? signal);
    });
  });
  const lines = () => stdout.split('\n').slice(0, -1);
  return { child, stdout: () => stdout, stderr: () => stderr, lines, ended };
}

/** Runs `bullpen …words` to its end. */
export async function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const process = launch(words, environment);
  const exitCode = await process.ended;
  return { exitCode, stdout: process.stdout(), stderr: process.stderr() };
}

export interface RunningPeer extends Process {
  readonly id: string;
  readonly listen: string;
  readonly http: string;
  /** Events after `ready`, as objects. */
  events(): readonly Readonly<Record<string, unknown>>[];
  status(): Promise<Status>;
  /** Offers a text once. */
  say(text: string, key?: string): Promise<{ readonly status: number; readonly body: Answer }>;
  /** All that was delivered there, in order. */
  log(): Promise<readonly Delivery[]>;
  signal(name: NodeJS.Signals): void;
}

export interface Answer {
  readonly sequence?: number;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface PeerWords {
  readonly id: string;
  readonly data?: string;
  readonly listen?: string;
  readonly http?: string;
  readonly seeds?: readonly string[];
  readonly bootstrap?: boolean;
  /** What it runs; default: `peer`. */
  readonly program?: readonly string[];
  readonly more?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The words that start a peer with preset `fast` and HTTP. */
export const wordsOf = ({
  id,
  data,
  listen,
  http,
  seeds = [],
  bootstrap,
  program = ['peer'],
  more = [],
}: PeerWords): string[] => [
  ...program,
  ...['--id', id, '--preset', 'fast', '--json', '--log-level', 'warn'],
  ...['--listen', listen ?? '127.0.0.1:0', '--http', http ?? '127.0.0.1:0'],
  ...(data === undefined ? [] : ['--data', data]),
  ...seeds.flatMap((seed) => ['--seed', seed]),
  ...(bootstrap === true ? ['--bootstrap'] : []),
  ...more,
];

/** Starts a peer and waits for its `ready`. */
export async function startPeer(words: PeerWords): Promise<RunningPeer> {
  const started = launch(wordsOf(words), words.environment);
  const first = await until(`peer ${words.id} to be ready`, PATIENCE_MS, () => {
    if (started.child.exitCode !== null) throw new Error(`peer ${words.id} ended: ${started.stderr()}`);
    return started.lines()[0];
  });
  const ready = JSON.parse(first) as { listen: string; http: string };
  const url = `http://${ready.http}`;
  return {
    ...started,
    id: words.id,
    listen: ready.listen,
    http: ready.http,
    events: () =>
      started
        .lines()
        .slice(1)
        .map((line) => JSON.parse(line)),
    status: async () => (await ask(`${url}/v1/status`)) as Status,
    say: (text, key) => say(url, text, key),
    log: () => wholeLog(url),
    signal: (name) => void started.child.kill(name),
  };
}

/** What an address answers, whatever its status. */
export async function ask(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  return response.json();
}

async function say(url: string, text: string, key?: string): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
    body: JSON.stringify({ topic: 'general', payload: { text } }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

async function wholeLog(url: string): Promise<readonly Delivery[]> {
  const log: Delivery[] = [];
  for (;;) {
    const after = log.at(-1)?.sequence ?? 0;
    const page = (await ask(`${url}/v1/messages?after=${after}&limit=1000&consistency=local`)) as {
      messages: Delivery[];
    };
    if (page.messages.length === 0) return log;
    log.push(...page.messages);
  }
}

/** Waits until every one of `peers` follows the same coordinator, which is `leader` when one is named. */
export async function agreement(peers: readonly RunningPeer[], leader?: string): Promise<Status> {
  const names = peers.map(({ id }) => id).join(', ');
  return until(`${names} to agree about ${leader ?? 'a coordinator'}`, PATIENCE_MS, async () => {
    const statuses = await Promise.all(peers.map((peer) => peer.status()));
    const [first] = statuses;
    if (first === undefined || first.coordinator === null) return false;
    if (leader !== undefined && first.coordinator !== leader) return false;
    const same = statuses.every(
      ({ ready, coordinator, term }) => ready && coordinator === first.coordinator && term.n === first.term.n,
    );
    return same && first;
  });
}

/** Waits until every member votes: whoever still learns is no help when others die. */
export async function allVote(peer: RunningPeer, members: number): Promise<void> {
  await until(`${members} to vote`, PATIENCE_MS, async () => {
    const { view } = await peer.status();
    return view.members.filter(({ role }) => role === 'voter').length === members;
  });
}

/** Says `text` at `peer` until it has its number, under one key: a retry is harmless. */
export async function sayUntilNumbered(peer: RunningPeer, text: string): Promise<number> {
  return until(`a number for "${text}"`, PATIENCE_MS, async () => (await peer.say(text, text)).body.sequence);
}

/** Waits until all of `peers` have `messages` messages, and gives their logs. */
export async function logsOf(
  peers: readonly RunningPeer[],
  messages: number,
): Promise<readonly (readonly Delivery[])[]> {
  return until(`everyone to have ${messages} messages`, PATIENCE_MS, async () => {
    const logs = await Promise.all(peers.map((peer) => peer.log()));
    return logs.every((log) => log.length >= messages) && logs;
  });
}

export const textsOf = (log: readonly Delivery[]): string[] =>
  log.map(({ payload }) => (payload as { text: string }).text);

/**
 * Three peers with journals, of which 3 leads.
 *
 * @param more - further flags of each.
 */
export async function startThree(
  folder: string,
  more: (id: string) => readonly string[] = () => [],
): Promise<[RunningPeer, RunningPeer, RunningPeer]> {
  const [one, two, three] = await startMany(folder, 3, more);
  if (one === undefined || two === undefined || three === undefined) throw new Error('three were started');
  return [one, two, three];
}

/** As many that belong together, all of them voters, led by the highest; in the order of their ids. */
export async function startMany(
  folder: string,
  count: number,
  more: (id: string) => readonly string[] = () => [],
): Promise<readonly RunningPeer[]> {
  const wordsOfMember = (id: string) => ({ id, data: join(folder, id), more: more(id) });
  const one = await startPeer({ ...wordsOfMember('1'), bootstrap: true });
  const others = Array.from({ length: count - 1 }, (_, i) => String(i + 2)).map((id) =>
    startPeer({ ...wordsOfMember(id), seeds: [one.listen] }),
  );
  const peers = [one, ...(await Promise.all(others))];
  await agreement(peers, String(count));
  await allVote(one, count);
  return peers;
}

/** Starts again a peer that has ended, at the same addresses and with the same journal. */
export const restart = (
  peer: RunningPeer,
  folder: string,
  seeds: readonly string[] = [],
): Promise<RunningPeer> =>
  startPeer({ id: peer.id, data: join(folder, peer.id), listen: peer.listen, http: peer.http, seeds });
