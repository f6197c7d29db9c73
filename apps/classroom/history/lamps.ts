/** What must hold, watched while a history grows. A lamp that is broken stays so, and knows the event that broke it. */
import type { PeerId } from '../contract.js';
import type { Lamp, LampName } from './bands.js';
import type { Entry } from './entry.js';
import type { Core, Place } from './world.js';

const WORDS: Readonly<Record<LampName, string>> = {
  'one-leader-per-term': 'at most one leader per term',
  'highest-leads': 'leader is highest live member (eventually)',
  'same-order': 'no two peers deliver different messages at one number',
  'no-gap': 'no gap delivered',
  'causal-order': 'causal order respected',
};

/** The simulator's own invariants that say the same; the others light the lamp they are nearest to. */
const OF_INVARIANT: Readonly<Record<string, LampName>> = {
  I1: 'one-leader-per-term',
  I2: 'one-leader-per-term',
  L2: 'highest-leads',
  I9: 'same-order',
  I10: 'no-gap',
  I11: 'causal-order',
};

/** A lamp went out here for good. */
export interface Break {
  readonly name: LampName;
  readonly index: number;
  readonly detail: string;
}

export interface Lamps {
  readonly note: (after: Core, entry: Entry) => void;
  readonly at: (place: Place, core: Core) => readonly Lamp[];
  /** All that was broken, in order; of each lamp only the first. */
  readonly breaks: readonly Break[];
}

/** Watches from the first event on. */
export function createLamps(): Lamps {
  const breaks: Break[] = [];
  const messageAt = new Map<number, { readonly text: string; readonly peer: PeerId }>();
  const lastOf = new Map<string, number>();
  let firstDelivery: number | null = null;
  let firstNamed: number | null = null;
  let firstCausal: number | null = null;

  const breakOne = (name: LampName, { index }: Entry, detail: string) => {
    if (!breaks.some((one) => one.name === name)) breaks.push({ name, index, detail });
  };

  /** A term is a number and an owner, who alone may lead it: two may well lead under one number, one after the other. */
  const noteLeader = (entry: Entry) => {
    const { p, role, term, owner } = entry;
    if (role !== 'coordinator' || typeof owner !== 'string' || owner === p) return;
    breakOne('one-leader-per-term', entry, `${p} leads in term ${String(term)}, which belongs to ${owner}`);
  };
  const noteMessage = (entry: Entry, sequence: number) => {
    const {
      origin = '',
      text = '',
      term = '',
      p,
    } = entry as Entry & Record<'origin' | 'text' | 'term', unknown>;
    firstNamed ??= entry.index;
    const words = `“${String(text)}” of ${String(origin)}`;
    const identity = typeof entry.id === 'string' ? entry.id : `${words}, term ${String(term)}`;
    const known = messageAt.get(sequence);
    if (known === undefined) messageAt.set(sequence, { text: identity, peer: p });
    else if (known.text !== identity)
      breakOne(
        'same-order',
        entry,
        `at number ${sequence}, ${p} delivers ${identity}; ${known.peer} had ${known.text}`,
      );
  };
  const lifeOf = (after: Core, p: PeerId) => `${p}/${after.peers[p]?.lives ?? 0}`;
  const forgetNumbers = (after: Core, { p }: Entry) => {
    for (const order of ['delivered', 'committed']) lastOf.delete(`${lifeOf(after, p)}/${order}`);
  };
  const noteNumber = (after: Core, entry: Entry, first: number, last: number, order: string) => {
    const { p } = entry;
    const life = `${lifeOf(after, p)}/${order}`;
    const before = lastOf.get(life);
    lastOf.set(life, last);
    if (before !== undefined && first > before + 1)
      breakOne('no-gap', entry, `${p} delivers number ${first} right after ${before}`);
  };
  const noteDelivery = (after: Core, entry: Entry) => {
    const { first, count, sequence } = entry;
    if (entry.channel === 'causal') {
      firstCausal ??= entry.index;
      return;
    }
    firstDelivery ??= entry.index;
    if (typeof sequence === 'number') {
      noteMessage(entry, sequence);
      noteNumber(after, entry, sequence, sequence, 'delivered');
    } else if (typeof first === 'number' && typeof count === 'number')
      noteNumber(after, entry, first, first + count - 1, 'committed');
  };

  const isSeen = (first: number | null, { index }: Place) => first !== null && first <= index;
  const stateAt = (name: LampName, place: Place, core: Core): Omit<Lamp, 'name' | 'words'> => {
    const broken = breaks.find((one) => one.name === name && one.index <= place.index);
    if (broken !== undefined) return { state: 'broken', index: broken.index, detail: broken.detail };
    const holds = { state: 'holds', index: null, detail: '' } as const;
    const unknown = (detail: string) => ({ state: 'unknown', index: null, detail }) as const;
    switch (name) {
      case 'highest-leads':
        return highestLeads(core);
      case 'one-leader-per-term':
        return core.hasBegun ? holds : unknown('nobody has led yet');
      case 'same-order':
        if (isSeen(firstNamed, place)) return holds;
        return unknown(
          isSeen(firstDelivery, place)
            ? 'this trace does not tell what was delivered'
            : 'nothing was delivered yet',
        );
      case 'no-gap':
        return isSeen(firstDelivery, place) ? holds : unknown('nothing was delivered yet');
      case 'causal-order':
        return isSeen(firstCausal, place)
          ? holds
          : unknown('nothing was delivered on the causal channel yet');
      default:
        return name satisfies never;
    }
  };

  return {
    breaks,
    note: (after, entry) => {
      if (entry.k === 'status') noteLeader(entry);
      if (entry.k === 'delivery') noteDelivery(after, entry);
      // A state that is received whole comes in place of the entries behind it.
      if ((entry.ev ?? '').includes('snapshot')) forgetNumbers(after, entry);
      if (entry.k === 'violation') {
        const name = OF_INVARIANT[String(entry.invariant ?? '')];
        if (name !== undefined) breakOne(name, entry, entry.words ?? 'the simulator found it broken');
      }
    },
    at: (place, core) =>
      (Object.keys(WORDS) as LampName[]).map((name) => ({
        name,
        words: WORDS[name],
        ...stateAt(name, place, core),
      })),
  };
}

/** Eventually: while it is not so it may become so, and never counts as broken. */
function highestLeads(core: Core): Omit<Lamp, 'name' | 'words'> {
  const live = core.ids.filter((id) => core.peers[id]?.condition === 'up');
  const highest = live.at(-1);
  const [leader] = core.leaders;
  const notYet = (detail: string) => ({ state: 'not yet', index: null, detail }) as const;
  if (highest === undefined) return { state: 'unknown', index: null, detail: 'nobody runs' };
  if (core.leaders.length > 1) return notYet(`${core.leaders.join(' and ')} lead at once`);
  if (leader === undefined) return notYet('nobody leads');
  return leader === highest
    ? { state: 'holds', index: null, detail: '' }
    : notYet(`${leader} leads, and ${highest} runs`);
}
