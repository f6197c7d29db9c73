/** A measurement, as it stands in the log and as it comes from outside. */
import * as z from 'zod';
import { QUANTITIES, type Quantity } from './quantities.js';

const amount = (quantity: Quantity) => {
  const { least, most, unit } = QUANTITIES[quantity];
  const reason = `must be a number from ${least} to ${most} ${unit}`;
  return z.number(reason).min(least, reason).max(most, reason);
};

const amounts = {
  temperature_c: amount('temperature_c'),
  humidity_pct: amount('humidity_pct'),
  pressure_hpa: amount('pressure_hpa'),
};

/** When it was measured: ISO 8601, UTC, with milliseconds. One way to write a moment, so equal moments are equal texts. */
const Timestamp = z.iso.datetime({ precision: 3, error: 'must be a time like 2026-01-31T12:00:00.000Z' });

/** A measurement as it stands in the log. */
export const Measurement = z.strictObject({ timestamp: Timestamp, ...amounts });
export type Measurement = z.infer<typeof Measurement>;

const WHEN = 'must be a time like 2026-01-31T12:00:00Z';
/** A moment as people write it: ISO 8601 with `Z` or an offset, to any precision. */
const Moment = z.iso
  .datetime({ offset: true, error: WHEN })
  .transform((text) => new Date(text).toISOString())
  .pipe(Timestamp);

/** A measurement as it comes from a file, a pipe, HTTP or a person: without a time it is of now. */
export const Offered = z.strictObject({ ...amounts, timestamp: Moment.optional() });
export type Offered = z.infer<typeof Offered>;

/** @param now - ms since 1970, for one that does not say when. */
export const measurementOf = ({ timestamp, ...measured }: Offered, now: number): Measurement => ({
  timestamp: timestamp ?? new Date(now).toISOString(),
  ...measured,
});
