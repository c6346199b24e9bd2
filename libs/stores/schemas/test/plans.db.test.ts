import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Queryable } from '#libs/foundation/postgres';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { claimSchema } from '../src/postgres/claim-schema.sql.ts';
import { findAlike } from '../src/postgres/find-alike.sql.ts';
import { findByGuid } from '../src/postgres/find-by-guid.sql.ts';
import { findById } from '../src/postgres/find-by-id.sql.ts';
import { findLatestVersion, findVersion } from '../src/postgres/find-version.sql.ts';
import { findReferredVersions } from '../src/postgres/list-referrers.sql.ts';
import { readScope } from '../src/postgres/read-scope.sql.ts';
import { readRegistrationState } from '../src/postgres/read-registration-state.sql.ts';

const SCHEMAS = 20_000;
const DIGEST = Buffer.alloc(16, 7);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(
    `insert into registry.schema (context_id, id, fingerprint, likeness, guid, type, text)
     select 1, n, decode(md5(n::text), 'hex'), decode(md5('l' || n), 'hex'), md5(n::text)::uuid, 'AVRO', '"string"'
     from generate_series(1, ${SCHEMAS}) n`,
  );
  await database.db.query(
    `insert into registry.subject_version (context_id, subject, version, schema_id, registered_by)
     select 1, 'subject-' || n % 200, n / 200 + 1, n, 'test' from generate_series(1, ${SCHEMAS}) n`,
  );
  await database.db.query(
    `insert into registry.config (context, subject, normalize) select '.', 'subject-' || n, true from generate_series(1, 5000) n`,
  );
  await database.db.query(
    `insert into registry.schema_reference select 1, n, 1, 1, 'subject-' || n % 200, 1 from generate_series(1, ${SCHEMAS}) n`,
  );
  await database.db.query(
    'analyze registry.schema, registry.subject_version, registry.config, registry.schema_reference',
  );
});
afterAll(() => database.drop());

/** The plan of the one statement that a function runs. */
async function planOf(run: (db: Queryable) => Promise<unknown>): Promise<string> {
  let plan: string | undefined;
  const explaining = {
    query: async (text: string, values?: readonly unknown[]) => {
      const explained = await database.db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
      plan = explained.rows.map((row) => row['QUERY PLAN']).join('\n');
      return database.db.query(text, values);
    },
  } as Queryable;
  await run(explaining);
  return plan!;
}

test.each<[string, (db: Queryable) => Promise<unknown>, string[]]>([
  ['a version', (db) => findVersion(db, '.', 'subject-7', 3), ['subject_version_pkey', 'schema_pkey']],
  ['the latest version', (db) => findLatestVersion(db, '.', 'subject-7'), ['subject_version_pkey', 'schema_pkey']],
  ['a schema by id', (db) => findById(db, '.', 77, ''), ['subject_version_schema', 'schema_pkey']],
  ['a schema by guid', (db) => findByGuid(db, '00000000-0000-0000-0000-000000000000'), ['schema_guid']],
  [
    'what a schema may be',
    (db) => findAlike(db, { context: '.', subject: 'subject-7' }, DIGEST, true),
    ['schema_likeness', 'subject_version_'],
  ],
  [
    'the state of a subject',
    (db) => readRegistrationState(db, 1, { context: '.', subject: 'subject-7' }),
    ['subject_version_pkey'],
  ],
  ['settings', (db) => readScope(db, '.', 'subject-7'), ['config_pkey']],
  [
    'a schema of the context',
    (db) => claimSchema(db, { contextId: 1, fingerprint: DIGEST, type: 'AVRO' }),
    ['schema_fingerprint'],
  ],
  [
    'who refers to versions',
    (db) =>
      findReferredVersions(db, { contextId: 1, subject: 'subject-7', versions: [3] }, { deleted: true, own: false }),
    ['schema_reference_target'],
  ],
])('%s is found by its index, without reading a table whole', async (_, run, indexes) => {
  const plan = await planOf(run);
  for (const index of indexes) expect(plan).toContain(index);
  expect(plan).not.toMatch(/Seq Scan on (schema|subject_version|schema_reference|config)\b/);
});
