/** The closed union of what can go wrong at the public edge; each says what is true afterwards. */
export type ClusterErrorCode =
  /** An option is wrong. Nothing was started. */
  | 'bad-option'
  /** Another process listens at that address. Nothing was started. */
  | 'port-in-use'
  /** This address cannot be listened at. Nothing was started. */
  | 'bad-address'
  /** The data folder cannot be created, read or written. Nothing was started; nothing in it was changed. */
  | 'data-unusable'
  /** The data folder is held by a running process. Nothing was started. */
  | 'data-in-use'
  /** The data folder belongs to another peer, cluster or mode. It was left as it is. */
  | 'data-of-another'
  /** The disk failed while running. The peer has stopped; what it acknowledged is on disk. */
  | 'journal-failed'
  /** A live peer of the cluster has this id. The peer has stopped, nothing was changed. */
  | 'duplicate-id'
  /** The peers that were asked belong to another cluster. The peer has stopped, nothing was changed. */
  | 'cluster-mismatch'
  /** The peers that were asked speak another protocol version or mode. The peer has stopped, nothing was changed. */
  | 'version-mismatch'
  | 'mode-mismatch'
  /** The cluster holds as many members as it may. The peer has stopped. */
  | 'cluster-full'
  /** `ready` was given a limit and it passed. The peer keeps trying. */
  | 'not-ready-in-time'
  /** The payload is too large or cannot be encoded as JSON. Nothing was sent. */
  | 'bad-payload'
  /** The topic's name is empty or too long. Nothing was sent. */
  | 'bad-topic'
  /** No coordinator is known and too much waits already, or the limit passed while none was known. Nothing was sent. */
  | 'no-coordinator'
  /** The limit passed after the submission was sent: it may still be delivered, once. */
  | 'outcome-unknown'
  /** What was asked for is gone from the history: a snapshot stands for it. The message says from where on there is more. */
  | 'history-gone'
  /** Too many submissions wait already. This one was not sent. */
  | 'overloaded'
  /** No member of the cluster has that id. Nothing was changed. */
  | 'unknown-member'
  /** That member only learns: it cannot coordinate. Nothing was changed. */
  | 'not-a-voter'
  /** The coordinator does not hand over to that member now: it is out of reach, behind, or another handover is under way. Nothing was changed. */
  | 'handover-refused'
  /** The handover was begun and given up: the old coordinator serves again, and nothing was lost. */
  | 'handover-failed'
  /** A command does not fit its replica's schema. Nothing was sent. */
  | 'bad-command'
  /** The command has taken effect, and its result is not known: the peer runs no such replica, or has forgotten it. */
  | 'no-result'
  /** The state of this peer was not that of the others. It has stopped, and dropped what it held; started again, it learns anew. */
  | 'state-diverged'
  /** A defect of bullpen itself: one of its machines threw. The peer has stopped; what it acknowledged is on disk. */
  | 'defect'
  /** The peer stopped, or had left, first. What was sent may still be delivered by others. */
  | 'stopped';

/** A mistake or a misfortune, as the public handle reports it: one clear line, and a code to branch on. */
export class ClusterError extends Error {
  readonly code: ClusterErrorCode;

  constructor(code: ClusterErrorCode, message: string) {
    super(message);
    this.name = 'ClusterError';
    this.code = code;
  }
}
