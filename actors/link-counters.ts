/** What the link counts, by name. */
export const LINK_COUNTERS = [
  'frames_sent',
  'frames_received',
  /** Frames not taken: malformed, out of order, or in another peer's name. */
  'frames_rejected',
  /** Encoded messages; what frames add around them is not counted. */
  'bytes_sent',
  'bytes_received',
  /** Once per receiver. */
  'messages_sent',
  'messages_received',
  /** Messages of a type this build does not know. */
  'messages_unknown',
  /** Messages for a peer without a channel. */
  'messages_unroutable',
  /** Messages that fit no frame: a mistake of this peer. */
  'messages_too_large',
  'greetings_rejected',
  /** Inbound channels turned away because too many had not greeted yet. */
  'channels_turned_away',
] as const;
export type LinkCounter = (typeof LINK_COUNTERS)[number];
