/** A message's whole life, as far as the history knows it. */
import type { PeerId } from '../contract.js';

/** `silent`: nobody told of its end; real peers cannot. */
export type Fate = 'delivered' | 'lost' | 'under way' | 'silent';

export interface Flight {
  /** `4>5#17`, the 17th that peer 4 said to peer 5. */
  readonly id: string;
  readonly from: PeerId;
  readonly to: PeerId;
  /** The wire type. */
  readonly type: string;
  /** Something is carried: entries, submissions. An APPEND that carries nothing is a heartbeat. */
  readonly load: number;
  readonly term: number | null;
  readonly sentAt: number;
  readonly sentIndex: number;
  /** When it should have arrived, as told when it was sent; null when nobody knows. */
  readonly due: number | null;
  /** When it arrived or was lost; null while it is under way. */
  readonly endAt: number | null;
  readonly endIndex: number | null;
  readonly fate: Fate;
  /** Why it was lost: dropped, cut, down, no-channel, broken. */
  readonly why: string | null;
  /** A second copy of a message that had arrived already. */
  readonly isCopy: boolean;
}
