import type { Queryable } from '#libs/foundation/postgres';

/** Reasons of the placeholders in a run of offsets, by offset. Index: primary key of log.placeholder. */
export async function readPlaceholders(
  db: Queryable,
  topicId: number,
  partition: number,
  from: bigint,
  to: bigint,
): Promise<Map<bigint, { reason: string; detail: string }>> {
  const result = await db.query<{ offset: string; reason: string; detail: string }>(
    `select p."offset", p.reason, p.detail from log.placeholder p
     where p.topic_id = $1 and p.partition = $2 and p."offset" >= $3 and p."offset" < $4`,
    [topicId, partition, from, to],
  );
  return new Map(result.rows.map((row) => [BigInt(row.offset), { reason: row.reason, detail: row.detail }]));
}
