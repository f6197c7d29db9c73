/** One event, as it changes what is known of one peer. */
import type { PeerId } from '../contract.js';
import { DETECTOR, isOver, roleIn, suspicionIn } from './charts.js';
import type { Entry } from './entry.js';
import type { ActorFace, Condition, PeerFace } from './world.js';

/** A peer that the trace has named, and that was not started yet. */
export const newFace = (id: PeerId): PeerFace => ({
  id,
  condition: 'absent',
  conditionSince: 0,
  role: 'unjoined',
  roleSince: 0,
  follows: null,
  term: 0,
  view: 0,
  members: [],
  commit: 0,
  delivered: 0,
  suspicion: {},
  actors: {},
  timers: [],
  lives: 0,
  lastIndex: -1,
  lastMs: 0,
  isDeaf: false,
  isMute: false,
});

export const withCondition = (face: PeerFace, condition: Condition, at: number): PeerFace =>
  face.condition === condition ? face : { ...face, condition, conditionSince: at };

/** Its process is gone: what it was in the middle of is gone too; what it last believed stays for the picture. */
export const ended = (face: PeerFace, condition: Condition, at: number): PeerFace => ({
  ...withCondition(face, condition, at),
  timers: [],
  isDeaf: false,
  isMute: false,
});

/**
 * @param tellsStatus - the trace has `status` records of this peer, so that its charts need not be read for them.
 * @returns the same object when nothing that a pane shows has changed.
 */
export function foldPeer(face: PeerFace, entry: Entry, tellsStatus: boolean): PeerFace {
  const seen: PeerFace = { ...face, lastIndex: entry.index, lastMs: entry.t };
  const next = foldKind(seen, entry);
  return tellsStatus ? next : inferred(next, entry);
}

function foldKind(face: PeerFace, entry: Entry): PeerFace {
  const { k, a = '', ev = '', t } = entry;
  switch (k) {
    case 'actor':
      return started(face, entry);
    case 'transition':
      return moved(face, entry);
    case 'timer-set': {
      const others = face.timers.filter((timer) => timer.actor !== a || timer.event !== ev);
      return { ...face, timers: [...others, { actor: a, event: ev, setAt: t, due: entry.due ?? t }] };
    }
    case 'timer':
    case 'timer-cleared':
      if (!face.timers.some((timer) => timer.actor === a && timer.event === ev)) return face;
      return { ...face, timers: face.timers.filter((timer) => timer.actor !== a || timer.event !== ev) };
    case 'delivery':
      return delivered(face, entry);
    case 'status':
      return withStatus(face, entry);
    default:
      return face;
  }
}

function started(face: PeerFace, { a = '', machine, st = '', t }: Entry): PeerFace {
  const actor: ActorFace = {
    machine: typeof machine === 'string' ? machine : null,
    state: st,
    since: t,
    heard: null,
  };
  const isNewLife = a === 'peer' && (face.condition !== 'up' || face.actors.peer === undefined);
  const suspicion = a.startsWith(DETECTOR)
    ? { ...face.suspicion, [a.slice(DETECTOR.length)]: suspicionIn(st) }
    : face.suspicion;
  if (!isNewLife) return { ...face, suspicion, actors: { ...face.actors, [a]: actor } };
  const { id, lastIndex, lastMs, lives, delivered } = face;
  return {
    ...newFace(id),
    condition: 'up',
    conditionSince: t,
    roleSince: t,
    lives: lives + 1,
    delivered: lives === 0 ? 0 : delivered,
    lastIndex,
    lastMs,
    actors: { peer: actor },
  };
}

function moved(face: PeerFace, { a = '', ev = '', st = '', was, t, index }: Entry): PeerFace {
  const before = face.actors[a];
  const isChange = was !== undefined && was !== st;
  const actor: ActorFace = {
    machine: before?.machine ?? null,
    state: st,
    since: isChange || before === undefined || before.state !== st ? t : before.since,
    heard: { index, event: ev, was: isChange ? was : null },
  };
  const { [a]: _, ...others } = face.actors;
  const actors = isOver(a, st) ? others : { ...face.actors, [a]: actor };
  const isUp = face.condition === 'absent' ? withCondition(face, 'up', t) : face;
  const next = { ...isUp, actors };
  if (a === 'peer' && st === 'stopped') return ended(next, 'stopped', t);
  if (a === 'peer' && ev === 'member.left') return ended(next, 'left', t);
  if (!a.startsWith(DETECTOR)) return next;
  const member = a.slice(DETECTOR.length);
  const suspicion = suspicionIn(st);
  return next.suspicion[member] === suspicion
    ? next
    : { ...next, suspicion: { ...next.suspicion, [member]: suspicion } };
}

function delivered(face: PeerFace, entry: Entry): PeerFace {
  const { first, count, sequence } = entry;
  if (typeof sequence === 'number') return { ...face, delivered: Math.max(face.delivered, sequence) };
  return typeof first === 'number' && typeof count === 'number' && entry.channel === undefined
    ? { ...face, delivered: Math.max(face.delivered, first + count - 1) }
    : face;
}

const count = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise;

function withStatus(face: PeerFace, { role, coordinator, term, view, members, commit, t }: Entry): PeerFace {
  const named = typeof role === 'string' ? role : face.role;
  const isDown = named === 'down' && face.condition !== 'crashed';
  const listed = Array.isArray(members)
    ? members.filter((id): id is string => typeof id === 'string')
    : undefined;
  return {
    ...(isDown ? ended(face, 'crashed', t) : face),
    role: named,
    roleSince: named === face.role ? face.roleSince : t,
    follows: typeof coordinator === 'string' ? coordinator : coordinator === null ? null : face.follows,
    term: count(term, face.term),
    view: count(view, face.view),
    members: listed ?? face.members,
    commit: count(commit, face.commit),
  };
}

/** Words in which only a coordinator speaks. */
const OFFICIAL = new Set(['sequencer.append', 'election.coordinator', 'sequencer.open']);

/** Role, coordinator and term, where the trace tells no status: from its charts, and from whom it hears as coordinator. */
function inferred(face: PeerFace, entry: Entry): PeerFace {
  const { k, ev = '', fr, t, st = '', was } = entry;
  const term = Math.max(face.term, count(entry.term, 0));
  if (k === 'receive' && fr !== undefined && OFFICIAL.has(ev) && count(entry.term, 0) >= face.term)
    return { ...face, follows: face.role === 'coordinator' ? face.follows : fr, term };
  if (k === 'send' && term > face.term && OFFICIAL.has(ev)) return { ...face, term };
  if (k !== 'transition' || was === undefined || was === st) return face;
  const role = roleIn((actor) => face.actors[actor]?.state ?? '');
  if (role === face.role) return face;
  const follows = role === 'coordinator' ? face.id : role === 'candidate' ? null : face.follows;
  return { ...face, role, roleSince: t, follows };
}
