/**
 * What the panes share: the history, the place in it, what is selected, and how it is looked at.
 *
 * Whatever is on the screen is a function of these. Time moves in one animation loop: panes hang on `onFrame` for what
 * moves smoothly, and on signals, which change with events, for the rest.
 */
import { type Accessor, batch, createMemo, createSignal } from 'solid-js';
import { byId } from '../page/order.js';
import { type Bookmarks, createBookmarks } from './bookmarks.js';
import type { Act, PeerId } from './contract.js';
import { createHistory, type History, type Place, type StepKind, type World } from './history/index.js';
import { createPlayback, type Playback } from './playback.js';

export type View = 'god' | 'node';
export type Layout = 'ring' | 'ladder';

/** What a pane points at without selecting it: others light it up too. */
export interface Pointer {
  readonly message: string | null;
  readonly event: number | null;
}

/** Why nothing is heard of a peer. `late`: its stream is there, but silent; `lost`: its stream has ended. */
export interface Unheard {
  readonly why: 'not followed' | 'not recorded' | 'late' | 'lost';
  /** How long there has been nothing of it, ms: from itself, or of one that is not followed from those that are; null when nobody knows. */
  readonly forMs: number | null;
}

/** Live: who belongs to the cluster, and of whom nothing is heard. */
export interface Watch {
  readonly members: Accessor<readonly PeerId[]>;
  /** Tracked; undefined for whom the trace at the playhead is up to date. */
  readonly unheard: (id: PeerId, world: World) => Unheard | undefined;
}

export interface Stage extends Playback, Bookmarks {
  /** Told again whenever it has grown. The object itself is the same until a fresh trace begins. */
  readonly history: Accessor<History>;
  readonly place: Accessor<Place>;
  /** Virtual ms of the playhead, as of the last event or picture; `now()` is exact and not tracked. */
  readonly time: Accessor<number>;
  readonly index: Accessor<number>;
  /** What there is at the place. */
  readonly world: Accessor<World>;
  /** Everybody the trace names; live, members too that tell nothing. In order of rank, the lowest first. */
  readonly ids: Accessor<readonly PeerId[]>;
  /** A recording goes on, and has an end that can be followed. */
  readonly isLive: boolean;
  /** Why a peer cannot be shown as it is at the place; always undefined where nothing is live. Tracked. */
  readonly unheard: (id: PeerId) => Unheard | undefined;

  readonly selectedPeer: Accessor<PeerId | null>;
  readonly selectPeer: (id: PeerId | null) => void;
  readonly selectedMessage: Accessor<string | null>;
  readonly selectMessage: (id: string | null) => void;
  readonly pointer: Accessor<Pointer>;
  readonly point: (at: Partial<Pointer>) => void;
  /** Which peer or message has its menu open. */
  readonly menu: Accessor<MenuTarget | null>;
  readonly openMenu: (target: MenuTarget | null) => void;

  readonly view: Accessor<View>;
  readonly setView: (view: View) => void;
  readonly layout: Accessor<Layout>;
  readonly setLayout: (layout: Layout) => void;
  readonly heartbeats: Accessor<boolean>;
  readonly setHeartbeats: (shown: boolean) => void;
  readonly axis: Accessor<'time' | 'logical'>;
  readonly setAxis: (axis: 'time' | 'logical') => void;
  /** The log's filter, as typed. */
  readonly filter: Accessor<string>;
  readonly setFilter: (text: string) => void;
  /** Cutting one direction, held with `L`: a drag from node to node cuts instead of circling. */
  readonly isCutting: Accessor<boolean>;
  readonly setCutting: (on: boolean) => void;

  /** To a time: all events up to it have happened. */
  readonly seek: (ms: number) => void;
  /** To just after one event. */
  readonly seekEvent: (index: number) => void;
  /** To a place of this history, as it is. */
  readonly seekPlace: (place: Place) => void;
  /** To the next or previous event of a kind. False when there is none. */
  readonly step: (kind: StepKind, direction: 1 | -1) => boolean;

  /** Lines of the trace, from wherever; `isFresh` begins a new history at the same playhead. `nowMs`: so far it is known that nothing else happened. */
  readonly hear: (
    lines: readonly string[],
    more?: { readonly isFresh?: boolean; readonly nowMs?: number },
  ) => void;
  /** Another history altogether: several peers' traces, merged. */
  readonly show: (history: History) => void;

  /** Does something to the run. Absent where nothing may be done; then no pane offers it. */
  readonly act?: ((act: Act) => void) | undefined;
}

export interface MenuTarget {
  readonly kind: 'peer' | 'message';
  readonly id: string;
  /** Where to show it, in CSS pixels of the window. */
  readonly x: number;
  readonly y: number;
}

