import type { Queryable } from '#libs/foundation/postgres';
import type { ReferenceTarget } from './insert-schema.sql.ts';

/** A version that a schema refers to; `live` undefined when it is not there. */
export interface FoundTarget extends ReferenceTarget {
  readonly live: boolean | undefined;
}

/** The versions at these places, in the order asked for. Index: the primary key, one probe each. No lock. */
export async function findTargets(
  db: Queryable,
  places: readonly { readonly context: string; readonly subject: string; readonly version: number }[],
): Promise<FoundTarget[]> {
  const result = await db.query<{ context_id: number; subject: string; version: number; live: boolean | null }>(
    `select coalesce(c.id, 0) as context_id, p.subject, p.version,
       (select v.deleted_at is null from registry.subject_version v
        where v.context_id = c.id and v.subject = p.subject and v.version = p.version) as live
     from unnest($1::text[], $2::text[], $3::integer[]) with ordinality p(context, subject, version, position)
     left join registry.context c on c.name = p.context
     order by p.position`,
    [places.map((place) => place.context), places.map((place) => place.subject), places.map((place) => place.version)],
  );
  return result.rows.map((row) => ({
    contextId: row.context_id,
    subject: row.subject,
    version: row.version,
    live: row.live ?? undefined,
  }));
}
