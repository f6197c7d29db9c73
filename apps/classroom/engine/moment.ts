/**
 * A live cluster's moment as a script: so that one can ask what if, of a cluster that goes on meanwhile.
 *
 * It is rebuilt from what a trace tells, by acts on a fresh cluster: who belongs, who is down or paused, who coordinates. The
 * notes say what is not as it was.
 */
import { compareIds } from '../../../machines/index.js';
import type { Act, PeerId, Script } from '../contract.js';
import { type ScriptInput, scriptOf, suspectTimeoutOf } from './script.js';

/** A cluster as somebody sees it; a history's world is one. */
export interface Moment {
  readonly ids: readonly PeerId[];
  readonly peers: Readonly<Record<PeerId, MomentPeer | undefined>>;
  /** What does not hear each other. */
  readonly cuts?: readonly { readonly from: PeerId; readonly to: PeerId }[];
  readonly partitions?: readonly (readonly (readonly PeerId[])[])[];
}

export interface MomentPeer {
  readonly id: PeerId;
  /** `up`, `crashed`, `paused`, `stopped`, `left`, `absent`. */
  readonly condition: string;
  readonly role: string;
  readonly term: number;
  /** What it holds of others: `suspected`, `failed`, … */
  readonly suspicion: Readonly<Record<PeerId, string>>;
}

type Options = ScriptInput['scenario']['options'];

export interface Rebuilt {
  readonly script: Script;
  /** When it is as it was, ms. */
  readonly atMs: number;
  /** What is only nearly so, each a sentence. */
  readonly notes: readonly string[];
}

/** For good, as far as anybody watches. */
const FOR_EVER_MS = 86_400_000;
/** In suspect time-outs: by then silence has been noticed, and somebody elected. */
const ELECTED_SUSPECTS = 6;
/** A new run is in term 1, and every election adds one. */
const FIRST_TERM = 1;

/**
 * Rebuilds a moment.
 *
 * @param options - the cluster's mode, preset and timings, where they are known: a trace does not tell them.
 * @throws ScriptProblem when there is nobody.
 */
export function scriptFrom(moment: Moment, options: NonNullable<Options> = { preset: 'lan' }): Rebuilt {
  const { ids, peers, cuts = [], partitions = [] } = moment;
  const down = ids.filter((id) => isGone(moment, id));
  const up = ids.filter((id) => !down.includes(id));
  const leader = up.map((id) => peers[id]).find((peer) => peer?.role === 'coordinator');
  const higher = up.filter((id) => leader !== undefined && compareIds(id, leader.id) > 0);
  const takeover = higher.length === 0 ? {} : { takeover: 'never' as const };
  const scenario = { seed: 1, peers: [...ids], options: { ...options, ...takeover } };
  const electedMs = ELECTED_SUSPECTS * suspectTimeoutOf(scriptOf({ scenario }));
  const isElected = down.length + higher.length > 0;
  const atMs = (Number(isElected) + Number(higher.length > 0)) * electedMs;
  const crash = (peer: PeerId, forMs: number): Act => ({
    kind: 'crash',
    at: 0,
    forMs,
    peer,
    isPowerCut: false,
  });
  // The textbook knows no handing over; and there nobody asks a quorum, so the higher ones may be away.
  const inOffice = (id: PeerId): readonly Act[] =>
    options.mode === 'classic'
      ? higher.map((peer) => crash(peer, electedMs))
      : [{ kind: 'transfer', at: Number(down.length > 0) * electedMs, peer: id, to: id }];
  const later = { at: atMs, forMs: FOR_EVER_MS };
  const acts: Act[] = [
    ...down.map((peer) => crash(peer, FOR_EVER_MS)),
    ...(leader !== undefined && higher.length > 0 ? inOffice(leader.id) : []),
    ...up
      .filter((id) => peers[id]?.condition === 'paused')
      .map((peer): Act => ({ kind: 'pause', ...later, peer })),
    ...cuts.map(({ from, to }): Act => ({ kind: 'cut', ...later, from, to })),
    ...partitions.map(
      (sides): Act => ({ kind: 'partition', ...later, sides: sides.map((side) => [...side]) }),
    ),
  ];
  return {
    script: scriptOf({ name: 'a moment of a live cluster', scenario, acts }),
    atMs,
    notes: notesOf({ leader, isElected, hasHigher: higher.length > 0 }),
  };
}

/** It is known to be gone, or most others miss it: a process that died tells nobody. */
function isGone({ ids, peers }: Moment, id: PeerId): boolean {
  const condition = peers[id]?.condition;
  if (condition === 'paused') return false;
  if (condition !== undefined && condition !== 'up') return true;
  const others = ids.flatMap((other) => (other === id ? [] : (peers[other] ?? [])));
  const missing = others.filter(({ suspicion }) => ['suspected', 'failed'].includes(suspicion[id] ?? ''));
  return missing.length * 2 > others.length;
}

function notesOf(was: {
  readonly leader: MomentPeer | undefined;
  readonly isElected: boolean;
  readonly hasHigher: boolean;
}): readonly string[] {
  const term = FIRST_TERM + Number(was.isElected);
  const { leader } = was;
  return [
    'The log is empty: what had been delivered is not there.',
    'Messages and time-outs under way then are not; the network is a usual one.',
    ...(leader === undefined ? ['Nobody coordinated then: here somebody is elected if they can.'] : []),
    ...(leader !== undefined && leader.term !== term
      ? [`It was term ${leader.term}; here it is term ${term} or a little later.`]
      : []),
    ...(was.hasHigher ? ['A higher peer did not lead: here the office is never taken over.'] : []),
  ];
}
