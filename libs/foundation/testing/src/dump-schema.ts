import type { Queryable } from '#libs/foundation/postgres';

/**
 * The schemas of a database as SQL-like text in a fixed order: tables with columns, constraints and indexes, sequences,
 * views, functions, triggers, comments. What pg_dump would show, without needing a pg_dump of the server's version.
 */
export async function dumpSchema(db: Queryable, schemas: readonly string[]): Promise<string> {
  const sections: string[] = [];
  for (const schema of schemas) {
    const lines = await Promise.all(
      SECTIONS.map(async (sql) => (await db.query<{ line: string }>(sql, [schema])).rows),
    );
    sections.push([`-- schema ${schema}`, ...lines.flat().map((row) => row.line)].join('\n\n'));
  }
  return `${sections.join('\n\n\n')}\n`;
}

const TABLES = `
  select format(E'create table %I.%I (\\n%s\\n)%s%s;', n.nspname, c.relname,
    (select string_agg(format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end,
        case when a.attidentity <> '' then ' generated always as identity'
             when d.oid is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end), E',\\n' order by a.attnum)
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
    case when c.relkind = 'p' then ' partition by ' || pg_get_partkeydef(c.oid) else '' end,
    coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '')) as line
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition
  order by c.relname`;

const CONSTRAINTS = `
  select format('alter table %I.%I add constraint %I %s;', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) as line
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and not c.relispartition and k.contype <> 'n'
  order by c.relname, k.conname`;

const INDEXES = `
  select pg_get_indexdef(i.indexrelid) || ';' as line
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace join pg_class x on x.oid = i.indexrelid
  where n.nspname = $1 and not c.relispartition and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
  order by c.relname, x.relname`;

const SEQUENCES = `
  select format('create sequence %I.%I as %s minvalue %s start %s;', s.schemaname, s.sequencename, s.data_type, s.min_value, s.start_value) as line
  from pg_sequences s where s.schemaname = $1 order by s.sequencename`;

const VIEWS = `
  select format(E'create view %I.%I as\\n%s', v.schemaname, v.viewname, v.definition) as line
  from pg_views v where v.schemaname = $1 order by v.viewname`;

// The body of new_message_id depends on the version of the server.
const FUNCTIONS = `
  select case when p.proname = 'new_message_id' then format('create function %I.new_message_id() returns uuid', n.nspname)
              else trim(trailing E'\\n' from pg_get_functiondef(p.oid)) end || ';' as line
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = $1 order by p.proname, pg_get_function_identity_arguments(p.oid)`;

const TRIGGERS = `
  select pg_get_triggerdef(t.oid) || ';' as line
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and not t.tgisinternal order by c.relname, t.tgname`;

const COMMENTS = `
  select format('comment on %s %I.%I%s is %L;', case when d.objsubid > 0 then 'column' when c.relkind = 'v' then 'view' else 'table' end,
                n.nspname, c.relname, coalesce('.' || quote_ident(a.attname), ''), d.description) as line
  from pg_description d join pg_class c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass
  join pg_namespace n on n.oid = c.relnamespace left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
  where n.nspname = $1 and not c.relispartition order by c.relname, d.objsubid`;

const SECTIONS = [SEQUENCES, TABLES, CONSTRAINTS, INDEXES, VIEWS, FUNCTIONS, TRIGGERS, COMMENTS];
