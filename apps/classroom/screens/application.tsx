/** @jsxImportSource solid-js */
/** The shell: the header, the screen that the address names, and what lies over all of them. */
import {
  createEffect,
  createSignal,
  ErrorBoundary,
  lazy,
  Match,
  onMount,
  Show,
  Suspense,
  Switch,
} from 'solid-js';
import { type Command, listenToKeys } from './commands.js';
import { ExportMenu } from './export-menu.jsx';
import { Header } from './header.jsx';
import { Help } from './help.jsx';
import { Palette } from './palette.jsx';
import { hashOf, SCREEN_NAMES, SCREENS } from './routes.js';
import { changeSettings, nextTheme, settings } from './settings.js';
import { share } from './share.js';
import { createShell, type Shell, ShellContext } from './shell.js';

const Learn = lazy(async () => ({ default: (await import('./learn.jsx')).Learn }));
const Lab = lazy(async () => ({ default: (await import('./lab.jsx')).Lab }));
const Live = lazy(async () => ({ default: (await import('./live.jsx')).Live }));
const Replay = lazy(async () => ({ default: (await import('./replay.jsx')).Replay }));
const Statecharts = lazy(async () => ({ default: (await import('./statecharts.jsx')).Statecharts }));

type Over = 'none' | 'help' | 'palette' | 'export';

export function Application() {
  const shell = createShell();
  const [over, setOver] = createSignal<Over>('none');
  const close = () => setOver('none');
  shell.commands.offer(commandsOf(shell, setOver));
  listenToKeys(shell.commands);
  createEffect(() => {
    document.title = `${SCREEN_NAMES[shell.routing.route().screen]} · bullpen classroom`;
  });
  createEffect(() => {
    document.documentElement.dataset.present = shell.isPresenting() ? 'yes' : 'no';
  });
  onMount(() => document.documentElement.classList.add('ready'));

  return (
    <ShellContext.Provider value={shell}>
      <Header
        onShare={() => void share(shell)}
        onExport={() => setOver('export')}
        onHelp={() => setOver('help')}
      />
      <main id="screen" tabindex="-1">
        <ErrorBoundary fallback={(problem: unknown) => <Broken problem={problem} />}>
          <Suspense fallback={<p class="waiting">One moment …</p>}>
            <CurrentScreen shell={shell} />
          </Suspense>
        </ErrorBoundary>
      </main>
      <p class="toast" role="status" classList={{ shown: shell.toast() !== '' }}>
        {shell.toast()}
      </p>
      <Show when={over() === 'help'}>
        <Help commands={shell.commands} onClose={close} />
      </Show>
      <Show when={over() === 'palette'}>
        <Palette commands={shell.commands} onClose={close} />
      </Show>
      <Show when={over() === 'export'}>
        <ExportMenu onClose={close} />
      </Show>
    </ShellContext.Provider>
  );
}

function CurrentScreen(props: { readonly shell: Shell }) {
  const screen = () => props.shell.routing.route().screen;
  return (
    <Switch>
      <Match when={screen() === 'learn'}>
        <Learn />
      </Match>
      <Match when={screen() === 'lab'}>
        <Lab />
      </Match>
      <Match when={screen() === 'live'}>
        <Live />
      </Match>
      <Match when={screen() === 'replay'}>
        <Replay />
      </Match>
      <Match when={screen() === 'charts'}>
        <Statecharts />
      </Match>
    </Switch>
  );
}

/** Our own mistake: said plainly, with a way out. */
function Broken(props: { readonly problem: unknown }) {
  return (
    <div class="waiting">
      <p class="fault">This screen has failed: {String(props.problem)}</p>
      <p>Loading the page again helps. Nothing you kept is lost.</p>
    </div>
  );
}

function commandsOf(shell: Shell, setOver: (over: Over) => void): readonly Command[] {
  const go = SCREENS.map(
    (screen): Command => ({
      id: `go-${screen}`,
      words: `Go to ${SCREEN_NAMES[screen]}`,
      group: 'Page',
      run: () => shell.routing.go(hashOf(screen)),
    }),
  );
  return [
    { id: 'palette', words: 'All commands', group: 'Page', keys: ['Ctrl+k'], run: () => setOver('palette') },
    { id: 'help', words: 'Help and settings', group: 'Page', keys: ['?'], run: () => setOver('help') },
    {
      id: 'export',
      words: 'Export …',
      group: 'Page',
      keys: ['e'],
      isPossible: () => shell.exports() !== undefined,
      run: () => setOver('export'),
    },
    {
      id: 'share',
      words: 'Copy a link to this moment',
      group: 'Page',
      isPossible: () => shell.linkMaker() !== undefined,
      run: () => void share(shell),
    },
    ...go,
    {
      id: 'theme',
      words: 'Change the theme: auto, light, dark',
      group: 'Page',
      run: () => changeSettings('theme', nextTheme(settings.theme)),
    },
    {
      id: 'present',
      words: 'Presenter mode on or off',
      group: 'Page',
      run: () => togglePresenting(shell),
    },
  ];
}

function togglePresenting(shell: Shell): void {
  const { screen, part, query } = shell.routing.route();
  const isOn = shell.isPresenting();
  const next = { ...Object.fromEntries(query), present: isOn ? undefined : '1' };
  shell.routing.replace(`${location.pathname}${hashOf(screen, part, next)}`);
}
