import type { Queryable } from '#libs/foundation/postgres';

/** Kind 7 in the key space of locks.sql.ts: the associations of one resource, value = hash of its type and id. */
const RESOURCE = '8389484826163412992';
const VALUE_BITS = '17592186044415';

/** To change the associations of a resource. Taken before contexts and subjects. Waits for those who change them. */
export async function lockResource(tx: Queryable, resourceType: string, resourceId: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(${RESOURCE} + (hashtextextended($1 || ' ' || $2, 0) & ${VALUE_BITS}))`, [
    resourceType,
    resourceId,
  ]);
}
