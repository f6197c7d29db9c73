/**
 * The peer's words: facts turned into what other machines hear, and into what the public handle reports. What strangers
 * said goes to logs and terminals from here, so here it is made harmless.
 */
import { membersOf } from '../machines/values/configuration.js';
import { printable } from '../transport/codec.js';
import type { Report } from './environment.js';
import type { PeerCommand, PeerEvent } from './peer-events.js';
import type { PeerContext } from './peer-rules.js';

type Event = PeerEvent | PeerCommand;
interface Now<E = Event> {
  readonly context: PeerContext;
  readonly event: E;
}
type Of<Type extends Event['type']> = Extract<Event, { type: Type }>;

/** An event for the sequencer, with the time it gives to entries. */
export const timed = <E extends object>({ context, event }: Now<E>): E & { readonly at: number } => ({
  ...event,
  at: Math.floor(context.environment.wallClock()),
});

export const ourselvesFollowed = ({ context, event }: Now<Of<'term.established'>>) => ({
  type: 'coordinator.followed' as const,
  coordinator: context.me.id,
  term: event.term,
});

export const coordinator = ({
  event,
}: Now<Of<'coordinator.followed' | 'coordinator.announced' | 'coordinator.relayed'>>): Report => ({
  type: 'coordinator',
  coordinator: event.coordinator,
  term: event.term,
});

export const ourselvesCoordinate = ({ context, event }: Now<Of<'term.established'>>): Report => ({
  type: 'coordinator',
  coordinator: context.me.id,
  term: event.term,
});

export const readable = ({ event: { upTo, index } }: Now<Of<'reading.granted'>>): Report => ({
  type: 'readable',
  upTo,
  index,
});

export const reading = ({ event: { client, id } }: Now<Of<'client.reading'>>): Report => ({
  type: 'reading',
  client,
  id,
});

export const broadcasts = ({ event: { messages } }: Now<Of<'broadcasts.delivered'>>): Report => ({
  type: 'broadcasts',
  messages,
});

/** Whom the causal channel speaks to. */
export const othersChanged = ({ context, event }: Now<Of<'configuration.changed'>>) => ({
  type: 'others.changed' as const,
  others: membersOf(event.configuration)
    .map(({ id }) => id)
    .filter((id) => id !== context.me.id),
});

export const failure = ({ event }: Now<Of<'journal.failed' | 'link.failed'>>): Report => ({
  type: 'failed',
  code: event.code === 'not-permitted' ? 'bad-address' : event.code,
  detail: event.detail,
});

export const warning = ({ event }: Now<Of<'link.warning'>>): Report => ({
  type: 'warning',
  code: event.code,
  detail: printable(event.detail),
});

export const lost = ({ event }: Now<Of<'deliveries.lost'>>): Report => ({ type: 'lost', lost: event.lost });

export const damaged = (what: string): Report => ({
  type: 'warning',
  code: 'data-damaged',
  detail: `part of what was on the disk is gone (${what}): this peer has no vote until it has learnt it again`,
});

export const recovery = (): Report => ({
  type: 'warning',
  code: 'data-recovered',
  detail: 'what had gone from the disk is there again: this peer votes',
});

export const divergence = ({ event }: Now<Of<'member.diverged'>>): Report => ({
  type: 'warning',
  code: 'state-diverged',
  detail: `${event.member} has derived another state from the same entries: it is to drop it, and to begin anew`,
});

export const dropping = (): Report => ({
  type: 'failed',
  code: 'state-diverged',
  detail:
    'this peer had derived another state than the others from the same entries, and has dropped it: start it again, and it ' +
    'learns the state anew',
});

export const full = (): Report => ({
  type: 'warning',
  code: 'disk-full',
  detail:
    'there is no room on the disk: this peer keeps nothing more, acknowledges nothing, and waits for room',
});

export const emptied = (): Report => ({
  type: 'warning',
  code: 'disk-has-room',
  detail: 'there is room on the disk again: this peer goes on',
});

export const slow = (): Report => ({
  type: 'warning',
  code: 'disk-slow',
  detail: 'the disk takes very long: this peer does not coordinate while another one can',
});

export const quick = (): Report => ({
  type: 'warning',
  code: 'disk-keeps-up',
  detail: 'the disk has not been slow for a while: this peer may coordinate again',
});

export const declined = ({ event }: Now): Report =>
  event.type === 'election.decline'
    ? { type: 'declined', to: event.to, reason: event.reason }
    : { type: 'pulse' };

/** Ours, not a stranger's: a machine threw. Nothing may go on without it. */
export const crash = ({ event }: Now<{ readonly type: string }>): Report => ({
  type: 'failed',
  code: 'defect',
  detail: `${event.type.replace('xstate.error.actor.', '')} has died: ${messageIn(event)}`,
});

const messageIn = (event: object): string =>
  'error' in event && event.error instanceof Object && 'message' in event.error
    ? printable(String(event.error.message).replaceAll('\n', ' '))
    : 'no reason';

export const refusal = ({ event }: Now<Of<'connection.refused'>>): Report => ({
  type: 'failed',
  code:
    event.code === 'cluster-mismatch' || event.code === 'version-mismatch' || event.code === 'mode-mismatch'
      ? event.code
      : 'duplicate-id',
  detail: printable(event.detail),
});

export const refusalWarning = ({ event }: Now<Of<'connection.refused'>>): Report =>
  event.by === 'here'
    ? { type: 'warning', code: 'stranger-refused', detail: `turned a peer away: ${printable(event.detail)}` }
    : { type: 'warning', code: event.code, detail: printable(event.detail) };

export const expulsion = ({ context, event }: Now<Of<'member.refused'>>): Report => ({
  type: 'failed',
  code: event.code,
  detail:
    event.code === 'duplicate-id'
      ? `a live peer of the cluster has the id ${context.me.id} already: use another --id, or stop that one`
      : 'the cluster holds as many members as it may: let one leave first',
});

export const stillLooking = ({ context }: Now): Report => ({
  type: 'warning',
  code: 'looking-for-cluster',
  detail:
    context.options.seeds.length === 0 && (context.environment.discovery ?? null) === null
      ? 'belongs to no cluster and knows no seed: start it with --bootstrap to found one, or with --seed HOST:PORT to join one'
      : `still looking for a cluster: ${context.options.seeds.length === 0 ? 'nobody found lets it in yet' : `none of the seeds ${context.options.seeds.join(', ')} lets it in yet`}`,
});
