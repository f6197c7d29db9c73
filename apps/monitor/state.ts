/**
 * The cluster as a value: what each watched address says of its peer. Pure: every happening gives another cluster, and the
 * events that it amounts to, in the order in which people would tell them.
 */
import type { Facts } from '../node/report.js';
import type { SeenBeliefs, SeenRecord, SeenStatus } from './seen.js';

/** What is known of one watched address. */
export interface Face {
  readonly origin: string;
  readonly answers: 'not-yet' | 'yes' | 'no';
  /** The last word of its peer, also while it does not answer; null before the first. */
  readonly status: SeenStatus | null;
  readonly beliefs: SeenBeliefs;
}

export interface Cluster {
  /** In the order of the addresses. */
  readonly faces: readonly Face[];
}

/** One thing that happened, with its facts and how a person reads it. */
export interface MonitorEvent {
  readonly event: string;
  readonly facts: Facts;
  readonly words: string;
  /** It is about who leads, or something went wrong. */
  readonly isWeighty: boolean;
}

export type Happening =
  | {
      readonly type: 'answered';
      readonly origin: string;
      readonly status: SeenStatus;
      readonly beliefs: SeenBeliefs;
    }
  | { readonly type: 'silent'; readonly origin: string; readonly reason: string }
  | { readonly type: 'recorded'; readonly origin: string; readonly record: SeenRecord };

export interface Outcome {
  readonly cluster: Cluster;
  readonly events: readonly MonitorEvent[];
}

export const openCluster = (origins: readonly string[]): Cluster => ({
  faces: origins.map((origin) => ({ origin, answers: 'not-yet', status: null, beliefs: [] })),
});

/** What follows from `happening`. The same cluster again when nothing has changed that anybody could see. */
export function advance(cluster: Cluster, happening: Happening): Outcome {
  const face = cluster.faces.find(({ origin }) => origin === happening.origin);
  if (face === undefined) return { cluster, events: [] };
  switch (happening.type) {
    case 'answered': {
      const { status, beliefs } = happening;
      return changed(cluster, face, { answers: 'yes', status, beliefs }, newsOf(face, happening));
    }
    case 'silent':
      return face.answers === 'no'
        ? { cluster, events: [] }
        : changed(cluster, face, { answers: 'no' }, [silence(face, happening.reason)]);
    case 'recorded': {
      const told = toldBy(face, happening.record);
      return { cluster, events: told === null ? [] : [told] };
    }
    default:
      return happening satisfies never;
  }
}

function changed(
  cluster: Cluster,
  face: Face,
  what: Partial<Face>,
  events: readonly MonitorEvent[],
): Outcome {
  const next: Face = { ...face, ...what };
  if (events.length === 0 && JSON.stringify(next) === JSON.stringify(face)) return { cluster, events };
  return { cluster: { faces: cluster.faces.map((one) => (one === face ? next : one)) }, events };
}

const event = (name: string, facts: Facts, words: string, isWeighty = true): MonitorEvent => ({
  event: name,
  facts,
  words,
  isWeighty,
});

const nameOf = ({ status, origin }: Face): string => status?.id ?? origin;

const silence = (face: Face, reason: string): MonitorEvent =>
  event(
    'silent',
    { peer: face.status?.id ?? null, http: face.origin, reason },
    `${nameOf(face)} is not answering: ${reason}`,
  );

/** How what a peer says differs from what it has said before. */
function newsOf(face: Face, { origin, status, beliefs }: Extract<Happening, { type: 'answered' }>) {
  const { status: before } = face;
  const peer = status.id;
  const events: MonitorEvent[] = [];
  const isAnother = before === null || before.pid !== status.pid || before.id !== peer;
  if (face.answers !== 'yes' || isAnother)
    events.push(
      event(
        'answers',
        { peer, http: origin, pid: status.pid, cluster: status.cluster },
        `${peer} answers at ${origin}${before !== null && isAnother ? ', started anew' : ''}`,
      ),
    );
  const { coordinator, view, role, term } = status;
  if (role !== before?.role) events.push(event('role', { peer, role }, `${peer} is ${role}`, false));
  if (coordinator !== before?.coordinator || (coordinator !== null && term.n !== before.term.n))
    events.push(
      event(
        'coordinator',
        { peer, id: coordinator, term: term.n },
        coordinator === null
          ? `${peer} follows nobody, term ${term.n}`
          : `${peer} ${coordinator === peer ? 'leads' : `follows ${coordinator}`}, term ${term.n}`,
      ),
    );
  if (view.number !== before?.view.number) {
    const members = view.members.map(({ id }) => id);
    events.push(
      event(
        'view',
        { peer, number: view.number, members },
        `${peer} sees view ${view.number}: ${members.join(', ')}`,
        false,
      ),
    );
  }
  return [...events, ...suspicions(peer, isAnother ? [] : face.beliefs, beliefs)];
}

function suspicions(peer: string, before: SeenBeliefs, now: SeenBeliefs): readonly MonitorEvent[] {
  const was = new Map(before.map(({ id, state }) => [id, isMissed(state)]));
  return now.flatMap(({ id, state }) => {
    if (isMissed(state) === (was.get(id) ?? false)) return [];
    return isMissed(state)
      ? [event('suspected', { peer, id, state }, `${peer} misses ${id}: ${state}`)]
      : [event('trusted', { peer, id }, `${peer} hears ${id} again`)];
  });
}

/** Whether a belief means that a member is not heard. */
export const isMissed = (state: string): boolean =>
  state === 'suspected' || state === 'failed' || state === 'unreachable';

/** Machines whose every step is a step of an election. */
const TOLD = /^(election|sequencer|failure-detector:.+)$/;

function toldBy(
  face: Face,
  { k, a, ev, st, was, lost, code, detail, words }: SeenRecord,
): MonitorEvent | null {
  const peer = nameOf(face);
  if (k === 'fault') {
    const trouble = words ?? detail ?? code ?? ev ?? 'unknown';
    const said = words === undefined ? `${peer} has trouble: ${trouble}` : `done to ${peer}: ${trouble}`;
    return event('fault', { peer, code: code ?? null, detail: trouble }, said);
  }
  if (k === 'gap')
    return event(
      'gap',
      { peer, records: lost ?? null },
      `${peer}: ${lost ?? 'some'} records were left out`,
      false,
    );
  if (k !== 'transition' || a === undefined || st === undefined || was === undefined || !TOLD.test(a))
    return null;
  const [from, to] = [officeIn(was), officeIn(st)];
  if (from === to) return null;
  return event(
    'state',
    { peer, machine: a, was: from, now: to, on: ev ?? null },
    `${peer} ${a.replace('failure-', '')} → ${to}`,
    a === 'election',
  );
}

/** Of regions side by side the first, which says what a machine is at; the others beat and listen. */
const officeIn = (state: string): string => state.replace(/\{([^,{}]*).*$/, '$1');
