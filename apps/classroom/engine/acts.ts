/** What an act does to a simulation: faults are the simulator's own, messages its post's, timers the peers'. */
import { beginFault, endFault, type Letter, type Post, type Simulation } from '../../simulator/index.js';
import type { Act, MessageAct, MessageSelector, TimerAct } from '../contract.js';

/** Tells of the act in the trace, with what is known of what it does. */
export type TellAct = (details: object) => void;

const isMessageAct = (act: Act): act is MessageAct => 'which' in act;

/** Told before anything comes of it. */
export function beginAct(simulation: Simulation, act: Act, tell: TellAct): void {
  if (isMessageAct(act)) beginMessageAct(simulation, act, tell);
  else if (act.kind === 'timer') moveTimer(simulation, act, tell);
  else {
    tell({});
    beginFault(simulation, act);
  }
}

export function endAct(simulation: Simulation, act: Act): void {
  // A rule about messages ends by itself.
  if (!isMessageAct(act) && act.kind !== 'timer') endFault(simulation, act);
}

function beginMessageAct({ post, clock }: Simulation, act: MessageAct, tell: TellAct): void {
  if (post === undefined) return;
  const { kind, which } = act;
  const byMs = act.kind === 'delay' ? act.byMs : 0;
  const letter = 'id' in which ? post.find(which.id) : undefined;
  if (letter === undefined) {
    const { most = Number.MAX_SAFE_INTEGER, forMs } = 'id' in which ? { most: 1, forMs: undefined } : which;
    const until = forMs === undefined ? Number.MAX_SAFE_INTEGER : clock.now() + forMs;
    post.rule({ kind, byMs, matches: matcherOf(which), left: most, until });
    tell({});
    return;
  }
  const due = dueAfter(post, letter.due, act);
  tell({ m: letter.name, ...(due !== undefined && { due }) });
  post.apply({ kind, byMs }, letter);
}

/** When the message arrives now; undefined where the act says nothing of that. */
function dueAfter(post: Post, due: number | null, act: MessageAct): number | null | undefined {
  if (act.kind === 'hold') return null;
  if (act.kind === 'deliver') return post.clock.now();
  return act.kind === 'delay' ? post.dueAfter(due, act.byMs) : undefined;
}

function matcherOf(which: MessageSelector): (letter: Letter) => boolean {
  if ('id' in which) return ({ name }) => name === which.id;
  const { from, to, type } = which;
  return (letter) =>
    (from === undefined || letter.from === from) &&
    (to === undefined || letter.to === to) &&
    (type === undefined || letter.type === type);
}

function moveTimer({ processes, scenario }: Simulation, act: TimerAct, tell: TellAct): void {
  const { peer: id, actor, event, toMs } = act;
  const timers = processes.get(id)?.peer?.timers;
  const isSet = timers?.pending().some((timer) => timer.actor === actor && timer.event === event) === true;
  tell(isSet ? {} : { isMissed: true });
  if (isSet) timers?.move({ actor, event }, toMs * (scenario.clockRates[id] ?? 1));
}
