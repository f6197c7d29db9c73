/** Somebody in the demo: a real process of `bullpen auction client`, which is typed at and listened to. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../node/package-root.js';
import { until } from '../node/until.js';

const HEARD_WITHIN_MS = 60_000;
const INSIST_AFTER_MS = 2000;

export type Told = Readonly<Record<string, unknown>> & { readonly event: string };
export type Facts = Readonly<Record<string, string | number>>;

export class StoryPerson {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #told: Told[] = [];
  #complaints = '';

  constructor(name: string, seeds: readonly string[], data: string) {
    this.name = name;
    const words = ['auction', 'client', '--json', '--cluster', 'demo', '--name', name, '--data', data];
    this.#child = spawn(
      process.execPath,
      [join(packageRoot(), 'dist/cli.js'), ...words, ...seeds.flatMap((seed) => ['--seed', seed])],
      // The channel tells it when this process is gone, however it went: then it ends too.
      { stdio: ['pipe', 'pipe', 'pipe', 'ipc'] },
    );
    const reap = () => this.#child.kill('SIGKILL');
    process.once('exit', reap);
    this.#child.once('exit', () => process.off('exit', reap));
    const { stdout, stderr } = this.#child;
    if (stdout !== null)
      createInterface({ input: stdout }).on('line', (line) => this.#told.push(JSON.parse(line) as Told));
    stderr?.on('data', (text) => {
      this.#complaints = `${this.#complaints}${text}`.slice(-500);
    });
  }

  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Waits until it is told that, with these facts. @throws ProgramFailure when it is not, in a minute. */
  hears(event: string, facts: Facts = {}): Promise<Told> {
    const fits = (told: Told) =>
      told.event === event && Object.entries(facts).every(([key, value]) => told[key] === value);
    const what = `${this.name} to be told ${event} ${JSON.stringify(facts)} ${this.#complaints}`;
    return until(what.trim(), HEARD_WITHIN_MS, () => this.#told.find(fits));
  }

  /** Asks it to end, and insists after two seconds. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    const insist = setTimeout(() => this.#child.kill('SIGKILL'), INSIST_AFTER_MS);
    this.#child.kill('SIGTERM');
    await gone;
    clearTimeout(insist);
  }
}
