/** What can be done to a peer or a message, as its menu says it. */
import type { Act, MessageSelector } from '../contract.js';
import type { Flight, History, PeerFace, World } from '../history/index.js';
import type { Stage } from '../stage.js';
import { endingOf, forGood, waitAct } from './acts.js';
import { electionWait } from './appearance.js';

export interface Offer {
  readonly label: string;
  /** The key that does the same, as §2.7 has it. */
  readonly key?: string;
  readonly acts: (at: number) => readonly Act[];
  /** Asked for first: so many ms. */
  readonly asksMs?: number;
}

/** Troubles of a kind that concern one peer. */
const troublesOf = (
  world: World,
  history: History,
  id: string,
  isIt: (act: Record<string, unknown>) => boolean,
) =>
  world.troubles.filter(({ index }) => {
    const act = { ...history.at(index)?.act } as Record<string, unknown>;
    const which = (act.which ?? {}) as Record<string, unknown>;
    return (act.peer === id || which.from === id || which.to === id) && isIt({ ...act, ...which });
  });

export function peerOffers(stage: Stage, id: string): readonly Offer[] {
  const world = stage.world();
  const history = stage.history();
  const face = world.peers[id];
  const ending = (
    label: string,
    isIt: (act: Record<string, unknown>) => boolean,
    key?: string,
  ): readonly Offer[] => {
    const [trouble] = troublesOf(world, history, id, isIt);
    if (trouble === undefined) return [];
    return [{ label, ...(key !== undefined && { key }), acts: (at) => endingOf(history, trouble.index, at) }];
  };
  if (face === undefined || face.condition === 'absent' || face.condition === 'left')
    return [{ label: 'Let it join', acts: (at) => [{ kind: 'join', at, peer: id }] }];
  if (face.condition === 'crashed' || face.condition === 'stopped')
    return ending(
      'Restart',
      ({ kind }) => ['crash', 'wipe', 'damage', 'disk-failure'].includes(String(kind)),
      'X',
    );
  const rest: readonly Offer[] = [
    {
      label: 'Crash',
      key: 'X',
      acts: (at) => [{ kind: 'crash', at, forMs: forGood(at), peer: id, isPowerCut: false }],
    },
    { label: 'Crash and lose its log', acts: (at) => [{ kind: 'wipe', at, forMs: forGood(at), peer: id }] },
  ];
  if (face.condition === 'paused') return [...ending('Resume', ({ kind }) => kind === 'pause', 'P'), ...rest];
  return [
    ...rest,
    { label: 'Pause', key: 'P', acts: (at) => [{ kind: 'pause', at, forMs: forGood(at), peer: id }] },
    {
      label: 'Pause for …',
      asksMs: 900,
      acts: (at) => [{ kind: 'pause', at, forMs: 900, peer: id }],
    },
    ...(face.isMute
      ? ending('Let it speak again', ({ kind, from }) => kind === 'drop' && from === id)
      : [rule('Mute: nobody hears it', { from: id })]),
    ...(face.isDeaf
      ? ending('Let it hear again', ({ kind, to }) => kind === 'drop' && to === id)
      : [rule('Deaf: it hears nobody', { to: id })]),
    ...electionOffers(stage, id),
    ...waitOffers(face),
    { label: 'Leave the cluster', acts: (at) => [{ kind: 'leave', at, peer: id }] },
  ];
}

const rule = (label: string, which: Extract<MessageSelector, { readonly forMs?: number }>): Offer => ({
  label,
  acts: (at) => [{ kind: 'drop', at, which: { ...which, forMs: forGood(at) } }],
});

/** What a detector hears when an interval has passed without a word. */
const SILENT_INTERVAL = 'xstate.after.heartbeatInterval.failure-detector.trusted';

/** So many silent intervals at once that it doubts its leader: it asks the others, and stands if they hear nothing either. */
function electionOffers(stage: Stage, id: string): readonly Offer[] {
  const face = stage.world().peers[id];
  const history = stage.history();
  const [interval, suspect] = [history.timing('heartbeatIntervalMs'), history.timing('suspectTimeoutMs')];
  if (face === undefined || interval === null || suspect === null) return [];
  const { follows } = face;
  if (follows === null || follows === id) return [];
  const actor = `failure-detector:${follows}`;
  return [
    {
      label: 'Start an election: doubt the leader',
      acts: (at) =>
        Array.from({ length: Math.ceil(suspect / interval) }, (_, tick) => ({
          kind: 'timer',
          at: at + tick,
          peer: id,
          actor,
          event: SILENT_INTERVAL,
          toMs: 0,
        })),
    },
  ];
}

/** The wait that the outer arc shows: over now, or at another time. */
function waitOffers(face: PeerFace): readonly Offer[] {
  const wait = electionWait(face);
  if (wait === null) return [];
  return [
    { label: `Its ${wait.label} is over now`, acts: (at) => [waitAct(face.id, wait.event, at, 0)] },
    {
      label: `Its ${wait.label} is over in …`,
      asksMs: 100,
      acts: (at) => [waitAct(face.id, wait.event, at, 100)],
    },
  ];
}

export function messageOffers(flight: Flight, isAloft: boolean): readonly Offer[] {
  const { id, type, from, to } = flight;
  const which = { id };
  const always: Offer = {
    label: `Always drop like this: ${from} to ${to}`,
    acts: (at) => [{ kind: 'drop', at, which: { from, to, type, forMs: forGood(at) } }],
  };
  // What is done to a message is done before it arrives: to one that has arrived, from the moment it was sent.
  const when = (at: number) => (isAloft ? at : Math.min(at, flight.sentAt));
  return [
    { label: 'Drop', key: 'D', acts: (at) => [{ kind: 'drop', at: when(at), which }] },
    {
      label: 'Delay by …',
      asksMs: 100,
      acts: (at) => [{ kind: 'delay', at: when(at), which, byMs: 100 }],
    },
    { label: 'Hold', acts: (at) => [{ kind: 'hold', at: when(at), which }] },
    { label: 'Duplicate', acts: (at) => [{ kind: 'duplicate', at: when(at), which }] },
    ...(isAloft
      ? [{ label: 'Deliver now', acts: (at: number): readonly Act[] => [{ kind: 'deliver', at, which }] }]
      : []),
    ...(flight.fate === 'lost' && flight.why === 'dropped'
      ? [
          {
            label: 'What if it had arrived?',
            // Said before it is sent, so that it takes as long as any other.
            acts: (): readonly Act[] => [
              { kind: 'deliver', at: Math.max(0, Math.floor(flight.sentAt) - 1), which },
            ],
          },
        ]
      : []),
    always,
  ];
}

/** The acts of an offer, with the ms that were asked for in place of its own. */
export function withMs(acts: readonly Act[], ms: number): readonly Act[] {
  return acts.map((act) => {
    if ('byMs' in act) return { ...act, byMs: ms } as Act;
    if (act.kind === 'timer') return { ...act, toMs: ms };
    return 'forMs' in act ? ({ ...act, forMs: ms } as Act) : act;
  });
}
