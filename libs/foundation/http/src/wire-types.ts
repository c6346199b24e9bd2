import { z } from 'zod';

const INT64_MAX = 9_223_372_036_854_775_807n;

/** A 64-bit number as it is sent: decimal digits in a string, because JSON numbers lose digits beyond 2^53. */
export const zInt64Text = z
  .string()
  .regex(/^-?(0|[1-9]\d{0,18})$/)
  .meta({ id: 'Int64', description: 'A 64-bit integer as a decimal string.' });

/** An offset or position in a request: digits, read as a bigint from 0 to 2^63-1. */
export const zOffset = z
  .string()
  .regex(/^\d{1,19}$/, 'expected a whole number of at most 19 digits')
  .transform((text) => BigInt(text))
  .refine((offset) => offset <= INT64_MAX, `expected at most ${INT64_MAX}`)
  .meta({ description: 'An offset: a whole number as a decimal string.' });

/** A partition number in a path or query. */
export const zPartition = zQueryInteger({ min: 0, max: 2_147_483_647 }).meta({
  description: 'A partition number, from 0.',
});

/** A point in time in a request: RFC 3339 with a zone, read as a Date. */
export const zTimestamp = z.iso
  .datetime({ offset: true, error: 'expected a time such as 2026-05-01T12:00:00Z' })
  .transform((text) => new Date(text))
  .meta({ description: 'A time in RFC 3339 format with its zone.' });

/** A point in time in an answer. */
export const zTimestampText = z.iso.datetime().meta({ description: 'A time in RFC 3339 format, UTC.' });

/** A whole number in a query or path, inside of its bounds. */
export function zQueryInteger(bounds: { readonly min: number; readonly max: number }) {
  const message = `expected a whole number from ${bounds.min} to ${bounds.max}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, message)
    .transform(Number)
    .pipe(z.number().int().min(bounds.min, message).max(bounds.max, message));
}

/** How many entries a page may have. */
export function zLimit(limits: { readonly max: number; readonly default: number }) {
  return zQueryInteger({ min: 1, max: limits.max })
    .default(limits.default)
    .describe(`Entries at most, up to ${limits.max}; default ${limits.default}.`);
}

/** `true` or `false` in a query. */
export const zQueryFlag = z.enum(['true', 'false'], 'expected true or false').transform((text) => text === 'true');

/** Where the next page starts: what an earlier answer gave as `nextCursor`, not to be built by hand. */
export const zCursor = z
  .string()
  .regex(/^[\w-]{1,512}$/, 'expected the nextCursor of an earlier answer')
  .meta({ description: 'The nextCursor of the page before.' });

/** A page of entries; `nextCursor` is null on the last one. */
export function zPage<T extends z.ZodType>(entry: T) {
  return z.strictObject({ items: z.array(entry), nextCursor: z.string().nullable() });
}
