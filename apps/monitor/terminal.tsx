/** The monitor on a terminal: drawn by Ink, driven by single keys. */
import { createWriteStream } from 'node:fs';
import { emitKeypressEvents } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { render } from 'ink';
import { paletteFor } from '../chat/palette.js';
import { EXIT, type ExitCode } from '../node/exit.js';
import { onShutdown } from '../node/shutdown.js';
import { openPage } from './browser.js';
import { Charts } from './charts.js';
import type { MonitorStreams } from './program.js';
import type { Row } from './rows.js';
import { Screen } from './screen.js';
import type { MonitorSettings } from './settings.js';
import type { PeerSource } from './source.js';
import { MonitorView } from './view.js';
import { Watch } from './watch.js';

interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
}

/**
 * Watches until `q` or a signal.
 *
 * @throws ProgramFailure 75 when no peer answers; nothing has been drawn then.
 */
export async function runTerminal({ origins }: MonitorSettings, terminal: MonitorStreams): Promise<ExitCode> {
  let screen: Screen | undefined;
  const early: Parameters<Screen['happened']>[] = [];
  const watch = new Watch(origins, (...happened) => {
    if (screen === undefined) early.push(happened);
    else screen.happened(...happened);
  });
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const unheard = onShutdown(end);
  try {
    const first = await Promise.race([watch.finds().then(() => 'found'), ended]);
    if (first !== 'found') return EXIT.clean;
    screen = new Screen(watch.beats);
    for (const happened of early) screen.happened(...happened);
    await draw(screen, watch, terminal, end, ended);
    return EXIT.clean;
  } finally {
    unheard();
    watch.close();
  }
}

async function draw(
  screen: Screen,
  watch: Watch,
  terminal: MonitorStreams,
  end: () => void,
  ended: Promise<void>,
): Promise<void> {
  const view = <MonitorView screen={screen} palette={paletteFor(process.env.COLORFGBG)} />;
  const ink = render(view, { ...terminal, exitOnCtrlC: false, patchConsole: false });
  const desk = new Desk(screen, watch, end);
  const released = readKeys(terminal, (key) => desk.press(key));
  try {
    await ended;
  } finally {
    released();
    screen.finish();
    // Drawn now: unmounting does not wait for what React has put off.
    ink.rerender(view);
    ink.unmount();
    await ink.waitUntilExit();
  }
}

/** What keys do. */
class Desk {
  readonly #screen: Screen;
  readonly #watch: Watch;
  readonly #end: () => void;
  readonly #charts = new Charts();

  constructor(screen: Screen, watch: Watch, end: () => void) {
    this.#screen = screen;
    this.#watch = watch;
    this.#end = end;
  }

  press({ name, sequence = '', ctrl }: Key): void {
    const screen = this.#screen;
    if (name === 'q' || (ctrl && name === 'c')) this.#end();
    else if (name === 'space') screen.freeze();
    else if (name === 'left') screen.scrub(-1);
    else if (name === 'right') screen.scrub(1);
    else if (/^[1-9]$/.test(sequence)) this.#select(Number(sequence) - 1);
    else if (name === 's') this.#toggleChart();
    else if (name === 'up' || name === 'down') this.#turnChart(name === 'up' ? -1 : 1);
    else if (name === 'o') this.#open();
    else if (name === 'w') void this.#write();
  }

  #select(row: number): void {
    this.#screen.select(row);
    if (this.#screen.hasChart) this.#showChart();
  }

  #toggleChart(): void {
    if (this.#screen.hasChart) this.#screen.show(null);
    else this.#showChart();
  }

  #turnChart(steps: number): void {
    this.#charts.turn(steps);
    if (this.#screen.hasChart) this.#screen.show(this.#charts.of);
  }

  #showChart(): void {
    const found = this.#asked();
    if (found === null) return;
    const [row, source] = found;
    this.#screen.show(this.#charts.of);
    this.#charts.learn(row.id, source).then(
      () => this.#screen.hasChart && this.#screen.show(this.#charts.of),
      (problem: unknown) => this.#screen.say(`${row.id} does not tell its statecharts: ${wordsOf(problem)}`),
    );
  }

  #open(): void {
    const found = this.#asked();
    if (found !== null) this.#screen.say(openPage(`${found[1].origin}/`));
  }

  async #write(): Promise<void> {
    const found = this.#asked();
    if (found === null) return;
    const [{ id }, source] = found;
    const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const path = `trace-${id}-${stamp}.ndjson`;
    try {
      const body = await source.trace();
      await pipeline(Readable.fromWeb(body as never), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      this.#screen.say(`the trace of ${id} is in ${path}`);
    } catch (problem) {
      this.#screen.say(`the trace of ${id} was not written: ${wordsOf(problem)}`);
    }
  }

  /** The selected peer, when it can be asked itself; otherwise says why not. */
  #asked(): readonly [Row, PeerSource] | null {
    const row = this.#screen.selectedRow();
    const source = this.#watch.sources.find(({ origin }) => origin === row?.origin);
    if (row === null || source === undefined) {
      this.#screen.say(
        row === null ? 'no peer is selected' : `${row.id} is not asked itself: start with its --http, too`,
      );
      return null;
    }
    this.#screen.say('');
    return [row, source];
  }
}

const wordsOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));

/** Gives every key to `press`. @returns what gives the terminal back as it was. */
function readKeys({ stdin }: MonitorStreams, press: (key: Key) => void): () => void {
  const keypress = (_text: string | undefined, key: Key) => press(key);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.on('keypress', keypress);
  stdin.resume();
  return () => {
    stdin.off('keypress', keypress);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
