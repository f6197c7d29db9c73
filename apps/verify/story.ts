/** The shortest way to a violation, in plain words: one line per step, and where everybody stands at the end. */
import type { Log } from '../../machines/index.js';
import type { Configuration, Entry } from '../../transport/index.js';
import type { Peer } from './peers.js';
import type { Search } from './search.js';
import type { Claim, Step } from './step.js';
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
    const found: { next: Uint32Array; line: string }[] = [];
    world.expand(before, (next, problem) => {
      const isWrong = problem !== undefined || world.problemIn(next) !== undefined;
      const leadsOn = goal === undefined ? isWrong : !isWrong && isSame(world.canonical(next), goal);
      if (leadsOn && found.length === 0)
        found.push({ next: Uint32Array.from(next), line: lineOf(world, before, world.move as Move) });
    });
    const [way] = found;
    if (way === undefined) throw new Error('the way to the violation cannot be taken again');
    steps.push(way.line);
    here = way.next;
  }
  world.isTold = false;
  return { steps, end: standings(world, here) };
}

const isSame = (a: Uint32Array, b: Uint32Array): boolean => a.every((one, i) => one === b[i]);

function lineOf(world: World, before: Uint32Array, move: Move): string {
  const { peers, domain } = world;
  const { peer: place, step, reign, heard } = move;
  const was = peers.at(before[place] as number);
  const answer = heard && reign ? answerOf(world, before[reign.owner] as number, heard) : '';
  const told = answer === '' ? '' : `; ${domain.ids[reign?.owner ?? place]} ${answer}`;
  return `${domain.ids[place]} ${deedOf(world, was, move)}${endOf(world, was, step)}${told}`;
}

function deedOf(world: World, was: Peer, { kind, step, reign, heard }: Move): string {
  const { peers, domain } = world;
  const is = peers.at(step.next);
  const term = reign === undefined ? '' : `term ${reign.rank} of ${domain.ids[reign.owner]}`;
  switch (kind) {
    case 'stand':
      return `stands for term ${step.opened}`;
    case 'collect':
      if (step.promise === 0) return `hears that ${term} is wanted`;
      return `promises ${term}, log ${logText(is.state.log)}${heard === undefined ? ', and that gets lost' : ''}`;
    case 'adopt':
      return `takes over more of the best log for term ${was.rank}`;
    case 'append':
      return `hears the coordinator of ${term}, log ${logText(is.state.log)}${acknowledgement(world, step)}`;
    case 'loss':
      return 'loses its disk';
    case 'own':
      return ownDeedOf(was, is, step);
  }
}

function ownDeedOf(was: Peer, is: Peer, step: Step): string {
  const { pending } = was.state;
  if (step.isCrash && step.deeds.length === 0)
    return `crashes and starts again, log ${logText(is.state.log)}`;
  if (pending.length > is.state.pending.length)
    return `has ${pending.length - is.state.pending.length} writes on its disk`;
  if (was.isCoordinating && is.isCoordinating && was.log === is.log) return 'looks who follows it';
  if (was.isCoordinating && (is.isCoordinating || step.isCrash)) return 'orders an entry';
  return was.isCoordinating ? 'steps down' : 'gives up';
}

/** How the step ended for the peer that took it, where that is not said yet. */
function endOf(world: World, was: Peer, step: Step): string {
  const { posture, log, state } = world.peers.at(step.next);
  const claim = claimIn(world, step);
  if (claim !== undefined) return `, ${coordination(world, claim, step)}`;
  const hasSpoken = step.promise + step.acknowledgement > 0;
  if (step.isCrash && hasSpoken) return ', crashes, and starts again';
  return was.log === log || hasSpoken || posture === 'free' ? '' : `, log ${logText(state.log)}`;
}

/** What the owner of a term does upon a promise or an acknowledgement; empty when it only notes it. */
function answerOf(world: World, number: number, heard: Step): string {
  const was = world.peers.at(number);
  const claim = claimIn(world, heard);
  if (claim !== undefined && (claim.isFirst || claim.commit !== was.state.commit))
    return coordination(world, claim, heard);
  if (heard.isCrash) return 'crashes, and starts again';
  return world.peers.at(heard.next).posture === 'fetching' ? 'has a quorum, and asks for the best log' : '';
}

function coordination({ peers }: World, { rank, log, commit }: Claim, { isCrash, next }: Step): string {
  const sent = logText(peers.logs.at(log));
  return isCrash
    ? `coordinates term ${rank}, sends ${sent}, crashes before that is on its disk, and starts again with ${logText(peers.at(next).state.log)}`
    : `coordinates term ${rank}, log ${sent}, committed ${counted(commit)}`;
}

function claimIn({ peers }: World, { deeds }: Step): Claim | undefined {
  return deeds.map((deed) => peers.deeds.at(deed)).find((deed) => deed.kind === 'led');
}

function acknowledgement({ peers }: World, step: Step): string {
  return step.acknowledgement === 0 ? '' : `, acknowledges ${counted(peers.matchIn(step.acknowledgement))}`;
}

/** The founding entry is not counted. */
const counted = (index: number): number => Math.max(0, index - 1);

/** `[1 1 2{1 2 4|1 2 3}]`: the term of every entry behind the founding one, and the voters it names. */
export function logText(log: Log): string {
  const entries = log.slice(1, log.lastIndex);
  const shown = entries[0]?.term.n === 0 ? entries.slice(1) : entries;
  return entries.length === 0 ? 'nothing' : `[${shown.map(entryText).join(' ')}]`;
}

const entryText = (entry: Entry): string =>
  entry.kind === 'configuration' ? `${entry.term.n}{${votersText(entry.body)}}` : `${entry.term.n}`;

function votersText({ voters, outgoing }: Configuration): string {
  const names = (members: Configuration['voters']) => members.map(({ id }) => id).join(' ');
  return outgoing.length === 0 ? names(voters) : `${names(voters)}|${names(outgoing)}`;
}

function standings({ domain, peers, histories }: World, state: Uint32Array): readonly string[] {
  const ofPeers = domain.ids.map((id, place) => {
    const { posture, rank, state: at } = peers.at(state[place] as number);
    return `peer ${id}: ${posture}, promised term ${rank}, log ${logText(at.log)}`;
  });
  const ofTerms = histories
    .reignsIn(state[domain.ids.length] as number)
    .map(({ rank, owner, log, commit }) => {
      const led = `led with log ${logText(peers.logs.at(log))}, committed ${counted(commit)}`;
      return `term ${rank}: of ${domain.ids[owner]}, ${log === 0 ? 'never led' : led}`;
    });
  return [...ofPeers, ...ofTerms];
}
