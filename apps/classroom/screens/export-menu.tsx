/** @jsxImportSource solid-js */
/** What the screen in view can be written as. */
import { For } from 'solid-js';
import { Dialog } from './dialog.jsx';
import { type ExportChoice, useShell } from './shell.js';

export function ExportMenu(props: { readonly onClose: () => void }) {
  const shell = useShell();
  const run = async (choice: ExportChoice) => {
    props.onClose();
    try {
      await choice.run();
    } catch (problem) {
      shell.say(`That did not work: ${problem instanceof Error ? problem.message : String(problem)}`);
    }
  };
  return (
    <Dialog title="Export" class="exports" onClose={() => props.onClose()}>
      <ul>
        <For
          each={shell.exports()?.() ?? []}
          fallback={<li class="empty">There is nothing to export here yet.</li>}
        >
          {(choice) => (
            <li>
              <button type="button" class="quiet" onClick={() => void run(choice)}>
                <b>{choice.words}</b> <span class="dim">{choice.note}</span>
              </button>
            </li>
          )}
        </For>
      </ul>
    </Dialog>
  );
}
