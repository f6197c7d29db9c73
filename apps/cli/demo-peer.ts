/** One peer of a demo: a real process of `bullpen peer`, or of a system's program, which can be killed, paused and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Delivery, Status } from '../../actors/index.js';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { packageRoot } from '../node/package-root.js';
import { until } from '../node/until.js';

/** How long the peers wait for each other: a preset, and what differs from it. */
export interface DemoTimings {
  readonly preset: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A little calmer than `fast`: three processes that start on a busy laptop are late, not dead. */
export const QUICK: DemoTimings = {
  preset: 'fast',
  environment: {
    BULLPEN_ANSWER_TIMEOUT_MS: '150',
    BULLPEN_COORDINATOR_TIMEOUT_MS: '600',
    BULLPEN_SUSPECT_TIMEOUT_MS: '600',
    BULLPEN_STICKINESS_MS: '400',
    BULLPEN_COLLECT_TIMEOUT_MS: '600',
    BULLPEN_HANDOVER_TIMEOUT_MS: '500',
  },
};

/** For many processes on few processors. */
export const STEADY: DemoTimings = {
  preset: 'lan',
  environment: {
    BULLPEN_ANSWER_TIMEOUT_MS: '600',
    BULLPEN_COORDINATOR_TIMEOUT_MS: '2500',
    BULLPEN_SUSPECT_TIMEOUT_MS: '3000',
    BULLPEN_STICKINESS_MS: '2500',
    BULLPEN_COLLECT_TIMEOUT_MS: '2500',
    BULLPEN_HANDOVER_TIMEOUT_MS: '2500',
  },
};

/** What a demo's cluster is called: other peers of this machine keep out of it. */
export const DEMO_CLUSTER = 'demo';

const READY_WITHIN_MS = 40_000;
const ANSWER_WITHIN_MS = 2000;
const NUMBERED_WITHIN_MS = 40_000;
const INSIST_AFTER_MS = 2000;
const PAGE = 500;

export type Presence = 'running' | 'paused' | 'killed';

export interface Answered {
  readonly status: number;
  readonly answer: unknown;
}

export class DemoPeer {
  readonly id: string;
  readonly #folder: string;
  readonly #program: readonly string[];
  readonly #timings: DemoTimings;
  #child: ChildProcess | undefined;
  #presence: Presence = 'killed';
  #listen = '127.0.0.1:0';
  #http = '127.0.0.1:0';

  /**
   * @param folder - where its journal goes.
   * @param program - what it runs, with flags of its own: `['energy']`.
   */
  constructor(id: string, folder: string, program: readonly string[], timings: DemoTimings = QUICK) {
    this.id = id;
    this.#folder = folder;
    this.#program = program;
    this.#timings = timings;
  }

  /** HOST:PORT of its talk with other peers; the same after a restart. Known once it has started. */
  listen(): string {
    return this.#listen;
  }

  /** HOST:PORT of its HTTP; the same after a restart. */
  http(): string {
    return this.#http;
  }

