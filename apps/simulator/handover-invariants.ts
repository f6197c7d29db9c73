/**
 * What must hold of a handover (I21): while one runs nothing gets a number, so nothing is acknowledged by the old coordinator
 * once it has told its successor that it has everything; and what was held meanwhile is numbered when the old one serves
 * again, all of it and in its order. That no request has two outcomes is checked where they are told (delivery-invariants.ts),
 * that each has one at the end of the run (L3).
 */
import type { Core } from '../../actors/anywhere.js';
import { isSameTerm } from '../../machines/index.js';
import type { PeerId } from '../../transport/anywhere.js';
import { isSameEntry, must, nameOf } from './invariants.js';

/** A peer has made a step; `before` is undefined when it has just started. */
export function checkHandover(id: PeerId, before: Core | undefined, after: Core): void {
  const { handover, log, commit } = after;
  must(
    handover === null || !handover.isOffered || commit === log.lastIndex,
    'I21',
    () =>
      `${id} has offered ${nameOf(after.promised)} and will acknowledge ${commit + 1} to ${log.lastIndex}`,
  );
  if (before === undefined || before.handover === null || !isSameTerm(before.promised, after.promised))
    return;
  const { lastIndex } = before.log;
  if (handover !== null)
    must(
      log.lastIndex === lastIndex,
      'I21',
      () => `${id} gives out ${log.lastIndex} while it hands ${nameOf(after.promised)} over`,
    );
  else if (after.isCoordinating)
    before.handover.held.forEach((entry, place) => {
      const isThere = isSameEntry(log.at(lastIndex + 1 + place), entry);
      must(isThere, 'I21', () => `${id} serves again without what it held, number ${place + 1} of it`);
    });
}
