/** Where one is in the classroom, as the fragment of the address: `#/learn/04`, `#/lab?s=…`. Nothing of it reaches a server. */
import { createSignal, onCleanup } from 'solid-js';

export const SCREENS = ['learn', 'lab', 'live', 'replay', 'charts'] as const;
export type Screen = (typeof SCREENS)[number];

export interface Route {
  readonly screen: Screen;
  /** What of it: the lesson's number, the machine's name; empty for the screen itself. */
  readonly part: string;
  readonly query: URLSearchParams;
}

/** In the order of the header, in people's words. */
export const SCREEN_NAMES: Readonly<Record<Screen, string>> = {
  learn: 'Learn',
  lab: 'Sandbox',
  live: 'Live',
  replay: 'Replay',
  charts: 'Statecharts',
};

/** A part longer than this names nothing of ours. */
const PART_CHARACTERS_MAX = 80;

/** @param hash - as `location.hash` has it; null when it names no screen. */
export function routeOf(hash: string): Route | null {
  const [path = '', query = ''] = splitOnce(hash.replace(/^#\/?/, ''), '?');
  const [screen = '', part = ''] = splitOnce(path, '/');
  if (!isScreen(screen)) return null;
  return { screen, part: decoded(part).slice(0, PART_CHARACTERS_MAX), query: new URLSearchParams(query) };
}

/** The address of a screen within the page, as a fragment with its `#`. */
export function hashOf(
  screen: Screen,
  part = '',
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  const asked = new URLSearchParams(given).toString();
  return `#/${screen}${part === '' ? '' : `/${encodeURIComponent(part)}`}${asked === '' ? '' : `?${asked}`}`;
}

/**
 * Follows the address.
 *
 * @param home - where an address leads that names no screen.
 */
export function createRoute(home: Screen) {
  const read = (): Route =>
    routeOf(location.hash) ?? { screen: home, part: '', query: new URLSearchParams() };
  const [route, setRoute] = createSignal(read(), { equals: isSameRoute });
  const follow = () => setRoute(read());
  addEventListener('hashchange', follow);
  onCleanup(() => removeEventListener('hashchange', follow));
  return {
    route,
    go: (hash: string) => {
      location.hash = hash;
    },
    /** Changes the address without a new entry in the history of the browser. */
    replace: (hash: string) => {
      history.replaceState(null, '', hash);
      follow();
    },
  };
}

export type Routing = ReturnType<typeof createRoute>;

const isSameRoute = (one: Route, other: Route): boolean =>
  one.screen === other.screen && one.part === other.part && one.query.toString() === other.query.toString();

const isScreen = (name: string): name is Screen => (SCREENS as readonly string[]).includes(name);

function splitOnce(text: string, at: string): readonly [string, string] {
  const place = text.indexOf(at);
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
