/** Judging a greeting: is this a peer to talk with, and on this channel? */
import type { Incarnation, LinkMessage, PeerId, RefusalCode } from '../../transport/protocol.js';

/** How a peer introduces itself. */
export type Introduction = Omit<Extract<LinkMessage, { type: 'link.hello' }>, 'type' | 'from'>;

/** Which side dialled a channel: this peer, or the other. */
export type Dialled = 'here' | 'there';

/** Another channel that carries messages of the peer that now greets. */
export interface Rival {
  readonly incarnation: Incarnation;
  readonly dialled: Dialled;
}

export interface Refusal {
  readonly code: RefusalCode;
  /** One sentence to act on, the same for both sides: it calls the one that was dialled by its address. */
  readonly detail: string;
}

export type Verdict = { readonly verdict: 'welcome' } | ({ readonly verdict: 'refuse' } & Refusal);

/**
 * Whether to talk with the peer that introduces itself as `theirs`.
 *
 * Both sides judge, and agree: when two peers have dialled each other, the channel dialled by the higher id stays
 * (by code units: any order will do that both sides share); of two dialled by the same side, the newer.
 *
 * @param dialled - which side dialled the channel the greeting came on.
 * @param expected - whom this peer meant to reach; null when any peer will do.
 */
export function judge(
  own: Introduction,
  theirs: Introduction,
  rival: Rival | null,
  dialled: Dialled,
  expected: PeerId | null = null,
): Verdict {
  const meeting = dialled === 'here' ? { host: theirs, guest: own } : { host: own, guest: theirs };
  return (
    misunderstanding(meeting) ??
    confusion(own, theirs, meeting) ??
    stranger(theirs, expected) ??
    duplicate(own, theirs, rival, dialled) ?? { verdict: 'welcome' }
  );
}

/** The guest has dialled the host. */
interface Meeting {
  readonly host: Introduction;
  readonly guest: Introduction;
}

type Visit = Extract<LinkMessage, { readonly type: 'link.visit' }>;

/** What speaks against a client: it must speak the same version, mean this cluster, and find room. */
export function judgeVisit(own: Introduction, visit: Visit, hasRoom: boolean): Refusal | null {
  const strangeness = differenceBetween(own, visit, `client ${visit.from}`);
  if (strangeness !== null) return strangeness;
  const detail = `${own.member.address} serves as many clients as it may: use another seed`;
  return hasRoom ? null : { code: 'too-many-clients', detail };
}

/** The same from the client's side: what speaks against the peer that lets it in. */
export const judgeHost = (own: Introduction, theirs: Introduction): Refusal | null =>
  differenceBetween(theirs, own, 'the client');

function differenceBetween(
  host: Introduction,
  guest: Pick<Introduction, 'version' | 'cluster'>,
  who: string,
): Refusal | null {
  const there = host.member.address;
  if (host.version !== guest.version)
    return {
      code: 'version-mismatch',
      detail: `${there} speaks protocol version ${host.version}, ${who} version ${guest.version}: run the same release on both`,
    };
  if (host.cluster !== guest.cluster)
    return {
      code: 'cluster-mismatch',
      detail: `${there} belongs to cluster "${host.cluster}", ${who} to "${guest.cluster}": use --cluster ${host.cluster} or another seed`,
    };
  return null;
}

function misunderstanding({ host, guest }: Meeting): Verdict | null {
  const [there, id] = [host.member.address, guest.member.id];
  const difference = differenceBetween(host, guest, `peer ${id}`);
  if (difference !== null) return { verdict: 'refuse', ...difference };
  if (host.clusterId !== null && guest.clusterId !== null && host.clusterId !== guest.clusterId)
    return refuse(
      'cluster-mismatch',
      `${there} belongs to another cluster named "${host.cluster}" than the data of peer ${id}: use another seed or another data folder`,
    );
  if (host.mode !== guest.mode)
    return refuse(
      'mode-mismatch',
      `${there} runs in mode "${host.mode}", peer ${id} in "${guest.mode}": use --mode ${host.mode} or another seed`,
    );
  return null;
}

function confusion(own: Introduction, theirs: Introduction, { host }: Meeting): Verdict | null {
  const { id, address } = host.member;
  if (theirs.member.id !== own.member.id) return null;
  return theirs.member.incarnation === own.member.incarnation
    ? refuse('self-dialled', `${address} is the address of peer ${id} itself: leave it out of its seeds`)
    : refuse(
        'duplicate-id',
        `${address} is a running peer with the id ${id} already: use another --id, or stop that one`,
      );
}

function stranger({ member }: Introduction, expected: PeerId | null): Verdict | null {
  return expected === null || member.id === expected
    ? null
    : refuse(
        'unexpected-id',
        `${member.address} is peer ${member.id}, not ${expected}: peer ${expected} has moved or is gone`,
      );
}

function duplicate(
  own: Introduction,
  theirs: Introduction,
  rival: Rival | null,
  dialled: Dialled,
): Verdict | null {
  const { id, incarnation } = theirs.member;
  if (rival === null) return null;
  if (rival.incarnation !== incarnation)
    return refuse(
      'duplicate-id',
      `a running peer has the id ${id} already: use another --id, or stop that one and wait until it is missed`,
    );
  const isHigher = own.member.id > id;
  const isPreferred = rival.dialled === dialled || (dialled === 'here') === isHigher;
  return isPreferred
    ? null
    : refuse('already-connected', `peers ${own.member.id} and ${id} have another channel already`);
}

const refuse = (code: RefusalCode, detail: string): Verdict => ({ verdict: 'refuse', code, detail });
