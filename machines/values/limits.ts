/** How the machines bound what they send and keep. Receivers enforce LIMITS of transport/protocol, which are not below these. */
export const LIMITS = {
  /** Entries or submissions in one message. */
  batchEntriesMax: 256,
  /** What one message aims to stay below, encoded, by the estimate of `sizeOf`: heartbeats wait behind it. */
  batchBytesMax: 64 * 1024,
  /** Characters of one part of a snapshot: encoded, with every one of them escaped, still below 256 KiB. */
  partCharactersMax: 32 * 1024,
  /** Submissions a coordinator holds while it hands over, and about how many bytes of them. */
  heldMax: 10_000,
  heldBytesMax: 8 * 1024 * 1024,
} as const;
