/** One peer under test: a real process of the built command, over all its starts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Status } from '../../../actors/index.js';
import type { Place } from './network.js';

/** Three peers, their clients and whatever else share two processors: slower than `lan` to suspect, quicker to return. */
const TIMINGS = {
  BULLPEN_SUSPECT_TIMEOUT_MS: '1500',
  BULLPEN_STICKINESS_MS: '1200',
  BULLPEN_COLLECT_TIMEOUT_MS: '1500',
  BULLPEN_COORDINATOR_TIMEOUT_MS: '1500',
  BULLPEN_HANDOVER_TIMEOUT_MS: '1000',
  BULLPEN_TAKEOVER_STABLE_MS: '1000',
  BULLPEN_HOLD_DOWN_MS: '3000',
  // A member that is harmed again and again is kept from the office ever longer: not beyond what a rest may take.
  BULLPEN_HOLD_DOWN_MAX_MS: '12000',
};
export type Timings = Readonly<Record<`BULLPEN_${string}_MS`, string>>;
const ANSWER_WITHIN_MS = 5000;
const SAID_CHARACTERS_MAX = 4000;

export interface PeerSettings {
  readonly id: string;
  readonly place: Place;
  /** The built command: `dist/cli.js` of a copy that nobody rebuilds. */
  readonly command: string;
  readonly data: string;
  /** Folder for what it says, and its traces. */
  readonly records: string;
  readonly isTraced: boolean;
  /** Its timings, as environment variables; default: those of `npm run faults`. */
  readonly timings?: Timings | undefined;
  readonly heard: (peer: PeerProcess, event: PeerEvent) => void;
}

/** A line of its stdout. */
export interface PeerEvent {
  readonly event: string;
  readonly id?: string | null;
  readonly term?: number;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | NodeJS.Signals | null;
  /** The last line of its stderr. */
  readonly lastWords: string;
  /** It had said nothing at all: the command was still being loaded. */
  readonly isUnheard: boolean;
}

export class PeerProcess {
  readonly id: string;
  readonly #settings: PeerSettings;
  #child: ChildProcess | null = null;
  #ended: Promise<Ending> = Promise.resolve({ code: null, lastWords: '', isUnheard: true });
  #runs = 0;
  #isStopped = false;
  /** Whoever ends it, or makes it end, says so before; an end that nobody expected is told to `onOrphanEnd`. */
  isEndExpected = false;
  onUnexpectedEnd: ((ending: Ending) => void) | undefined;

  constructor(settings: PeerSettings) {
    this.id = settings.id;
    this.#settings = settings;
    mkdirSync(settings.records, { recursive: true });
  }

  get place(): Place {
    return this.#settings.place;
  }

  get data(): string {
    return this.#settings.data;
  }

  get isRunning(): boolean {
    return this.#child !== null;
  }

  /** Held by SIGSTOP. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** `ID#RUN` of the process that runs now or ran last: the session that its clients see. */
  get session(): string {
    return `${this.id}#${this.#runs}`;
  }

  /** Resolves when the process that runs now, or ran last, is over. */
  get ended(): Promise<Ending> {
    return this.#ended;
  }

  /** Starts the process and does not wait for it. */
  start(company: readonly string[]): void {
    if (this.#child !== null) throw new Error(`peer ${this.id} runs already`);
    const { place, command, timings = TIMINGS } = this.#settings;
    this.#runs += 1;
    this.isEndExpected = false;
    const words = [...place.before, process.execPath, command, ...this.#words(), ...company];
    const [program = '', ...rest] = words;
    // The channel tells the peer when this process is gone, however it went: then the peer ends too.
    const child = spawn(program, rest, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: environment(timings),
    });
    this.#child = child;
    this.#record(`--- run ${this.#runs}: ${words.join(' ')}`);
    this.#ended = this.#follow(child);
  }

  #words(): readonly string[] {
    const { id, place, data, records, isTraced } = this.#settings;
    return [
      ...['peer', '--id', id, '--cluster', 'faults', '--json', '--log-level', 'info'],
      ...['--listen', place.listen, '--advertise', place.advertise, '--http', place.http, '--data', data],
      // The verdict is on all that was ever said: a log that begins later cannot be held against it.
      ...['--snapshot-every', '0'],
      ...(isTraced ? ['--trace', join(records, `trace-${id}-${this.#runs}.ndjson`)] : []),
    ];
  }

  #follow(child: ChildProcess): Promise<Ending> {
    let said = '';
    let isUnheard = true;
    child.stderr?.on('data', (text) => {
      isUnheard = false;
      said = `${said}${text}`.slice(-SAID_CHARACTERS_MAX);
      this.#record(String(text).trimEnd());
    });
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on('line', (line) => {
        isUnheard = false;
        this.#record(line);
        this.#settings.heard(this, JSON.parse(line) as PeerEvent);
      });
    const reap = () => child.kill('SIGKILL');
    process.once('exit', reap);
    return new Promise((resolve) => {
      child.once('close', (code, signal) => {
        process.off('exit', reap);
        this.#child = null;
        this.#isStopped = false;
        const lastWords = said.trim().split('\n').at(-1) ?? '';
        const ending = { code: code ?? signal, lastWords, isUnheard };
        this.#record(`--- ended with ${ending.code}`);
        if (!this.isEndExpected) this.onUnexpectedEnd?.(ending);
        resolve(ending);
      });
    });
  }

  /** `kill -9`; resolves when it is gone. */
  async kill(): Promise<void> {
    this.isEndExpected = true;
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** Asks it to end; resolves when it has. */
  async terminate(): Promise<Ending> {
    this.isEndExpected = true;
    this.#child?.kill('SIGTERM');
    return this.#ended;
  }

  stop(): void {
    this.#isStopped = this.#child?.kill('SIGSTOP') ?? false;
  }

  continue(): void {
    this.#child?.kill('SIGCONT');
    this.#isStopped = false;
  }

  /** What it says of itself; undefined when it does not answer. */
  async status(): Promise<Status | undefined> {
    if (this.#child === null || this.#isStopped) return undefined;
    return this.ask<Status>('/v1/status').catch(() => undefined);
  }

  /** @throws Error unless it answers with 200. */
  async ask<Answer>(path: string): Promise<Answer> {
    const response = await fetch(`http://${this.place.http}${path}`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    return (await response.json()) as Answer;
  }

  #record(text: string): void {
    const { records, id } = this.#settings;
    appendFileSync(join(records, `peer-${id}.log`), `${new Date().toISOString()} ${text}\n`);
  }
}

/** Settings of the user's own peers are not meant for these. */
function environment(timings: Timings): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('BULLPEN_'));
  return { ...Object.fromEntries(kept), ...timings };
}
