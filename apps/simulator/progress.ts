/** How far a long run is: a bar where somebody watches, a line now and then where nobody does. */

export interface ProgressOutput {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

const LINE_EVERY_MS = 10_000;
const BAR_EVERY_MS = 100;
const BAR_CELLS = 24;

export class Progress {
  readonly #output: ProgressOutput;
  readonly #total: number;
  readonly #unit: string;
  readonly #start = performance.now();
  #shownAt = 0;

  constructor(total: number, unit: string, output: ProgressOutput) {
    this.#total = total;
    this.#unit = unit;
    this.#output = output;
  }

  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** @param extra - what else is worth knowing while one waits. */
  show(done: number, extra: string): void {
    const now = performance.now();
    const { isTerminal, columns } = this.#output;
    if (now - this.#shownAt < (isTerminal ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    this.#shownAt = now;
    const line = this.#line(done, extra);
    this.#output.write(isTerminal ? `\r\x1b[K${line.slice(0, columns - 1)}` : `${line}\n`);
  }

  /** Leaves no trace of the bar. */
  clear(): void {
    if (this.#output.isTerminal) this.#output.write('\r\x1b[K');
  }

  #line(done: number, extra: string): string {
    const rate = done / this.seconds;
    const left = rate > 0 ? timeOf((this.#total - done) / rate) : '…';
    const filled = Math.floor((BAR_CELLS * done) / this.#total);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
    const counts = `${done.toLocaleString('en')}/${this.#total.toLocaleString('en')} ${this.#unit}`;
    return `${bar} ${counts}  ${rate.toFixed(rate < 10 ? 1 : 0)}/s  ${left} left  ${extra}`;
  }
}

/** `1:02:03`, `4:05`. */
function timeOf(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
