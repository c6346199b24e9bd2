import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, dumpSchema, type TestDatabase } from '#libs/foundation/testing';

// migrations/schema.sql shows what the migrations make, so that a change of the schema shows in review.
// Write it anew with: TIDEMARK_WRITE_SCHEMA=1 npm test -- test/contract/schema
const FILE = new URL('../../migrations/schema.sql', import.meta.url);
const SCHEMAS = ['outbox', 'log', 'inbox', 'registry', 'dlq', 'audit'];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('migrations/schema.sql is what the migrations make', async () => {
  const dump = await dumpSchema(database.db, SCHEMAS);
  if (process.env['TIDEMARK_WRITE_SCHEMA'] === '1') await writeFile(FILE, dump);
  expect(dump).toBe(await readFile(FILE, 'utf8'));
});
