import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Queryable } from '#libs/foundation/postgres';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { claimSchema } from '../src/postgres/claim-schema.sql.ts';
import { findAlike } from '../src/postgres/find-alike.sql.ts';
import { findByGuid } from '../src/postgres/find-by-guid.sql.ts';
import { findById } from '../src/postgres/find-by-id.sql.ts';
import { findLatestVersion, findVersion } from '../src/postgres/find-version.sql.ts';
import { findOrState } from '../src/postgres/find-or-state.sql.ts';
import { findReferredVersions } from '../src/postgres/list-referrers.sql.ts';
import { liveVersions } from '../src/postgres/page-live-versions.sql.ts';
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

/** Functions plan a statement for its values five times, and then once for all values if that is as good. */
const RUNS = 7;

/** The plans of all that runs meanwhile, in functions, too. */
async function plansOf(run: (db: Queryable) => Promise<unknown>): Promise<string> {
  const client = await database.db.connect();
  const plans: string[] = [];
  const listen = (notice: { message?: string }): void => void plans.push(notice.message ?? '');
  client.on('notice', listen);
  try {
    await client.query(`load 'auto_explain'`);
    await client.query(
      `set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set client_min_messages = log`,
    );
    for (let each = 0; each < RUNS; each += 1) await run(client);
  } finally {
    client.off('notice', listen);
    client.release(true);
  }
  return plans.join('\n');
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
    (db) => readRegistrationState(db, { context: '.', subject: 'subject-7' }),
    ['subject_version_pkey'],
  ],
  [
    'the state of a subject without what a schema may be',
    (db) => findOrState(db, { context: '.', subject: 'subject-7' }, DIGEST, true),
    ['schema_likeness', 'subject_version_', 'config_pkey'],
  ],
  [
    'versions to compare with',
    (db) => liveVersions(db, '.', 'subject-7').next(),
    ['subject_version_pkey', 'schema_pkey'],
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
  const plan = await plansOf(run);
  for (const index of indexes) expect(plan).toContain(index);
  expect(plan).not.toMatch(/Seq Scan on (schema|subject_version|schema_reference|config)\b/);
});
