import { TidemarkError } from '#libs/foundation/kernel';
import { type Queryable, sqlStateOf } from '#libs/foundation/postgres';
import type { ColumnShape, TableShape } from '../../adoption/table-shape.ts';

/*
 * Indexes: the catalogs' own. Locks: none but those of the catalogs.
 * The base type of a domain may be a domain again, hence the recursion.
 */
const READ_TABLE_SHAPE = /* sql */ `
select c.oid::bigint::text as oid, n.nspname as schema, c.relname as name, c.relkind as kind,
       c.relpersistence = 't' as temporary, c.relispartition as "isPartition",
       not c.relispartition and c.relkind <> 'p'
         and exists (select from pg_inherits i where i.inhrelid = c.oid or i.inhparent = c.oid) as inherits,
       case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as "partitionKey",
       greatest(c.reltuples, 0)::bigint::text as "rowsEstimate",
       exists (select from outbox.adoption a where a.relation = c.oid) as adopted,
       exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'tidemark_adoption') as "hasTriggerOfOurName",
       coalesce((
         select json_agg(json_build_object(
                  'name', a.attname, 'type', b.typname, 'category', b.typcategory, 'virtual', a.attgenerated = 'v',
                  'sqlType', quote_ident(tn.nspname) || '.' || quote_ident(t.typname)) order by a.attnum)
         from pg_attribute a
         join pg_type t on t.oid = a.atttypid
         join pg_namespace tn on tn.oid = t.typnamespace
         join lateral (
           with recursive base as (
             select t.oid, t.typbasetype
             union all
             select d.oid, d.typbasetype from base join pg_type d on d.oid = base.typbasetype
           ) select base.oid from base where base.typbasetype = 0
         ) leaf on true
         join pg_type b on b.oid = leaf.oid
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns,
       coalesce((
         select json_agg(a.attname order by k.place)
         from pg_index i
         cross join unnest(i.indkey::smallint[]) with ordinality k (attnum, place)
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
         where i.indrelid = c.oid and i.indisprimary), '[]') as "primaryKey"
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.oid = to_regclass($1)`;

type ShapeRow = Omit<TableShape, 'oid' | 'rowsEstimate' | 'columns' | 'primaryKey'> & {
  oid: string;
  rowsEstimate: string;
  columns: ColumnShape[];
  primaryKey: string[];
  [column: string]: unknown;
};

/** The table of that name, as in SQL (case folds unless quoted). Throws ADOPTION_INVALID when there is none. */
export async function readTableShape(db: Queryable, table: string): Promise<TableShape> {
  const { rows } = await db.query<ShapeRow>(READ_TABLE_SHAPE, [table]).catch((error: unknown) => {
    // to_regclass raises these for text that is no name: 42602 invalid_name, 0A000 for a third part, 42601 syntax.
    if (!['42602', '0A000', '42601'].includes(sqlStateOf(error) ?? '')) throw error;
    return { rows: [] };
  });
  const row = rows[0];
  if (row === undefined) {
    throw new TidemarkError('ADOPTION_INVALID', `there is no table ${table}`, {
      context: { table },
      remedy: 'Write the name as in SQL, with its schema and with quotes where it has capitals: shop."Outbox".',
    });
  }
  return { ...row, oid: Number(row.oid), rowsEstimate: Number(row.rowsEstimate) };
}
