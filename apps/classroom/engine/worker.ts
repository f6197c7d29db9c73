/** The engine's worker: plays what it is told, in slices, so that it hears of it when something else is wanted. */
import './without-eval.js';
import type { Script } from '../contract.js';
import { type Hear, Player } from './player.js';

export interface Order {
  /** Counted by the page: only the last is of interest. */
  readonly number: number;
  readonly script: Script;
  readonly untilMs: number;
}

export interface Answer {
  readonly number: number;
  readonly part?: Parameters<Hear>[0];
  readonly isDone?: boolean;
  /** Why it cannot be played. */
  readonly problem?: string;
}

/** Long enough to be worth the way, short enough to be heard in. */
const SLICE_MS = 40;

const player = new Player();
let last = 0;

const answer = (said: Answer): void => globalThis.postMessage(said);

function goOn({ number, untilMs }: Order): void {
  if (number !== last) return;
  const end = performance.now() + SLICE_MS;
  const isTimeUp = () => performance.now() >= end;
  try {
    const isDone = player.goOn(untilMs, isTimeUp, (part) => answer({ number, part }));
    if (isDone) answer({ number, isDone });
    else setTimeout(goOn, 0, { number, untilMs });
  } catch (problem) {
    answer({ number, problem: problem instanceof Error ? problem.message : String(problem) });
  }
}

globalThis.onmessage = ({ data }: MessageEvent<Order>) => {
  last = data.number;
  player.take(data.script);
  goOn(data);
};
