/** Everything the peer actor hears: messages off the wire, facts from its children, and what the public handle asks. */

import type { Broadcast } from '../machines/causal-rules.js';
import type { Waiting } from '../machines/desk-rules.js';
import type { MembershipEvent, Proposal } from '../machines/membership-rules.js';
import type { Measurement } from '../machines/values/progress.js';
import type {
  ClientId,
  Configuration,
  Entry,
  Member,
  Message,
  PeerId,
  RefusalCode,
  Submission,
  Term,
} from '../transport/protocol.js';
import type { DeliveryFact } from './delivery.js';
import type { DiscoveryFact } from './discovery.js';
import type { JournalFact } from './journal.js';
import type { LinkFact } from './link.js';

/** What the handle asks. */
export type PeerCommand =
  | { readonly type: 'submissions.offered'; readonly submissions: readonly Submission[] }
  | { readonly type: 'peer.transfer'; readonly to: PeerId }
  | { readonly type: 'peer.drain' }
  | { readonly type: 'reading.wanted'; readonly number: number }
  | {
      readonly type: 'client.read';
      readonly client: ClientId;
      readonly id: number;
      readonly sequence: number;
    }
  | { readonly type: 'client.unread'; readonly client: ClientId; readonly id: number }
  | { readonly type: 'broadcast.wanted'; readonly topic: string; readonly payload: unknown }
  | { readonly type: 'deadlines.told'; readonly inMs: number | null }
  | { readonly type: 'peer.leave' }
  | { readonly type: 'peer.stop' };

/** Readings up to that number show enough once the log is applied up to there. */
interface CausalFact {
  readonly type: 'broadcasts.delivered';
  readonly messages: readonly Broadcast[];
}
interface TimersFact {
  readonly type: 'deadlines.wanted';
}
interface ReadsFact {
  readonly type: 'reading.granted';
  readonly upTo: number;
  readonly index: number;
}

/** What is to be done for a client. */
type DeskFact =
  | { readonly type: 'connection.visited'; readonly connection: string; readonly client: ClientId }
  | { readonly type: 'client.opening'; readonly client: ClientId; readonly nonce: string }
  | {
      readonly type: 'client.submitted';
      readonly client: ClientId;
      readonly session: number;
      readonly submissions: readonly Submission[];
    }
  | { readonly type: 'client.waiting'; readonly client: ClientId; readonly subscriptions: readonly Waiting[] }
  | { readonly type: 'client.reading'; readonly client: ClientId; readonly id: number }
  | { readonly type: 'client.dismissed'; readonly client: ClientId };

type ConnectionFact =
  | {
      readonly type: 'connection.opened';
      readonly connection: string;
      readonly remote: Member;
      readonly clusterId: string | null;
    }
  | {
      readonly type: 'connection.lost';
      readonly connection: string;
      readonly remote: PeerId | null;
      readonly reason: string;
    }
  | {
      readonly type: 'connection.refused';
      readonly connection: string;
      readonly address: string | null;
      readonly by: 'here' | 'there';
      readonly code: RefusalCode;
      readonly detail: string;
    };

type TermFact = {
  [Type in
    | 'term.established'
    | 'term.abandoned'
    | 'term.promised'
    | 'term.ended'
    | 'coordination.started'
    | 'handover.offered']: {
    readonly type: Type;
    readonly term: Term;
  };
}[
  | 'term.established'
  | 'term.abandoned'
  | 'term.promised'
  | 'term.ended'
  | 'coordination.started'
  | 'handover.offered'];

type ProtocolFact =
  | TermFact
  | {
      readonly type:
        | 'member.suspected'
        | 'member.unreached'
        | 'member.trusted'
        | 'member.missed'
        | 'member.absent'
        | 'member.leaving'
        | 'member.left';
      readonly member: PeerId;
    }
  | { readonly type: 'member.doubted'; readonly member: PeerId; readonly round: number }
  | { readonly type: 'member.refused'; readonly code: 'duplicate-id' | 'cluster-full' }
  | { readonly type: 'address.located'; readonly address: string }
  | { readonly type: 'candidacy.won'; readonly handoverOf: Term | null }
  | {
      readonly type: 'coordinator.followed' | 'coordinator.announced';
      readonly coordinator: PeerId;
      readonly term: Term;
    }
  | {
      readonly type: 'coordinator.relayed';
      readonly coordinator: PeerId;
      readonly through: PeerId;
      readonly term: Term;
    }
  | { readonly type: 'coordinator.lost'; readonly term: Term }
  | { readonly type: 'office.yielded'; readonly successor: PeerId }
  | { readonly type: 'office.vacant' }
  | { readonly type: 'self.stalled' }
  | { readonly type: 'handover.failed'; readonly successor: PeerId }
  | { readonly type: 'meeting.agreed' | 'meeting.founded'; readonly entry: Entry }
  | { readonly type: 'meeting.ended' }
  | { readonly type: 'meeting.recorded'; readonly configuration: Configuration }
  | { readonly type: 'log.committed'; readonly commit: number }
  | { readonly type: 'log.rewritten'; readonly from: number; readonly lost: readonly Entry[] }
  | { readonly type: 'log.compacted'; readonly lastIndex: number }
  | { readonly type: 'log.recovered' | 'log.dropped'; readonly term: Term }
  | { readonly type: 'member.diverged'; readonly member: PeerId }
  | Extract<MembershipEvent, { type: 'configuration.changed' }>
  | ({ readonly type: 'followers.measured' } & Measurement)
  | { readonly type: 'entry.proposed'; readonly draft: Proposal };

/** A machine threw. */
interface Crash {
  readonly type: `xstate.error.actor.${string}`;
  readonly error: unknown;
}

export type PeerEvent =
  | Crash
  | Message
  | LinkFact
  | DiscoveryFact
  | ConnectionFact
  | DeskFact
  | ReadsFact
  | TimersFact
  | CausalFact
  | ProtocolFact
  | JournalFact
  | DeliveryFact;
