import { z } from 'zod';
import { zTimestampText } from '#libs/foundation/http';
import type { LeaseHolder } from '#libs/stores/log';

export const zLeaseHolder = z.strictObject({
  holder: z.string(),
  host: z.string().nullable(),
  pid: z.int().nullable(),
  since: zTimestampText,
  leaseExpiresInMs: z.int(),
});

/** Null while nobody holds the lease. */
export function leaseHolderView(held: LeaseHolder | null): z.output<typeof zLeaseHolder> | null {
  return held === null ? null : { ...held, since: held.since.toISOString() };
}