export interface StageOptions {
  readonly act?: ((act: Act) => void) | undefined;
  /** Where a cluster is followed as it runs. */
  readonly watch?: Watch | undefined;
  /** Told when the playhead comes near the end of what is known, or beyond: the engine should play further, to this ms. */
  readonly wantMore?: ((ms: number) => void) | undefined;
  /** Told where the playhead was asked to go, ms, whether or not that is known yet. */
  readonly sought?: ((ms: number) => void) | undefined;
  /** Asked of the system; default: its `prefers-reduced-motion`. */
  readonly isStill?: boolean | undefined;
}

const NOWHERE: Pointer = { message: null, event: null };

/** A stage without a history; `hear` gives it one. Call it where signals have an owner. */
export function createStage(options: StageOptions = {}): Stage {
  const [held, setHeld] = createSignal({ history: createHistory() }, { equals: false });
  const history = () => held().history;
  const [place, setPlace] = createSignal<Place>(
    { index: -1, ms: 0 },
    { equals: (one, other) => one.index === other.index && one.ms === other.ms },
  );
  const [selectedPeer, selectPeer] = createSignal<PeerId | null>(null);
  const [selectedMessage, selectMessage] = createSignal<string | null>(null);
  const [pointer, setPointer] = createSignal<Pointer>(NOWHERE);
  const [menu, openMenu] = createSignal<MenuTarget | null>(null);
  const [view, setView] = createSignal<View>('god');
  const [layout, setLayout] = createSignal<Layout>('ring');
  const [heartbeats, setHeartbeats] = createSignal(true);
  const [axis, setAxis] = createSignal<'time' | 'logical'>('time');
  const [filter, setFilter] = createSignal('');
  const [isCutting, setCutting] = createSignal(false);

  const playback = createPlayback({
    history,
    place,
    setPlace,
    wantMore: options.wantMore,
    isStill: options.isStill,
  });
  const bookmarks = createBookmarks(history, place);
  const world = createMemo(() => history().worldAt(place()));
  const ids = createMemo(
    () => [...new Set([...history().ids, ...(options.watch?.members() ?? [])])].sort(byId),
    undefined,
    { equals: (one, other) => one.join() === other.join() },
  );

  const jump = (place: Place, asked = place.ms) => {
    playback.jump(place);
    options.sought?.(asked);
  };
  const seek = (ms: number) => {
    const { startMs, endMs } = history();
    const within = Math.min(Math.max(ms, startMs), Math.max(startMs, endMs));
    jump(history().placeAt(within), ms);
    if (ms > endMs) options.wantMore?.(ms);
  };
  const seekEvent = (index: number) => {
    const event = history().at(index);
    if (event !== undefined) jump({ index, ms: event.t });
  };
  const step = (kind: StepKind, direction: 1 | -1) => {
    playback.pause();
    const next = history().next(kind, place().index, direction);
    if (next === null) return false;
    seekEvent(next);
    return true;
  };
  const hear: Stage['hear'] = (lines, { isFresh = false, nowMs } = {}) =>
    batch(() => {
      const known = isFresh ? createHistory() : history();
      known.append(lines);
      if (nowMs !== undefined) known.reach(nowMs);
      setHeld({ history: known });
      // In a fresh trace the playhead keeps its time; in one that grows it keeps its event, which may be one of several at that time.
      if (isFresh) setPlace(known.placeAt(place().ms));
    });

  return {
    ...playback,
    ...bookmarks,
    history,
    place,
    time: () => place().ms,
    index: () => place().index,
    world,
    ids,
    isLive: options.watch !== undefined,
    unheard: (id) => options.watch?.unheard(id, world()),
    selectedPeer,
    selectPeer: (id) =>
      batch(() => {
        selectPeer(id);
        if (id !== null) selectMessage(null);
      }),
    selectedMessage,
    selectMessage: (id) => void selectMessage(id),
    pointer,
    point: (at) => void setPointer({ ...NOWHERE, ...at }),
    menu,
    openMenu: (target) => void openMenu(target),
    view,
    setView: (next) => void setView(next),
    layout,
    setLayout: (next) => void setLayout(next),
    heartbeats,
    setHeartbeats: (shown) => void setHeartbeats(shown),
    axis,
    setAxis: (next) => void setAxis(next),
    filter,
    setFilter: (text) => void setFilter(text),
    isCutting,
    setCutting: (on) => void setCutting(on),
    seek,
    seekEvent,
    seekPlace: (one) => jump(one),
    step,
    hear,
    show: (next) =>
      batch(() => {
        setHeld({ history: next });
        setPlace(next.placeAt(Math.min(place().ms, next.endMs)));
      }),
    ...(options.act !== undefined && { act: options.act }),
  };
}
