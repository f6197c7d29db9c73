/** What is done to peers and messages, as acts of the script. No pane does anything else. */
import type { Act } from '../contract.js';
import type { Aloft, Flight, History } from '../history/index.js';
import type { Stage } from '../stage.js';

/** Until somebody ends it: to the end of the longest run there can be. */
const LONGEST_MS = 86_400_000;
export const forGood = (at: number): number => LONGEST_MS - Math.ceil(at);

/** Ends what lasts: the act as it was told, over by now. */
export function endingOf(history: History, index: number, at: number): readonly Act[] {
  const act = history.at(index)?.act;
  if (act === undefined) return [];
  if ('forMs' in act) return [{ ...act, forMs: Math.max(0, Math.round(at - act.at)) } as Act];
  if ('which' in act && typeof act.which === 'object' && 'forMs' in act.which)
    return [{ ...act, which: { ...act.which, forMs: Math.max(0, Math.round(at - act.at)) } } as Act];
  return [];
}

export const waitAct = (peer: string, event: string, at: number, toMs: number): Act => ({
  kind: 'timer',
  at,
  peer,
  actor: 'election',
  event,
  toMs: Math.round(toMs),
});

/** Has a message that is under way arrive at `arrival` instead, ms: never before `at`. */
export function arrivalAct({ id, due }: Pick<Aloft, 'id' | 'due'>, at: number, arrival: number): Act {
  const which = { id };
  if (arrival <= at || due === null) return { kind: 'deliver', at: Math.max(at, arrival), which };
  return { kind: 'delay', at, which, byMs: Math.round(arrival - due) };
}

/** The same about one that has arrived: it is done as it is sent. */
export const otherArrivalAct = ({ id, sentAt, endAt }: Flight, arrival: number): Act => ({
  kind: 'delay',
  at: sentAt,
  which: { id },
  byMs: Math.round(Math.max(sentAt, arrival) - (endAt ?? sentAt)),
});

/** A partition that sets `group` apart: what was apart already stays so. */
export function partitionActs(stage: Stage, group: readonly string[], at: number): readonly Act[] {
  const world = stage.world();
  const current = world.partitions.at(-1) ?? [world.ids];
  const known = new Set(current.flat());
  const all = [...current, world.ids.filter((id) => !known.has(id))];
  const rest = all.map((side) => side.filter((id) => !group.includes(id))).filter((side) => side.length > 0);
  if (group.length === 0 || rest.length === 0) return [];
  const endings = world.troubles
    .filter(({ kind }) => kind === 'partition')
    .flatMap(({ index }) => endingOf(stage.history(), index, at));
  const sides = [...rest.map((side) => [...side]), [...group]];
  return [...endings, { kind: 'partition', at, forMs: forGood(at), sides }];
}
