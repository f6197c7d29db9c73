/** Of whom there is news: members that nobody follows, peers that have fallen silent, and how far the playhead is behind. */
import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import type { PeerId } from '../contract.js';
import type { History, World } from '../history/index.js';
import type { LiveEdge } from '../panes/index.js';
import type { Stage, Unheard, Watch } from '../stage.js';
import type { Source, Sources } from './live-sources.js';

/** Whoever tells nothing for so long, ms, is late; everybody is asked for its status more often than that. */
export const LATE_MS = 3000;
/** A time that is shown grows this often, real ms. */
const TICK_MS = 250;

export interface Sight {
  readonly world: World;
  /** Only asked when a followed peer last received something of one that is not followed. */
  readonly history: Pick<History, 'heardAt' | 'ids'>;
  readonly sources: readonly Pick<Source, 'id' | 'state' | 'heardAt'>[];
  readonly isFollowing: boolean;
  /** Real ms, of the clock that `heardAt` of sources is by. */
  readonly nowMs: number;
}

/** Why a peer cannot be shown as it is; undefined of whom there is news. At the live edge by real time, else by that of the trace. */
export function unheardIn(id: PeerId, sight: Sight): Unheard | undefined {
  const { world, sources, isFollowing, nowMs } = sight;
  const face = world.peers[id];
  // Who has said goodbye is not waited for.
  if (face?.condition === 'left' || face?.condition === 'stopped') return undefined;
  const mine = sources.filter((source) => source.id === id);
  const hasTold = (face?.lastIndex ?? -1) >= 0;
  if (mine.length === 0 && (isFollowing || !hasTold))
    return { why: 'not followed', forMs: sinceOthersHeard(id, sight) };
  if (!isFollowing) {
    if (!hasTold) return { why: 'not recorded', forMs: null };
    const forMs = world.place.ms - (face?.lastMs ?? 0);
    return forMs > LATE_MS ? { why: 'late', forMs } : undefined;
  }
  const heardAt = Math.max(...mine.map((source) => source.heardAt ?? Number.NEGATIVE_INFINITY));
  const forMs = Number.isFinite(heardAt) ? Math.max(0, nowMs - heardAt) : null;
  if (mine.every(({ state }) => state === 'lost')) return { why: 'lost', forMs };
  // It has said itself that it will be silent.
  if (face?.condition === 'paused') return undefined;
  if (forMs !== null && forMs > LATE_MS) return { why: 'late', forMs };
  return hasTold ? undefined : { why: 'not recorded', forMs: null };
}

function sinceOthersHeard(id: PeerId, { world, history }: Sight): number | null {
  const times = history.ids.flatMap((observer) => history.heardAt(observer, id, world.place.index) ?? []);
  return times.length === 0 ? null : Math.max(0, world.place.ms - Math.max(...times));
}

/** For the stage. @param stageOf - that very stage, which is made with this. */
export function createWatch({ sources, members }: Sources, stageOf: () => Stage): Watch {
  const [tick, setTick] = createSignal(0);
  const isCounting = () =>
    sources.some(
      ({ state, heardAt }) =>
        state === 'lost' || (heardAt !== null && performance.now() - heardAt > LATE_MS - TICK_MS),
    );
  const timer = setInterval(() => {
    if (!document.hidden && isCounting()) setTick((count) => count + 1);
  }, TICK_MS);
  onCleanup(() => clearInterval(timer));
  const ids = createMemo(() => members().map(({ id }) => id));
  return {
    members: ids,
    unheard: (id, world) => {
      tick();
      const stage = stageOf();
      return unheardIn(id, {
        world,
        history: stage.history(),
        sources,
        isFollowing: stage.isFollowing(),
        nowMs: performance.now(),
      });
    },
  };
}

/** How long ago it was what is shown: to the end of the history in view, and what was heard since that was put there. */
export function createEdge(stage: Stage, sources: readonly Source[]): LiveEdge {
  const [shownAt, setShownAt] = createSignal(performance.now());
  createEffect(on(stage.history, () => setShownAt(performance.now())));
  const newest = () => Math.max(0, ...sources.map(({ heardAt }) => heardAt ?? 0));
  const behindS: Accessor<number> = createMemo(() => {
    if (stage.isFollowing()) return 0;
    const sinceMs = Math.max(0, newest() - shownAt());
    return Math.max(0, Math.round((stage.history().endMs - stage.time() + sinceMs) / 1000));
  });
  return { behindS };
}
