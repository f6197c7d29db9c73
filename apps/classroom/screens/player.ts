/** Has the engine play scripts, and tells the stage of what was played, as far as it may be seen. */
import type { Engine, Script } from '../contract.js';
import type { Stage } from '../stage.js';

export interface PlayerParts {
  readonly setBusy: (busy: boolean) => void;
  /** Told of what the engine refuses, in words. */
  readonly refused?: ((words: string) => void) | undefined;
}

/** So much is played at a time, virtual ms. */
const PIECE_MS = 400;

/** What is asked of the engine. */
interface Work {
  readonly script: Script;
  readonly untilMs: number;
}

/** One thing after the other; of several that wait, the newest. */
export function createPlayer({ setBusy, refused }: PlayerParts) {
  let engine: Promise<Engine> | undefined;
  let stage: Stage | undefined;
  let wanted: Work | undefined;
  /** What the engine is playing, and how far it has come, virtual ms. */
  let played: Script | undefined;
  let reachedMs = 0;
  let working: Promise<void> | undefined;
  /** Where the playhead goes when the next fresh trace is shown, ms, and on which of several events of that ms. */
  let goTo: number | null = null;
  let goOnto: number | undefined;
  let isClosed = false;
  const telling = createTelling(() => stage);

  const go = () => {
    if (goTo === null || stage === undefined) return;
    const event = goOnto === undefined ? undefined : stage.history().at(goOnto);
    if (event !== undefined && Math.abs(event.t - goTo) < 0.001) stage.seekEvent(event.index);
    else stage.seek(goTo);
    goTo = null;
  };
  const release = (nowMs: number) => {
    if (!telling.isHolding()) return;
    telling.release(nowMs);
    go();
  };
  const hear: Parameters<Engine['play']>[2] = ({ lines, isFresh, nowMs }) => {
    if (isClosed) return;
    telling.take(lines, isFresh, nowMs);
    // A fresh trace is shown once it is past the playhead: before that the stage would stand nowhere, and of the events of
    // that very moment some may still be to come.
    if (nowMs > (goTo ?? stage?.now() ?? 0)) release(nowMs);
  };
  const isNew = () => wanted !== undefined && (wanted.script !== played || wanted.untilMs > reachedMs);
  /** So far in one piece: between two of them something else may be wanted. */
  const pieceOf = ({ script, untilMs }: Work) => {
    if (script !== played && !isSamePast(script, played, reachedMs)) reachedMs = 0;
    played = script;
    return Math.min(untilMs, Math.max(reachedMs, goTo ?? stage?.now() ?? 0) + PIECE_MS);
  };
  const work = async () => {
    setBusy(true);
    try {
      engine ??= import('../engine/engine.js').then(({ createEngine }) => createEngine());
      const playing = await engine;
      while (isNew() && wanted !== undefined && !isClosed) {
        const { script } = wanted;
        const untilMs = pieceOf(wanted);
        await playing.play(script, untilMs, hear);
        reachedMs = Math.max(reachedMs, untilMs);
        release(untilMs);
      }
      go();
    } catch (problem) {
      played = wanted?.script;
      reachedMs = Number.POSITIVE_INFINITY;
      refused?.(problem instanceof Error ? problem.message : String(problem));
    }
    working = undefined;
    setBusy(false);
  };

  return {
    /** Resolves when it is known what happens until then. */
    want: (script: Script, untilMs: number): Promise<void> => {
      const known = wanted?.script === script ? wanted.untilMs : 0;
      wanted = { script, untilMs: Math.max(untilMs, known) };
      if (isNew()) working ??= work();
      else if (working === undefined) go();
      return working ?? Promise.resolve();
    },
    show: (one: Stage) => {
      stage = one;
    },
    placeAt: (ms: number, event?: number) => {
      goTo = ms;
      goOnto = event;
    },
    /** The playhead was put there since: while it waits for its trace, the last place asked for is where it will go. */
    sought: (ms: number) => {
      if (goTo === null) return;
      goTo = ms;
      goOnto = undefined;
    },
    /** Nothing later than this is shown, whatever is known; null lifts it. */
    setLimit: telling.setLimit,
    untilMs: () => wanted?.untilMs ?? 0,
    close: () => {
      isClosed = true;
      void engine?.then((one) => one.close());
    },
  };
}

export type Player = ReturnType<typeof createPlayer>;

/** Whether one script is as the other, as far as was played: then the engine goes on, and does not begin anew. */
function isSamePast(one: Script, other: Script | undefined, reachedMs: number): boolean {
  const past = (script: Script | undefined) =>
    JSON.stringify([script?.scenario, script?.acts.filter(({ at }) => at <= reachedMs)]);
  return past(one) === past(other);
}

/** The lines of the current trace, and how many of them the stage has. */
function createTelling(stage: () => Stage | undefined) {
  let lines: string[] = [];
  let told = 0;
  let knownMs = 0;
  let limit: number | null = null;
  /** A fresh trace that the stage has not heard of yet. */
  let isFresh = false;

  const tell = () => {
    const end = limit === null ? lines.length : firstAfter(lines, limit);
    const nowMs = limit === null ? knownMs : Math.min(knownMs, limit);
    stage()?.hear(lines.slice(isFresh ? 0 : told, end), { isFresh, nowMs });
    told = end;
    isFresh = false;
  };
  return {
    isHolding: () => isFresh,
    take: (more: readonly string[], isNewTrace: boolean, nowMs: number) => {
      if (isNewTrace) {
        lines = [];
        isFresh = true;
      }
      for (const line of more) lines.push(line);
      knownMs = nowMs;
      if (!isFresh) tell();
    },
    release: (nowMs: number) => {
      knownMs = Math.max(knownMs, nowMs);
      tell();
    },
    setLimit: (ms: number | null) => {
      const isShowingMore = ms !== null && told > firstAfter(lines, ms);
      limit = ms;
      if (isFresh) return;
      if (isShowingMore) isFresh = true;
      tell();
    },
  };
}

/** The place of the first line that is later than `ms`; lines are in the order of time, the header has none. */
function firstAfter(lines: readonly string[], ms: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(lines[middle] ?? '') <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

const timeOf = (line: string): number =>
  Number(/"t":(-?[\d.e+]+)/.exec(line)?.[1] ?? Number.NEGATIVE_INFINITY);
