/**
 * A run in the page: its script and branches, the engine that plays them, and the stage that shows what was played.
 *
 * The only way to change what happens is another script. Whoever acts hands over an act; here it is decided whether that goes
 * into the branch in view or makes a new one.
 */
import { createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { Act, Script } from '../contract.js';
import { actInWords } from '../exports/sequence.js';
import { createStage, type Stage } from '../stage.js';
import * as tree from './branches.js';
import { labelOf } from './labels.js';
import { createPlayer } from './player.js';

/** So much is played beyond what was asked for, ms. */
const AHEAD_MS = 1000;
const HORIZON_MS = 2000;
/** Ends of lasting acts are in whole ms: so much earlier is still now. */
const WHOLE_MS = 1;

export interface RunOptions {
  /** Told when acting in the past has made a branch. */
  readonly forked?: (branch: tree.Branch) => void;
  /** Told of what the engine refuses, in words. */
  readonly refused?: (words: string) => void;
}

export function createRun(first: Script, options: RunOptions = {}) {
  const [branches, setTree] = createSignal(tree.plant(first));
  const [isBusy, setBusy] = createSignal(false);
  const script = () => branches().current.script;
  const player = createPlayer({ setBusy, refused: options.refused });
  /** The last event of this branch that was looked at: acting before that is acting in the past. */
  let seenIndex = -1;

  /** Does all of it at once: one branch at most comes of it. */
  const act = (...acts: readonly Act[]) => {
    const [one] = acts;
    if (one === undefined) return;
    const moment = tree.momentOf(script(), one);
    const next = acts.reduce(tree.withAct, script());
    const event = stage.history().next('event', stage.index(), 1);
    // What is done to a message that has arrived is done as it is sent.
    const isPast = (event !== null && event <= seenIndex) || moment < stage.now() - WHOLE_MS;
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
    sought: (ms) => player.sought(ms),
  });
  const playOn = (untilMs = Math.max(HORIZON_MS, stage.now() + AHEAD_MS, player.untilMs())) =>
    player.want(script(), untilMs);
  player.show(stage);

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
    load: (
      next: Script,
      {
        atMs = 0,
        untilMs = HORIZON_MS,
        event,
      }: { atMs?: number; untilMs?: number; event?: number | undefined } = {},
    ) => {
      stage.pause();
      setTree(tree.plant(next));
      seenIndex = -1;
      player.placeAt(atMs, event);
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
    setLimit: player.setLimit,
  };
}

export type Run = ReturnType<typeof createRun>;
