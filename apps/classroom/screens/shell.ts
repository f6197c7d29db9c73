/** What every screen may ask of the page around it: where one is, commands, words of passing interest, sharing, exports. */
import { createContext, createSignal, onCleanup, useContext } from 'solid-js';
import { createCommands } from './commands.js';
import { createRoute, type Screen } from './routes.js';

/** Who served the page: a peer shows itself, `bullpen classroom` and a file begin with the lessons. */
export type ServedBy = 'peer' | 'classroom' | 'nobody';

/** One thing that can be written to a file or the clipboard. */
export interface ExportChoice {
  readonly id: string;
  readonly words: string;
  /** What it is good for, in a few words. */
  readonly note: string;
  readonly run: () => void | Promise<void>;
}

/** How the screen in view makes a link to what it shows. @throws Error with words for people when it cannot. */
export type LinkMaker = () => Promise<string>;

const TOAST_MS = 6000;

export function createShell() {
  const servedBy = readServedBy();
  const routing = createRoute(homeOf(servedBy));
  const [toast, setToast] = createSignal('');
  const linkMaker = createOffer<LinkMaker>();
  const exports = createOffer<() => readonly ExportChoice[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  return {
    servedBy,
    routing,
    commands: createCommands(),
    toast,
    /** Says something for a few seconds, also to who listens to the page. */
    say: (words: string) => {
      setToast(words);
      clearTimeout(timer);
      timer = setTimeout(() => setToast(''), TOAST_MS);
    },
    /** Type is large, and what is not the picture is gone. */
    isPresenting: () =>
      routing.route().query.get('present') === '1' ||
      new URLSearchParams(location.search).get('present') === '1',
    linkMaker: linkMaker.current,
    offerLink: linkMaker.offer,
    exports: exports.current,
    offerExports: exports.offer,
  };
}

export type Shell = ReturnType<typeof createShell>;

export const ShellContext = createContext<Shell>();

/** @throws Error outside of the application. */
export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (shell === undefined) throw new Error('no shell around this');
  return shell;
}

/** Something that the screen in view offers to the header, until it is disposed. */
function createOffer<Offered>() {
  const [current, setCurrent] = createSignal<{ readonly offered: Offered } | null>(null);
  return {
    current: (): Offered | undefined => current()?.offered,
    offer: (offered: Offered) => {
      const mine = { offered };
      setCurrent(mine);
      onCleanup(() => setCurrent((now) => (now === mine ? null : now)));
    },
  };
}

const homeOf = (servedBy: ServedBy): Screen => (servedBy === 'peer' ? 'live' : 'learn');

/** The server writes its kind into the page it sends. */
function readServedBy(): ServedBy {
  const said = document.querySelector('meta[name="bullpen-served-by"]')?.getAttribute('content');
  return said === 'peer' || said === 'classroom' ? said : 'nobody';
}
