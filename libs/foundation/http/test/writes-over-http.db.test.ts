import { Controller, Inject, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { TidemarkError } from '#libs/foundation/kernel';
import { silentLogger } from '#libs/foundation/observability';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { createAuthenticator, createHttpApp, Endpoint, endpoint, Input, type InputOf, Writes } from '../src/index.ts';

const createNote = endpoint({
  summary: 'Create a note',
  role: 'operator',
  body: z.object({ name: z.string() }),
  response: z.strictObject({ name: z.string() }),
  status: 201,
  errors: ['TOPIC_EXISTS'],
});

@Controller('v1/notes')
class NotesController {
  readonly #writes: Writes;

  constructor(@Inject(Writes) writes: Writes) {
    this.#writes = writes;
  }

  @Post()
  @Endpoint(createNote)
  create(@Input() input: InputOf<typeof createNote>): Promise<{ name: string }> {
    const { name } = input.body;
    return this.#writes.run(input, { action: 'note.create', target: name }, async (tx) => {
      const added = await tx.query('insert into note (name) values ($1) on conflict do nothing', [name]);
      if (added.rowCount === 0) throw new TidemarkError('TOPIC_EXISTS', `there is a note ${name} already`);
      return { name };
    });
  }
}

let database: TestDatabase;
let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query('create table note (name text primary key)');

  @Module({ controllers: [NotesController], providers: [{ provide: Writes, useValue: new Writes(database.db) }] })
  class RootModule {}

  const authenticator = await createAuthenticator({ credentialsFile: undefined, logger: silentLogger });
  app = await createHttpApp(RootModule, { logger: silentLogger, authenticator });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const post = (body: unknown, key: string, requestId: string): Promise<Response> =>
  fetch(`${url}/v1/notes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key, 'x-request-id': requestId },
    body: JSON.stringify(body),
  });

test('a repeat is answered alike and marked; the audit knows the actor and the first request', async () => {
  const first = await post({ name: 'a' }, 'k', 'r-1');
  expect([first.status, first.headers.get('idempotency-replayed'), await first.json()]).toEqual([
    201,
    null,
    { name: 'a' },
  ]);
  const again = await post({ name: 'a' }, 'k', 'r-2');
  expect([again.status, again.headers.get('idempotency-replayed'), await again.json()]).toEqual([
    201,
    'true',
    { name: 'a' },
  ]);
  const reused = await post({ name: 'b' }, 'k', 'r-3');
  expect([reused.status, await reused.json()]).toMatchObject([
    422,
    { code: 'IDEMPOTENCY_KEY_REUSED', requestId: 'r-3' },
  ]);
  const { rows } = await database.db.query('select actor, role, via, target, request_id from audit.entry');
  expect(rows).toEqual([{ actor: 'local', role: 'admin', via: 'local', target: 'a', request_id: 'r-1' }]);
});

test('a refused write leaves no audit entry and its key free', async () => {
  await post({ name: 'c' }, 'k-1', 'r-4');
  expect((await post({ name: 'c' }, 'k-2', 'r-5')).status).toBe(409);
  expect((await post({ name: 'd' }, 'k-2', 'r-6')).status).toBe(201);
  const { rows } = await database.db.query(`select request_id from audit.entry where target in ('c', 'd') order by id`);
  expect(rows).toEqual([{ request_id: 'r-4' }, { request_id: 'r-6' }]);
});
