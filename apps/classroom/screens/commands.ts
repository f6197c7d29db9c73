/** What can be done here and now, each with its words and its keys: one list for the keyboard, the palette and the help. */
import { createMemo, createSignal, onCleanup } from 'solid-js';
import { settings } from './settings.js';

export type Group = 'Time' | 'Selection' | 'Faults' | 'View' | 'Page';

export interface Command {
  /** Unique among those that are offered at one time. */
  readonly id: string;
  readonly words: string;
  readonly group: Group;
  /** As `KeyboardEvent.key` has them, with `Shift+` or `Ctrl+` where they belong: `Shift+ArrowRight`, `x`, `Ctrl+k`. */
  readonly keys?: readonly string[];
  /** May it be done now? Always, when left out. */
  readonly isPossible?: () => boolean;
  /** `key` is the one that was pressed; undefined from the palette. */
  readonly run: (key?: string) => void;
}

/** The commands that the screens in view offer. */
export function createCommands() {
  const [offers, setOffers] = createSignal<readonly (readonly Command[])[]>([]);
  const all = createMemo(() => offers().flat());
  const possible = () => all().filter((command) => command.isPossible?.() !== false);

  return {
    all,
    possible,
    /** Adds `commands` until the owner is disposed. The newest offer comes first where two want one key. */
    offer: (commands: readonly Command[]) => {
      setOffers((before) => [commands, ...before]);
      onCleanup(() => setOffers((before) => before.filter((one) => one !== commands)));
    },
    /** Runs what the key stands for. Answers whether there was something. */
    press: (event: KeyboardEvent): boolean => {
      const key = keyOf(event);
      if (isCharacter(key) && !settings.singleKeys) return false;
      const command = possible().find(({ keys }) => keys?.includes(key));
      command?.run(event.key);
      return command !== undefined;
    },
  };
}

export type Commands = ReturnType<typeof createCommands>;

/** The name of the key with its modifiers. Shift is named only where it makes no other character. */
export function keyOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const plain = key.length === 1 ? key.toLowerCase() : key;
  if (ctrlKey || metaKey) return `Ctrl+${plain}`;
  if (altKey) return `Alt+${plain}`;
  return shiftKey && key.length > 1 ? `Shift+${plain}` : plain;
}

/** Letters, digits and signs; a space is none, for it presses what has the focus. */
const isCharacter = (key: string): boolean => key.length === 1 && key !== ' ';

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** A key as people read it: `Shift+→`. */
export const keyInWords = (key: string): string =>
  key
    .split(/(?<=.)\+(?=.)/)
    .map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join('+');

/** Elements that want the keys for themselves. */
const TYPING = 'input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]';
/** What a space or an arrow means to them. */
const OPERATED: Readonly<Record<string, string>> = {
  ' ': 'button, a, summary, input, [role=button], [role=tab], [role=option]',
  ArrowLeft: 'input, [role=tab], [role=slider]',
  ArrowRight: 'input, [role=tab], [role=slider]',
  Home: 'input, [role=slider]',
  End: 'input, [role=slider]',
  Enter: 'button, a, summary, input',
};

/** Hands keys to the commands, unless what has the focus wants them, or a dialog is open. */
export function listenToKeys(commands: Commands): void {
  const hear = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const focused = event.target instanceof Element ? event.target : null;
    const isPlain = !event.ctrlKey && !event.metaKey;
    if (isPlain && focused?.closest(TYPING)) return;
    const owners = event.shiftKey ? undefined : OPERATED[event.key];
    if (owners !== undefined && focused?.matches(owners)) return;
    if (document.querySelector('dialog[open]')) return;
    if (commands.press(event)) event.preventDefault();
  };
  addEventListener('keydown', hear);
  onCleanup(() => removeEventListener('keydown', hear));
}
