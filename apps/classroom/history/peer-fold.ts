/** One event, as it changes what one peer is known for. */
import type { PeerId } from '../contract.js';
import { DETECTOR, roleIn, suspicionIn } from './charts.js';
import type { Entry } from './entry.js';
import type { Condition, PeerCore, RoleChart } from './world.js';

const NO_CHARTS: PeerCore['charts'] = { peer: '', membership: '', election: '', sequencer: '' };

/** A peer that the trace has named, and that was not started yet. */
export const newCore = (id: PeerId): PeerCore => ({
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
  suspicion: {},
  charts: NO_CHARTS,
  lives: 0,
  bornIndex: -1,
  isDeaf: false,
  isMute: false,
});

export const withCondition = (core: PeerCore, condition: Condition, at: number): PeerCore =>
  core.condition === condition ? core : { ...core, condition, conditionSince: at };

/** What each peer's own records say. Answers the same object when nothing has changed. */
export function foldPeer(core: PeerCore, entry: Entry, tellsStatus: boolean): PeerCore {
  switch (entry.k) {
    case 'actor':
      return started(core, entry);
    case 'transition': {
      const moved = transitioned(core, entry);
      return tellsStatus || moved === core ? moved : inferred(moved, entry.t);
    }
    case 'status':
      return withStatus(core, entry);
    case 'send':
    case 'receive':
      return tellsStatus ? core : overheard(core, entry);
    default:
      return core;
  }
}

function started(core: PeerCore, { a = '', st = '', t, index }: Entry): PeerCore {
  const isNewLife = a === 'peer' && (core.condition !== 'up' || core.charts.peer === '');
  return isNewLife
    ? withChart(bornAgain(core, t, index), a, st)
    : withChart(withSuspicion(core, a, st), a, st);
}

const bornAgain = (core: PeerCore, t: number, index: number): PeerCore => ({
  ...newCore(core.id),
  condition: 'up',
  conditionSince: t,
  roleSince: t,
  lives: core.lives + 1,
  bornIndex: index,
  isDeaf: core.isDeaf,
  isMute: core.isMute,
});

function transitioned(core: PeerCore, { a = '', ev = '', st = '', t, index }: Entry): PeerCore {
  // Live, the beginning of another life may be missed; what is told at the moment of a crash was before it.
  const isBack = core.condition === 'crashed' && t > core.conditionSince;
  const present = core.condition === 'absent' ? withCondition(core, 'up', t) : core;
  const up = isBack ? bornAgain(core, t, index) : present;
  if (a === 'peer' && st === 'stopped' && core.condition !== 'left') return withCondition(up, 'stopped', t);
  if (a === 'peer' && ev === 'member.left') return withCondition(withChart(up, a, st), 'left', t);
  return withChart(withSuspicion(up, a, st), a, st);
}

function withSuspicion(core: PeerCore, actor: string, state: string): PeerCore {
  if (!actor.startsWith(DETECTOR)) return core;
  const member = actor.slice(DETECTOR.length);
  const suspicion = suspicionIn(state);
  return core.suspicion[member] === suspicion
    ? core
    : { ...core, suspicion: { ...core.suspicion, [member]: suspicion } };
}

const isRoleChart = (actor: string): actor is RoleChart => actor in NO_CHARTS;

const withChart = (core: PeerCore, actor: string, state: string): PeerCore =>
  isRoleChart(actor) && core.charts[actor] !== state
    ? { ...core, charts: { ...core.charts, [actor]: state } }
    : core;

const numberOr = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise;

function withStatus(core: PeerCore, entry: Entry): PeerCore {
  const { role, coordinator, term, view, members, commit, t } = entry;
  // The process is gone; whether by a fault of ours or by itself.
  if (role === 'down')
    return core.condition === 'left' || core.condition === 'stopped'
      ? core
      : withCondition(core, 'crashed', t);
  const named = typeof role === 'string' ? role : core.role;
  const listed = Array.isArray(members)
    ? members.filter((id): id is string => typeof id === 'string')
    : undefined;
  // Whoever says something of itself runs.
  const isBack = core.condition === 'absent' || core.condition === 'crashed';
  const up = isBack ? withCondition(core, 'up', t) : core;
  return {
    ...up,
    role: named,
    roleSince: named === core.role ? core.roleSince : t,
    follows: typeof coordinator === 'string' ? coordinator : coordinator === null ? null : core.follows,
    term: numberOr(term, core.term),
    view: numberOr(view, core.view),
    members: listed ?? core.members,
    commit: numberOr(commit, core.commit),
  };
}

/** Role, where the trace tells no status: from its charts. */
function inferred(core: PeerCore, t: number): PeerCore {
  const role = roleIn((chart) => core.charts[chart]);
  if (role === core.role) return core;
  const follows = role === 'coordinator' ? core.id : role === 'candidate' ? null : core.follows;
  return { ...core, role, roleSince: t, follows };
}

/** Words in which only a coordinator speaks. */
const OFFICIAL = new Set(['sequencer.append', 'election.coordinator', 'sequencer.open']);

/** Coordinator and term, where the trace tells no status: from whom it hears in that office. */
function overheard(core: PeerCore, { k, ev = '', fr, term: told }: Entry): PeerCore {
  const term = numberOr(told, 0);
  if (!OFFICIAL.has(ev) || term < core.term) return core;
  const follows = k === 'receive' && fr !== undefined && core.role !== 'coordinator' ? fr : core.follows;
  return follows === core.follows && term === core.term ? core : { ...core, follows, term };
}
