/**
 * Snapshots: what stands for every entry up to an index, so that the entries themselves may go (PROTOCOL §11, D2).
 *
 * The state is text here: what a cluster's members derive from their entries is no business of the log. A snapshot
 * travels in parts; who has received some goes on where it was, whoever sends the rest, as long as it is the same one.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Configuration, Term, View } from '../../transport/protocol.js';
import { LIMITS } from './limits.js';

/** All but the state: small enough for one message. */
export interface SnapshotHead {
  /** The last entry it stands for: its index, its term, its time. */
  readonly lastIndex: number;
  readonly lastTerm: Term;
  readonly lastAt: number;
  /** The newest configuration and view up to there, and where they stood; index 0 and null when there was none. */
  readonly configuration: Configuration;
  readonly configurationIndex: number;
  readonly view: View | null;
  readonly viewIndex: number;
  /** SHA-256 of the state, 64 hexadecimal digits. */
  readonly hash: string;
}

export interface Snapshot extends SnapshotHead {
  /** What the entries have led to, as JSON. */
  readonly state: string;
}

/** Tells snapshots apart. */
export type SnapshotName = Pick<SnapshotHead, 'lastIndex' | 'hash'>;

/** One part of a snapshot on its way. Offsets count characters of the state. */
export interface SnapshotPart {
  readonly head: SnapshotHead;
  readonly offset: number;
  readonly text: string;
  readonly isLast: boolean;
}

/** What has arrived of a snapshot so far. */
export interface Incoming {
  readonly head: SnapshotHead;
  readonly parts: readonly string[];
  readonly length: number;
  readonly isWhole: boolean;
}

/** No state is larger. */
export const STATE_CHARACTERS_MAX = 256 * 1024 * 1024;

export const hashOf = (state: string): string => bytesToHex(sha256(utf8ToBytes(state)));

export const headOf = ({ state: _, ...head }: Snapshot): SnapshotHead => head;

export const isSameSnapshot = (a: SnapshotName, b: SnapshotName): boolean =>
  a.lastIndex === b.lastIndex && a.hash === b.hash;

export const partAt = (snapshot: Snapshot, offset: number): SnapshotPart => {
  const text = snapshot.state.slice(offset, offset + LIMITS.partCharactersMax);
  const isLast = offset + text.length >= snapshot.state.length;
  return { head: headOf(snapshot), offset, text, isLast };
};

/** What is there once `part` has come: more of the same, or the beginning of another one; a part out of turn adds nothing. */
export function received(before: Incoming | null, part: SnapshotPart): Incoming | null {
  const isSame = before !== null && isSameSnapshot(before.head, part.head);
  const known = isSame ? before : { head: part.head, parts: [], length: 0, isWhole: false };
  if (part.offset !== known.length || known.isWhole) return isSame || part.offset === 0 ? known : before;
  const { text, isLast } = part;
  if (known.length + text.length > STATE_CHARACTERS_MAX) return null;
  return { ...known, parts: [...known.parts, text], length: known.length + text.length, isWhole: isLast };
}

/** How much of the offered snapshot is here already. */
export const heldOf = (incoming: Incoming | null, head: SnapshotHead): number =>
  incoming !== null && isSameSnapshot(incoming.head, head) ? incoming.length : 0;

/** The snapshot, once all of it is there and is what it claims to be. */
export function completed(incoming: Incoming | null): Snapshot | null {
  if (incoming === null || !incoming.isWhole) return null;
  const state = incoming.parts.join('');
  return hashOf(state) === incoming.head.hash ? { ...incoming.head, state } : null;
}
