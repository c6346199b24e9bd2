import type { Queryable } from '#libs/foundation/postgres';
import { type Adoption, adoptionOf, type AdoptionRow } from './adoption-row.ts';

/* Reads outbox.adoption whole (one row per adopted table). Locks: none. */
const LIST_ADOPTIONS = /* sql */ `
select a.id, coalesce(quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.table_name) as table,
       a.mapping, a.function_name, a.created_at,
       case when c.oid is null then 'table-dropped' when t.oid is null then 'trigger-missing'
            when t.tgenabled = 'D' then 'trigger-disabled' else 'active' end as state,
       a.existing_sql is not null as has_existing, a.existing_total, a.existing_place, a.existing_emitted
from outbox.adoption a
left join pg_class c on c.oid = a.relation
left join pg_namespace n on n.oid = c.relnamespace
left join pg_trigger t on t.tgrelid = c.oid and t.tgname = 'tidemark_adoption'
where $1::text is null or a.relation = to_regclass($1) or a.table_name = $1 and c.oid is null
order by a.id`;

/** Adopted tables, oldest first. */
export async function listAdoptions(db: Queryable): Promise<Adoption[]> {
  const { rows } = await db.query<AdoptionRow>(LIST_ADOPTIONS, [null]);
  return rows.map(adoptionOf);
}

/** The adoption of a table, named as in SQL, or as listed when the table was dropped. */
export async function findAdoption(db: Queryable, table: string): Promise<Adoption | undefined> {
  const { rows } = await db.query<AdoptionRow>(LIST_ADOPTIONS, [table]);
  return rows[0] === undefined ? undefined : adoptionOf(rows[0]);
}