  /** Its `--data`. */
  folder(): string {
    return join(this.#folder, this.id);
  }

  presence(): Presence {
    return this.#presence;
  }

  /** Resolves when it is ready. @throws ProgramFailure with what it said instead. */
  async start(seeds: readonly string[], bootstrap: boolean): Promise<void> {
    const { id } = this;
    const place = { data: this.folder(), listen: this.#listen, http: this.#http };
    const words = flagsOf({
      id,
      cluster: DEMO_CLUSTER,
      preset: this.#timings.preset,
      'log-level': 'error',
      ...place,
    });
    const company = bootstrap ? ['--bootstrap'] : seeds.flatMap((seed) => ['--seed', seed]);
    const child = launch([...this.#program, '--json', ...words, ...company], this.#timings);
    this.#child = child;
    this.#presence = 'running';
    child.once('exit', () => {
      if (this.#child === child) this.#presence = 'killed';
    });
    const ready = await firstLine(id, child);
    this.#listen = ready.listen;
    this.#http = ready.http;
  }

  /** `kill -9`: resolves when it is gone. */
  async kill(): Promise<void> {
    const gone = exitOf(this.#child);
    this.#child?.kill('SIGKILL');
    await gone;
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
    this.#presence = 'paused';
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
    this.#presence = 'running';
  }

  /** Asks it to end, and insists after two seconds. */
  async end(): Promise<void> {
    const child = this.#child;
    const insist = setTimeout(() => child?.kill('SIGKILL'), INSIST_AFTER_MS);
    const gone = exitOf(child);
    child?.kill('SIGCONT');
    child?.kill('SIGTERM');
    await gone;
    clearTimeout(insist);
  }

  /** What it says of itself; undefined when it does not answer. */
  async status(): Promise<Status | undefined> {
    if (this.#presence !== 'running') return undefined;
    return read<Status>(this.#http, '/v1/status').catch(() => undefined);
  }

  /** Offers a text until it has its number; a retry is harmless. @throws ProgramFailure when it gets none in time. */
  say(text: string): Promise<{ readonly sequence: number; readonly term: number }> {
    return say(this.id, this.#http, text);
  }

  /** GET `path` over HTTP. @throws Error when it does not answer, or refuses. */
  read<Answer>(path: string): Promise<Answer> {
    return read<Answer>(this.#http, path);
  }

  /** POST `body` to `path`: the status, and what was answered. A retry with the same key is harmless. @throws Error when it does not answer. */
  async ask(path: string, body: object, key: string = crypto.randomUUID()): Promise<Answered> {
    const response = await fetch(`http://${this.#http}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(NUMBERED_WITHIN_MS),
    });
    return { status: response.status, answer: await response.json() };
  }

  /** Everything it has delivered. */
  log(): Promise<readonly Delivery[]> {
    return wholeLog(this.#http);
  }
}

const flagsOf = (values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);

function launch(words: readonly string[], timings: DemoTimings): ChildProcess {
  // Settings of the user's own peers are not meant for these.
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('BULLPEN_'));
  const child = spawn(process.execPath, [join(packageRoot(), 'dist/cli.js'), ...words], {
    // The channel tells the peer when this process is gone, however it went: then the peer ends too.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...Object.fromEntries(environment), ...timings.environment },
  });
  const reap = () => child.kill('SIGKILL');
  process.once('exit', reap);
  child.once('exit', () => process.off('exit', reap));
  return child;
}

/** What the peer says first: `ready`. @throws ProgramFailure with what it said instead. */
function firstLine(
  id: string,
  child: ChildProcess,
): Promise<{ readonly listen: string; readonly http: string }> {
  return new Promise((resolve, reject) => {
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('the peer was started without its pipes');
    let said = '';
    stderr.on('data', (text) => {
      said = `${said}${text}`.slice(-2000);
    });
    const fail = (reason: string) =>
      reject(new ProgramFailure(EXIT.failed, `peer ${id} ${reason}: ${said.trim() || 'it said nothing'}`));
    const late = setTimeout(fail, READY_WITHIN_MS, `was not ready within ${READY_WITHIN_MS / 1000} s`);
    child.once('exit', (code) => fail(`ended with exit code ${code}`));
    // Lines after the first are read too, or the pipe would fill.
    createInterface({ input: stdout }).once('line', (line) => {
      clearTimeout(late);
      resolve(JSON.parse(line) as { listen: string; http: string });
    });
  });
}

function exitOf(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

async function read<Answer>(http: string, path: string): Promise<Answer> {
  const response = await fetch(`http://${http}${path}`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return (await response.json()) as Answer;
}

async function say(id: string, http: string, text: string): Promise<{ sequence: number; term: number }> {
  const key = crypto.randomUUID();
  return until(`a number for "${text}", said at peer ${id}`, NUMBERED_WITHIN_MS, async () => {
    const response = await fetch(`http://${http}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ topic: 'general', payload: { text } }),
      signal: AbortSignal.timeout(NUMBERED_WITHIN_MS),
    }).catch(() => undefined);
    return response?.status === 201
      ? ((await response.json()) as { sequence: number; term: number })
      : undefined;
  });
}

async function wholeLog(http: string): Promise<readonly Delivery[]> {
  const log: Delivery[] = [];
  for (;;) {
    const page = await read<{ messages: Delivery[]; next: number }>(
      http,
      `/v1/messages?after=${log.at(-1)?.sequence ?? 0}&limit=${PAGE}&consistency=local`,
    );
    log.push(...page.messages);
    if (page.messages.length < PAGE) return log;
  }
}
