/** @jsxImportSource solid-js */
/** The header: the name, the screens, and what can be done with what is in view. */
import { For } from 'solid-js';
import { hashOf, SCREEN_NAMES, SCREENS } from './routes.js';
import { useShell } from './shell.js';

interface HeaderProps {
  readonly onShare: () => void;
  readonly onExport: () => void;
  readonly onHelp: () => void;
}

export function Header(props: HeaderProps) {
  const shell = useShell();
  const current = () => shell.routing.route().screen;
  return (
    <header class="shell-head">
      <button type="button" class="skip" onClick={() => document.getElementById('screen')?.focus()}>
        Skip to the screen
      </button>
      <h1>
        <svg class="glyph" viewBox="-9 -9 18 18" aria-hidden="true">
          <path class="crown" d="M-8 5V-5L-4 0 0-8 4 0 8-5V5Z" />
        </svg>{' '}
        bullpen
      </h1>
      <nav aria-label="Screens">
        <ul>
          <For each={SCREENS}>
            {(screen) => (
              <li>
                <a href={hashOf(screen)} aria-current={current() === screen ? 'page' : undefined}>
                  {SCREEN_NAMES[screen]}
                </a>
              </li>
            )}
          </For>
        </ul>
      </nav>
      <div class="shell-tools">
        <button
          type="button"
          class="quiet"
          disabled={shell.linkMaker() === undefined}
          title="Copy a link to this moment"
          onClick={() => props.onShare()}
        >
          Share
        </button>
        <button
          type="button"
          class="quiet"
          disabled={shell.exports() === undefined}
          title="Pictures, traces, diagrams (E)"
          onClick={() => props.onExport()}
        >
          Export
        </button>
        <button
          type="button"
          class="quiet"
          aria-label="Help and settings"
          title="Help and settings (?)"
          onClick={() => props.onHelp()}
        >
          ?
        </button>
      </div>
    </header>
  );
}
