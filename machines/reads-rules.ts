/** Who has read how far, and who still obeys (reads.ts). Pure. */
import type { Configuration, PeerId, ReadsMessage, Term } from '../transport/protocol.js';
import type { ReadsEvent, ReadsInput } from './reads.js';
import { isSeated, membersOf, NO_CONFIGURATION } from './values/configuration.js';
import { isQuorum } from './values/quorum.js';

/** Readers that wait at a coordinator: each member has one request at a time. */
const READERS_MAX = 256;

/** A member's request, and how far the log was committed when it came. */
interface Reader {
  readonly from: PeerId;
  readonly id: number;
  readonly index: number;
  /** For whom it asks, if not for itself. */
  readonly reader?: PeerId | undefined;
}

export interface Context extends ReadsInput {
  readonly coordinator: PeerId | null;
  /** Readings are numbered: so many are wanted, were asked for in the last request, and have been granted. */
  readonly wanted: number;
  readonly asked: number;
  readonly settled: number;
  readonly request: number;
  readonly term: Term | null;
  readonly configuration: Configuration;
  readonly round: number;
  /** Whom this round is for, who waits for the next, and who has said that it obeys. */
  readonly readers: readonly Reader[];
  readonly next: readonly Reader[];
  readonly confirmers: readonly PeerId[];
}

export interface Letter {
  readonly to: readonly PeerId[];
  readonly message: ReadsMessage;
}

interface Now {
  readonly context: Context;
  readonly event: ReadsEvent;
}
type Patch = Partial<Context>;

export const initialContext = (input: ReadsInput): Context => ({
  ...input,
  coordinator: null,
  wanted: 0,
  asked: 0,
  settled: 0,
  request: 0,
  term: null,
  configuration: NO_CONFIGURATION,
  round: 0,
  readers: [],
  next: [],
  confirmers: [],
});

export const want = ({ wanted }: Context, event: ReadsEvent): Patch =>
  event.type === 'reading.wanted' ? { wanted: Math.max(wanted, event.number) } : {};

/** The newer request of a member takes the place of its older one. */
export function queue({ next }: Context, event: ReadsEvent): Patch {
  if (event.type !== 'reads.ask') return {};
  const { from, id, commit, reader } = event;
  const others = next.filter((one) => one.from !== from || one.reader !== reader);
  return { next: [...others, { from, id, index: commit, reader }].slice(0, READERS_MAX) };
}

export const openRound = ({ next, round, me }: Context): Patch => ({
  round: round + 1,
  readers: next,
  next: [],
  confirmers: [me.id],
});

export function noteConfirmation(context: Context, event: ReadsEvent): Patch {
  if (event.type !== 'reads.confirmed') return {};
  const { term, round, from, incarnation } = event;
  const isOurs = term.n === context.term?.n && term.owner === context.term.owner && round === context.round;
  if (!isOurs || !isSeated(context.configuration, from, incarnation)) return {};
  return { confirmers: [...new Set([...context.confirmers, from])] };
}

export const isConfirmed = ({ isClassic, configuration, confirmers }: Context): boolean =>
  isClassic || isQuorum(configuration, new Set(confirmers));

export const ask = ({ context: { me, coordinator, request } }: Now) => ({
  letters:
    coordinator === null
      ? []
      : [{ to: [coordinator], message: { type: 'reads.ask' as const, from: me.id, id: request } }],
});

export const answer = ({ context, event }: Now) => ({
  upTo: context.asked,
  index: event.type === 'reads.grant' ? event.index : 0,
});

export function confirm({ context: { me, term, round, configuration } }: Now) {
  const to = membersOf(configuration)
    .map(({ id }) => id)
    .filter((id) => id !== me.id);
  const letters: readonly Letter[] =
    term === null ? [] : [{ to, message: { type: 'reads.confirm', from: me.id, term, round } }];
  return { letters };
}

export const grants = ({ context: { me, readers } }: Now) => ({
  letters: readers.map(
    ({ from, id, index, reader }): Letter => ({
      to: [from],
      message: { type: 'reads.grant', from: me.id, id, index, ...(reader && { reader }) },
    }),
  ),
});

/** A question is passed on once, by one that hears the coordinator: the index is the coordinator's, so it proves the same. */
export const mayPassOn = ({ coordinator, me }: Context, event: ReadsEvent): boolean =>
  event.type === 'reads.ask' && event.reader === undefined && coordinator !== null && coordinator !== me.id;

export const passOn = ({ context: { me, coordinator }, event }: Now) => {
  const { id, from } = event.type === 'reads.ask' ? event : { id: 0, from: me.id };
  const message = { type: 'reads.ask' as const, from: me.id, id, reader: from };
  return { letters: [{ to: coordinator === null ? [] : [coordinator], message }] };
};

export const isForAnother = (event: ReadsEvent): boolean =>
  event.type === 'reads.grant' && event.reader !== undefined;

export const passBack = ({ context: { me }, event }: Now) => {
  const { id, index, reader = me.id } = event.type === 'reads.grant' ? event : { id: 0, index: 0 };
  return { letters: [{ to: [reader], message: { type: 'reads.grant' as const, from: me.id, id, index } }] };
};
