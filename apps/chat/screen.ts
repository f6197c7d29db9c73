/** What is on the terminal at this moment, and when it is drawn anew: keys at once, everything else a few times a second. */
import { type Editor, EMPTY_EDITOR } from './editor.js';
import { type Line, membersLine } from './lines.js';
import type { Conversation } from './state.js';

/** At most 8 drawings a second are the cluster's. */
const FRAME_MS = 125;

export interface Picture {
  /** Everything said so far: it only grows, and what is drawn once is never drawn again. */
  readonly lines: readonly Line[];
  readonly conversation: Conversation;
  readonly editor: Editor;
  /** Leaving has begun: nothing is typed any more. */
  readonly closing: boolean;
  /** It is over: only what was said stays. */
  readonly over: boolean;
}

/** Gathers what happens into pictures, for one onlooker. */
export class Screen {
  #picture: Picture;
  #said: Line[] = [];
  #next: Partial<Picture> = {};
  #members = '';
  #drawnAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #onlooker: () => void = () => {};

  constructor(conversation: Conversation) {
    this.#picture = { lines: [], conversation, editor: EMPTY_EDITOR, closing: false, over: false };
  }

  readonly picture = (): Picture => this.#picture;

  readonly watch = (onlooker: () => void): (() => void) => {
    this.#onlooker = onlooker;
    return () => {
      this.#onlooker = () => {};
    };
  };

  say(line: Line): void {
    if (!this.#isShown(line)) return;
    this.#said.push(line);
    if (line.kind === 'leaving') this.#next = { ...this.#next, closing: true };
    this.#drawSoon();
  }

  show(conversation: Conversation): void {
    this.#next = { ...this.#next, conversation };
    this.#drawSoon();
  }

  edit(editor: Editor): void {
    this.#next = { ...this.#next, editor };
    this.#draw();
  }

  finish(): void {
    this.#next = { ...this.#next, over: true };
    this.#draw();
  }

  /** What waits is drawn below; a view that differs from the last one in its number only is nothing to look at. */
  #isShown(line: Line): boolean {
    if (line.kind === 'pending') return false;
    if (line.kind !== 'view') return true;
    const members = membersLine(line.members);
    const isNew = members !== this.#members;
    this.#members = members;
    return isNew;
  }

  #drawSoon(): void {
    if (this.#timer !== undefined) return;
    const rest = this.#drawnAt + FRAME_MS - performance.now();
    this.#timer = setTimeout(() => this.#draw(), Math.max(0, rest));
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drawnAt = performance.now();
    const lines = this.#said.length === 0 ? this.#picture.lines : [...this.#picture.lines, ...this.#said];
    this.#picture = { ...this.#picture, ...this.#next, lines };
    this.#said = [];
    this.#next = {};
    this.#onlooker();
  }
}
