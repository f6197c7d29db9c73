/** One of many: a real process of `bullpen chat`, at which lines are said until they have their numbers, though it is killed meanwhile. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { Delivery, Status } from '../../actors/index.js';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { packageRoot } from '../node/package-root.js';
import type { Acknowledged } from './scale-comparison.js';

const READY_WITHIN_MS = 180_000;
const ANSWER_WITHIN_MS = 10_000;
/** Longer than it takes to elect another, on a machine that is busy. */
const NUMBERED_WITHIN_MS = 240_000;
/** Between two tries: many peers ask at once while nobody coordinates. */
const AGAIN_AFTER_MS = 200;
const PAGE = 500;

const Ready = z.object({ event: z.literal('ready'), http: z.string() });
const Receipt = z.object({ sequence: z.number(), topicSequence: z.number() });

export interface ScalePlace {
  readonly id: string;
  /** HOST:PORT, the same after a restart. */
  readonly listen: string;
  readonly seeds: readonly string[];
  /** How many found the cluster together, this one among them; null for one that comes to it. */
  readonly expect: number | null;
  /** Its journal. */
  readonly data: string;
  /** Where what its chat says is kept; null for nowhere. */
  readonly output: string | null;
  readonly environment: Readonly<Record<string, string>>;
}

export class ScalePeer {
  readonly id: string;
  readonly #place: ScalePlace;
  /** Rejects when it ends without being told to. */
  readonly failed: Promise<never>;
  #fail: (problem: unknown) => void = () => {};
  #child: ChildProcess | null = null;
  #http: string | null = null;
  #output: WriteStream | null = null;

  constructor(place: ScalePlace) {
    this.id = place.id;
    this.#place = place;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // It may fail before anybody waits for it.
    this.failed.catch(() => {});
  }

  /** Resolves when it is ready. @throws ProgramFailure with what it said instead, and its exit code. */
  async start(): Promise<void> {
    const { output } = this.#place;
    this.#output ??= output === null ? null : createWriteStream(output, { flags: 'w', mode: 0o600 });
    const child = this.#launch();
    this.#child = child;
    let said = '';
    child.stderr?.on('data', (text) => {
      said = `${said}${text}`.slice(-2000);
    });
    child.once('exit', (code, signal) => {
      // One that we have killed has given its place to nobody, or to the next.
      if (this.#child !== child) return;
      this.#http = null;
      const reason =
        said
          .trim()
          .split('\n')
          .at(-1)
          ?.replace(/^bullpen: /, '') || 'it said nothing';
      const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
      this.#fail(new ProgramFailure(exitCodeOf(code), `peer ${this.id} ${how}: ${reason}`));
    });
    this.#http = await Promise.race([this.#hearReady(child), this.failed]);
  }

  /** `kill -9`: resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    this.#http = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    // Closed, so that all it has said is kept.
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** Ends it for good, and closes what it wrote. */
  async end(): Promise<void> {
    await this.kill();
    const output = this.#output;
    this.#output = null;
    if (output !== null) await new Promise<void>((resolve) => output.end(() => resolve()));
  }

  /** What it says of itself; null when it does not answer. */
  status(): Promise<Status | null> {
    return this.#read<Status>('/v1/status').catch(() => null);
  }

  /** Offers a line under one key until it has its numbers: a retry is harmless. @throws ProgramFailure when it gets none. */
  async say(room: string, text: string): Promise<Acknowledged> {
    const key = crypto.randomUUID();
    const deadline = performance.now() + NUMBERED_WITHIN_MS;
    while (performance.now() < deadline) {
      const receipt = await this.#offer(room, text, key).catch(() => null);
      if (receipt !== null) return { room, text, ...receipt };
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
    throw new ProgramFailure(
      EXIT.failed,
      `"${text}", said at peer ${this.id}, had no number after ${NUMBERED_WITHIN_MS / 1000} s`,
    );
  }

  /** Everything it has delivered, from the first number. @throws Error when it does not answer. */
  async log(): Promise<readonly Delivery[]> {
    const log: Delivery[] = [];
    for (;;) {
      const after = log.at(-1)?.sequence ?? 0;
      const path = `/v1/messages?after=${after}&limit=${PAGE}&consistency=local`;
      const { messages } = await this.#read<{ messages: readonly Delivery[] }>(path);
      log.push(...messages);
      if (messages.length < PAGE) return log;
    }
  }

  #launch(): ChildProcess {
    const { id, listen, seeds, expect, data, environment } = this.#place;
    const words = [
      ...['chat', '--json', '--id', id, '--cluster', 'scale', '--preset', 'chat', '--log-level', 'error'],
      // The whole log is compared, so all of it is kept.
      ...['--listen', listen, '--http', '127.0.0.1:0', '--data', data, '--snapshot-every', '0'],
      ...(expect === null ? [] : ['--expect', String(expect)]),
      ...seeds.flatMap((seed) => ['--seed', seed]),
    ];
    // Settings of the user's own peers are not meant for these.
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('BULLPEN_'));
    return spawn(process.execPath, [join(packageRoot(), 'dist/cli.js'), ...words], {
      // The channel ends it when this process is gone, however it went; Ctrl-C at this terminal is for us, who end it.
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      detached: true,
      env: { ...Object.fromEntries(own), ...environment },
    });
  }

  /** Where it serves HTTP; what it says after that is kept, or read and dropped, or its pipe would fill. */
  #hearReady(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () =>
          reject(
            new ProgramFailure(
              EXIT.failed,
              `peer ${this.id} was not ready within ${READY_WITHIN_MS / 1000} s`,
            ),
          ),
        READY_WITHIN_MS,
      );
      child.once('exit', () => clearTimeout(late));
      if (child.stdout === null) throw new Error('the peer was started without its pipes');
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.#output?.write(`${line}\n`);
        const ready = line.startsWith('{"event":"ready"') ? Ready.safeParse(JSON.parse(line)) : null;
        if (ready?.success !== true) return;
        clearTimeout(late);
        resolve(ready.data.http);
      });
    });
  }

  async #offer(topic: string, text: string, key: string): Promise<z.output<typeof Receipt> | null> {
    if (this.#http === null) return null;
    const response = await fetch(`http://${this.#http}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ topic, payload: { text } }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const answer: unknown = await response.json();
    return response.status === 201 ? Receipt.parse(answer) : null;
  }

  async #read<Answer>(path: string): Promise<Answer> {
    if (this.#http === null) throw new Error(`peer ${this.id} is not running`);
    const response = await fetch(`http://${this.#http}${path}`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    return (await response.json()) as Answer;
  }
}

/** What the peer could not do we cannot either, and for the same reason. */
const exitCodeOf = (code: number | null): ExitCode =>
  code === EXIT.unavailable || code === EXIT.configuration || code === EXIT.usage ? code : EXIT.failed;
