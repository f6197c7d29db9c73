/**
 * A run in the page: its script and branches, the engine that plays them, and the stage that shows what was played.
 *
 * The only way to change what happens is another script. Whoever acts hands over an act; here it is decided whether that goes
 * into the branch in view or makes a new one.
 */
import { createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { Act, Engine, Script } from '../contract.js';
import { actInWords } from '../exports/sequence.js';
import { createStage, type Stage } from '../stage.js';
import * as tree from './branches.js';
import { labelOf } from './labels.js';

/** So much is played beyond what was asked for, ms. */
const AHEAD_MS = 1000;
const HORIZON_MS = 2000;

export interface RunOptions {
  /** Told when acting in the past has made a branch. */
  readonly forked?: (branch: tree.Branch) => void;
  /** Told of what the engine refuses, in words. */
  readonly refused?: (words: string) => void;
}

/** What is asked of the engine, or was done by it. */
interface Work {
  readonly script: Script;
  readonly untilMs: number;
}

export function createRun(first: Script, options: RunOptions = {}) {
  const [branches, setTree] = createSignal(tree.plant(first));
  const [isBusy, setBusy] = createSignal(false);
  const script = () => branches().current.script;
  const player = createPlayer({ setBusy, refused: options.refused, playhead: () => stage.now() });
  /** The last event of this branch that was looked at: acting before that is acting in the past. */
  let seenIndex = -1;

  /** Does all of it at once: one branch at most comes of it. */
  const act = (...acts: readonly Act[]) => {
    const [one] = acts;
    if (one === undefined) return;
    const moment = tree.momentOf(script(), one);
    const next = acts.reduce(tree.withAct, script());
    const event = stage.history().next('event', stage.index(), 1);
    const isPast = event !== null && event <= seenIndex;
    setTree((now) =>
      isPast ? tree.forked(now, next, actInWords(one, labelOf), moment) : tree.changed(now, next),
    );
    if (isPast) options.forked?.(branches().current);
    playOn();
  };
  const stage: Stage = createStage({
    act: (one) => act(one),
    wantMore: (ms) => {
      if (ms > player.untilMs()) void player.want(script(), ms + AHEAD_MS);
    },
  });
  const playOn = (untilMs = Math.max(HORIZON_MS, stage.now() + AHEAD_MS, player.untilMs())) =>
    player.want(script(), untilMs);
  player.hearing(stage);

  createEffect(() => {
    seenIndex = Math.max(seenIndex, stage.index());
  });
  const lookAnew = () => {
    seenIndex = stage.index();
  };
  createEffect(on(() => branches().current.id, lookAnew, { defer: true }));
  onCleanup(player.close);

  return {
    stage,
    script,
    branches: () => branches().branches,
    current: () => branches().current,
    isBusy,
    /** Starts with a script of its own, without branches; the playhead goes to `atMs`. */
    load: (next: Script, { atMs = 0, untilMs = HORIZON_MS } = {}) => {
      stage.pause();
      setTree(tree.plant(next));
      seenIndex = -1;
      player.placeAt(atMs);
      player.want(next, Math.max(untilMs, atMs + AHEAD_MS));
    },
    /** Another scenario beside the current one: a branch from the start. */
    vary: (next: Script, name: string) => {
      setTree((now) => tree.forked(now, next, name, null));
      playOn();
    },
    act,
    /** Takes an act back, in a branch of its own when it has been seen. */
    takeBack: (one: Act) => {
      const next = tree.withoutAct(script(), one);
      setTree((now) =>
        one.at <= stage.now()
          ? tree.forked(now, next, `without ${actInWords(one, labelOf)}`, one.at)
          : tree.changed(now, next),
      );
      playOn();
    },
    select: (id: string) => {
      setTree((now) => tree.switched(now, id));
      playOn();
    },
    rename: (id: string, name: string) => setTree((now) => tree.renamed(now, id, name)),
    remove: (id: string) => setTree((now) => tree.cutOff(now, id)),
    /** Resolves when it is known what happens until then. */
    playTo: (untilMs: number) => player.want(script(), untilMs),
    untilMs: player.untilMs,
  };
}

export type Run = ReturnType<typeof createRun>;

interface PlayerParts {
  readonly setBusy: (busy: boolean) => void;
  readonly refused?: ((words: string) => void) | undefined;
  readonly playhead: () => number;
}

/** Has the engine play one thing after the other; of several that wait, the newest. */
function createPlayer({ setBusy, refused, playhead }: PlayerParts) {
  let engine: Promise<Engine> | undefined;
  let stage: Stage | undefined;
  let wanted: Work | undefined;
  let done: Work | undefined;
  let working: Promise<void> | undefined;
  let held: string[] | null = null;
  let goTo: number | null = null;
  let isClosed = false;

  /** A fresh trace is shown once it reaches the playhead, for until then the stage would stand nowhere. */
  const release = (nowMs: number) => {
    if (held === null || stage === undefined) return;
    const lines = held;
    held = null;
    stage.hear(lines, { isFresh: true, nowMs });
    if (goTo !== null) stage.seek(goTo);
    goTo = null;
  };
  const hear: Parameters<Engine['play']>[2] = ({ lines, isFresh, nowMs }) => {
    if (isClosed) return;
    if (isFresh) held = [];
    if (held === null) stage?.hear(lines, { nowMs });
    else {
      held.push(...lines);
      if (nowMs >= (goTo ?? playhead())) release(nowMs);
    }
  };
  const isNew = () =>
    wanted !== undefined &&
    (done === undefined || wanted.script !== done.script || wanted.untilMs > done.untilMs);
  const work = async () => {
    setBusy(true);
    try {
      engine ??= import('../engine/index.js').then(({ createEngine }) => createEngine());
      const playing = await engine;
      while (isNew() && wanted !== undefined && !isClosed) {
        const now: Work = wanted;
        done = now;
        await playing.play(now.script, now.untilMs, hear);
        release(now.untilMs);
      }
    } catch (problem) {
      refused?.(problem instanceof Error ? problem.message : String(problem));
    }
    working = undefined;
    setBusy(false);
  };

  return {
    want: (script: Script, untilMs: number): Promise<void> => {
      const known = wanted?.script === script ? wanted.untilMs : 0;
      wanted = { script, untilMs: Math.max(untilMs, known) };
      if (isNew()) working ??= work();
      return working ?? Promise.resolve();
    },
    hearing: (one: Stage) => {
      stage = one;
    },
    /** Where the playhead goes when the next fresh trace is shown, ms. */
    placeAt: (ms: number) => {
      goTo = ms;
    },
    untilMs: () => wanted?.untilMs ?? 0,
    close: () => {
      isClosed = true;
      void engine?.then((one) => one.close());
    },
  };
}
