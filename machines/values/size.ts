/** Sizes: a cheap estimate of what a value takes on the wire, so that batches can be cut before they are encoded. */
import type { Entry, Submission } from '../../transport/protocol.js';

/**
 * Bytes `value` is about to take as JSON. A string counts twice its length: with every escape and every multi-byte
 * character, the truth is at most three times the estimate, and LIMITS leaves room for that.
 */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length + 2;
  if (typeof value !== 'object' || value === null) return 12;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item) + 1, 2);
  let size = 2;
  for (const key in value) size += 2 * key.length + 4 + sizeOf((value as Record<string, unknown>)[key]);
  return size;
}

/** What a submission shares with its neighbours is said once for all of them. */
const SHARED_BYTES = 64;

const sizeOfSubmission = ({ payload, key }: Submission): number =>
  SHARED_BYTES + sizeOf(payload) + (key === undefined ? 0 : 4 * key.length);

/** As `sizeOf`, for what travels in runs (transport/protocol-runs.ts). */
const sizeOfItem = (item: unknown): number => {
  if (typeof item !== 'object' || item === null) return sizeOf(item);
  if ('topic' in item && 'payload' in item) return sizeOfSubmission(item as Submission);
  const { kind, body } = item as Partial<Entry>;
  return kind === 'submission'
    ? sizeOfSubmission((body as { readonly submission: Submission }).submission)
    : sizeOf(item);
};

/** What all of these take together in one message. */
export const sizeOfAll = (items: readonly unknown[]): number =>
  items.reduce<number>((sum, item) => sum + sizeOfItem(item), 0);

/** The longest head of `items` within `countMax` and about `bytesMax`, and never empty when there is something. */
export function headWithin<Item>(
  items: readonly Item[],
  countMax: number,
  bytesMax: number,
): readonly Item[] {
  let bytes = 0;
  for (let count = 0; count < items.length; count++) {
    bytes += sizeOfItem(items[count]);
    if (count >= countMax || (count > 0 && bytes > bytesMax)) return items.slice(0, count);
  }
  return items;
}
