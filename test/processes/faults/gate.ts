/** One direction of one connection through the proxy, and the way between two peers that it belongs to. */
import type { Socket } from 'node:net';

/** What passes from one peer to another, over however many connections. */
export class Way {
  readonly gates = new Set<Gate>();
  isCut = false;
  delayMs = 0;

  set({ isCut = this.isCut, delayMs = this.delayMs }: { isCut?: boolean; delayMs?: number }): void {
    this.isCut = isCut;
    this.delayMs = delayMs;
    for (const gate of this.gates) gate.flow();
  }
}

type Item = { readonly dueAt: number } & (
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** The source has said all it had to say. */
  | { readonly kind: 'end' }
  /** The source is gone. */
  | { readonly kind: 'broken' }
);

/**
 * Carries bytes, the end, and the breaking off of `source` to `sink`; while its way is cut, none of them. Then it stops
 * reading, so that the senders' own buffers fill, as they would.
 */
export class Gate {
  readonly #source: Socket;
  readonly #sink: Socket;
  #way: Way | null = null;
  readonly #items: Item[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isFull = false;
  #isOver = false;

  constructor(source: Socket, sink: Socket) {
    this.#source = source;
    this.#sink = sink;
    let hasEnded = false;
    source.on('end', () => {
      hasEnded = true;
      this.#take({ kind: 'end' });
    });
    source.on('error', () => {});
    source.on('close', () => {
      if (!hasEnded) this.#take({ kind: 'broken' });
    });
    sink.on('drain', () => {
      this.#isFull = false;
      this.flow();
    });
  }

  /** From now on the way decides what passes. */
  join(way: Way): void {
    this.#way = way;
    way.gates.add(this);
    this.flow();
  }

  pass(bytes: Buffer): void {
    this.#take({ kind: 'bytes', bytes });
  }

  flow(): void {
    clearTimeout(this.#timer);
    if (this.#way?.isCut === true) {
      this.#source.pause();
      return;
    }
    for (let item = this.#items[0]; item !== undefined && !this.#isFull; item = this.#items[0]) {
      const early = item.dueAt - performance.now();
      if (early > 0) {
        this.#timer = setTimeout(() => this.flow(), early);
        return;
      }
      this.#items.shift();
      this.#hand(item);
    }
    if (this.#isFull) this.#source.pause();
    else this.#source.resume();
  }

  #take(item: { kind: 'bytes'; bytes: Buffer } | { kind: 'end' } | { kind: 'broken' }): void {
    if (this.#isOver) return;
    this.#items.push({ ...item, dueAt: performance.now() + (this.#way?.delayMs ?? 0) });
    this.flow();
  }

  #hand(item: Item): void {
    switch (item.kind) {
      case 'bytes':
        this.#isFull = !this.#sink.destroyed && !this.#sink.write(item.bytes);
        break;
      case 'end':
        this.#sink.end();
        this.#leave();
        break;
      case 'broken':
        this.#sink.destroy();
        this.#leave();
        break;
      default:
        item satisfies never;
    }
  }

  #leave(): void {
    this.#isOver = true;
    this.#way?.gates.delete(this);
  }
}
