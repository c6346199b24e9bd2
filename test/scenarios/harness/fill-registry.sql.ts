import type { Queryable } from '#libs/foundation/postgres';

/**
 * Fills an empty registry with Avro schemas, ten versions to a subject, as if they had been registered, but at the speed of
 * SQL. Nothing cleans these tables up by itself afterwards, so that who looks at their statistics sees only what was asked.
 */
export async function fillRegistry(db: Queryable, schemas: number): Promise<void> {
  for (const table of ['schema', 'subject_version', 'schema_reference', 'config', 'mode', 'context', 'revision']) {
    await db.query(`alter table registry.${table} set (autovacuum_enabled = false)`);
  }
  await db.query(
    `insert into registry.schema (context_id, id, fingerprint, likeness, guid, type, text)
     select c.id, n.number, f.md5, f.md5, encode(f.md5, 'hex')::uuid, 'AVRO', t.text
     from registry.context c, generate_series(1, $1::int) n(number)
     cross join lateral (select format('{"type":"record","name":"N%s","fields":[]}', n.number) as text) t
     cross join lateral (select decode(md5(t.text), 'hex') as md5) f
     where c.name = '.'`,
    [schemas],
  );
  await db.query(
    `insert into registry.subject_version (context_id, subject, version, schema_id, registered_by)
     select s.context_id, 'filled-' || (s.id - 1) / 10, (s.id - 1) % 10 + 1, s.id, 'test' from registry.schema s`,
  );
  await db.query(`select registry.pass_id(c.id, $1) from registry.context c where c.name = '.'`, [schemas]);
}
