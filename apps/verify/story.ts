/** The shortest way to a violation, in plain words: one line per step, and where everybody stands at the end. */

import type { Log } from '../../machines/index.js';
import type { Configuration, Entry } from '../../transport/index.js';
import type { Peer } from './peers.js';
import type { Search } from './search.js';
import type { Step } from './step.js';
import type { Move, World } from './world.js';

export interface Story {
  readonly steps: readonly string[];
  /** One line per peer, one per term. */
  readonly end: readonly string[];
}

/**
 * Tells how the search came to the violation it found.
 *
 * States are stored up to the names of peers, so every step is taken again, by peers that keep theirs.
 */
export function storyOf(search: Search<World>): Story {
  const { space: world } = search;
  const steps: string[] = [];
  let here = world.first();
  const [, ...path] = search.path();
  world.isTold = true;
  for (const goal of [...path, undefined]) {
    const before = here;
    let found: { readonly next: Uint32Array; readonly line: string } | undefined;
    world.expand(before, (next, problem) => {
      const leadsOn =
        goal === undefined
          ? problem !== undefined
          : problem === undefined && isSame(world.canonical(next), goal);
      if (leadsOn)
        found ??= { next: Uint32Array.from(next), line: lineOf(world, before, world.move as Move) };
    });
    if (found === undefined) throw new Error('the way to the violation cannot be taken again');
    steps.push(found.line);
    here = found.next;
  }
  world.isTold = false;
  return { steps, end: standings(world, here) };
}

const isSame = (a: Uint32Array, b: Uint32Array): boolean => a.every((one, i) => one === b[i]);

function lineOf(world: World, before: Uint32Array, { kind, peer: place, step, reign, heard }: Move): string {
  const { peers, domain } = world;
  const was = peers.at(before[place] as number);
  const is = peers.at(step.next);
  const name = domain.ids[place] as string;
  const term = reign === undefined ? '' : `term ${reign.rank}`;
  const owner = reign === undefined ? '' : (domain.ids[reign.owner] as string);
  const told =
    heard === undefined ? '' : `; ${domain.ids[peers.at(heard.next).place]} ${becomes(world, heard)}`;
  const crash = step.isCrash && kind !== 'own' && kind !== 'loss' ? ', crashes and starts again' : '';
  const log = logText(is.state.log);
  switch (kind) {
    case 'stand':
      return `${name} stands for term ${step.opened}${crash}, log ${log}${after(world, is)}`;
    case 'collect': {
      if (step.promise === 0) return `${name} hears of ${term} of ${owner}${crash}, log ${log}`;
      return `${name} promises ${term} of ${owner}, log ${log}${heard === undefined ? ', and the promise is lost' : told}${crash}`;
    }
    case 'adopt':
      return `${name} adopts of the best log for term ${was.rank}${crash}, log ${log}${after(world, is)}`;
    case 'append': {
      const acknowledged = step.acknowledgement === 0 ? '' : `, acknowledges ${matchIn(world, step)}`;
      return `${name} hears the log of ${term} of ${owner}${acknowledged}${crash}, log ${log}${told}`;
    }
    case 'loss':
      return `${name} loses its disk`;
    case 'own':
      return `${name} ${deedOf(was, is, step)}, log ${log}${after(world, is)}${told}`;
  }
}

function deedOf(was: Peer, is: Peer, step: Step): string {
  if (step.isCrash && (!was.isCoordinating || step.deeds.length === 0)) return 'crashes and starts again';
  if (step.isCrash) return 'orders an entry, sends it, crashes before it is on its disk, and starts again';
  if (was.isCoordinating && !is.isCoordinating) return 'steps down';
  if (was.log !== is.log) return 'orders an entry';
  if (was.state.pending.length > is.state.pending.length) return 'has its writes on disk';
  return was.posture === is.posture ? 'looks who follows it' : 'gives up';
}

const becomes = (world: World, { next }: Step): string => {
  const is = world.peers.at(next);
  return is.isCoordinating
    ? `coordinates term ${is.rank}, log ${logText(is.state.log)}, committed ${committed(is)}`
    : `is ${is.posture}`;
};

const after = (_: World, is: Peer): string =>
  is.isCoordinating ? `, coordinates term ${is.rank}, committed ${committed(is)}` : '';

/** The founding entry is not counted. */
const committed = ({ state }: Peer): number => Math.max(0, state.commit - 1);

function matchIn({ peers }: World, step: Step): number {
  const letter = peers.event(step.acknowledgement);
  return letter.type === 'sequencer.appended' ? Math.max(0, letter.match - 1) : 0;
}

/** `[1 1 2{1 2 4|1 2 3}]`: the term of every entry behind the founding one, and the voters it names. */
export function logText(log: Log): string {
  const entries = log.slice(1, log.lastIndex);
  const shown = entries[0]?.term.n === 0 ? entries.slice(1) : entries;
  return entries.length === 0 ? '(empty)' : `[${shown.map(entryText).join(' ')}]`;
}

const entryText = (entry: Entry): string =>
  entry.kind === 'configuration' ? `${termText(entry)}{${votersText(entry.body)}}` : termText(entry);

const termText = ({ term }: Entry): string => `${term.n}`;

const votersText = ({ voters, outgoing }: Configuration): string => {
  const names = (members: Configuration['voters']) => members.map(({ id }) => id).join(' ');
  return outgoing.length === 0 ? names(voters) : `${names(voters)}|${names(outgoing)}`;
};

function standings(world: World, state: Uint32Array): readonly string[] {
  const { domain, peers, histories } = world;
  const ofPeers = domain.ids.map((id, place) => {
    const { posture, rank, state: at } = peers.at(state[place] as number);
    return `peer ${id}: ${posture}, promised term ${rank}, log ${logText(at.log)}`;
  });
  const ofTerms = histories
    .reignsIn(state[domain.ids.length] as number)
    .map(({ rank, owner, log, commit }) => {
      const led =
        log === 0
          ? 'never led'
          : `led with log ${logText(peers.logs.at(log))}, committed ${Math.max(0, commit - 1)}`;
      return `term ${rank}: of ${domain.ids[owner]}, ${led}`;
    });
  return [...ofPeers, ...ofTerms];
}
