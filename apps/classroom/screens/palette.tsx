/** @jsxImportSource solid-js */
/** The command palette: everything that can be done, found by typing. */
import { createMemo, createSignal, For } from 'solid-js';
import { type Command, type Commands, keyInWords } from './commands.js';
import { Dialog } from './dialog.jsx';

interface PaletteProps {
  readonly commands: Commands;
  readonly onClose: () => void;
}

const SHOWN_MOST = 40;

export function Palette(props: PaletteProps) {
  const [words, setWords] = createSignal('');
  const [place, setPlace] = createSignal(0);
  const found = createMemo(() => matching(props.commands.possible(), words()).slice(0, SHOWN_MOST));
  const chosen = () => found()[Math.min(place(), found().length - 1)];
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    props.onClose();
    command.run();
  };
  const pressed = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 && event.key !== 'Enter') return;
    event.preventDefault();
    if (event.key === 'Enter') run(chosen());
    else setPlace((now) => (now + step + found().length) % Math.max(1, found().length));
  };
  return (
    <Dialog title="What do you want to do?" class="palette" onClose={() => props.onClose()}>
      <input
        type="search"
        role="combobox"
        aria-label="Type a command"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={chosen() ? `palette-${chosen()?.id}` : undefined}
        placeholder="crash, next message, theme, lesson …"
        autofocus
        value={words()}
        onInput={(event) => {
          setWords(event.currentTarget.value);
          setPlace(0);
        }}
        onKeyDown={pressed}
      />
      <div id="palette-list" role="listbox" aria-label="Commands" class="palette-list" tabindex="-1">
        <For each={found()} fallback={<p class="empty">Nothing here is called that.</p>}>
          {(command) => (
            <button
              type="button"
              role="option"
              id={`palette-${command.id}`}
              class="palette-option"
              aria-selected={chosen() === command}
              tabindex="-1"
              onClick={() => run(command)}
            >
              <span>{command.words}</span>
              <span class="dim">{(command.keys ?? []).slice(0, 1).map(keyInWords)}</span>
            </button>
          )}
        </For>
      </div>
    </Dialog>
  );
}

/** Those whose words hold every word that was typed; those that begin with it first. */
function matching(commands: readonly Command[], typed: string): readonly Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = commands.filter(({ words: own, group }) => {
    const text = `${own} ${group}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const [first = ''] = words;
  return [...fits].sort(
    (one, other) =>
      Number(other.words.toLowerCase().startsWith(first)) - Number(one.words.toLowerCase().startsWith(first)),
  );
}
