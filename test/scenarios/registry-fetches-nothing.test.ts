import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { RegistryProcess } from './harness/registry-process.ts';
import { RegistryRequests } from './harness/registry-requests.ts';

// A server that would answer, at an address that schemas name in every place where they can name one.
let database: TestDatabase;
let registry: RegistryProcess;
let requests: RegistryRequests;
let named: Server;
let url: string;
let at: string;
let connections = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  registry = new RegistryProcess(database.url);
  named = createServer((_request, response) => response.end('{"type":"string"}'));
  named.on('connection', () => (connections += 1));
  await new Promise<void>((listening) => named.listen(0, '127.0.0.1', listening));
  at = `http://127.0.0.1:${(named.address() as AddressInfo).port}`;
  url = await registry.url();
  requests = new RegistryRequests(url);
});
afterAll(async () => {
  await registry.kill();
  named.closeAllConnections();
  await new Promise((closed) => named.close(closed));
  await database.drop();
});

const json = (schema: unknown) => ({ schemaType: 'JSON', schema: JSON.stringify(schema) });

async function ask(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(url + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const UNRESOLVED: [string, () => Record<string, unknown>][] = [
  ['a $ref', () => json({ $ref: `${at}/a.json` })],
  ['a $ref to a part of a document', () => json({ properties: { a: { $ref: `${at}/a.json#/definitions/b` } } })],
  ['a $ref below an $id', () => json({ $id: `${at}/base/`, properties: { a: { $ref: 'a.json' } } })],
  [
    'a $dynamicRef',
    () => json({ $schema: 'https://json-schema.org/draft/2020-12/schema', $dynamicRef: `${at}/a.json#x` }),
  ],
  [
    'an import of Protobuf',
    () => ({ schemaType: 'PROTOBUF', schema: `syntax = "proto3"; import "${at}/a.proto"; message A {}` }),
  ],
  ['a type of Avro', () => ({ schema: JSON.stringify(`${at}/a.avsc`) })],
];

test.each(UNRESOLVED)(
  '%s that names a server is refused as an invalid schema, and the server is not asked',
  async (_, schema) => {
    for (const path of ['/subjects/remote/versions', '/compatibility/subjects/remote/versions/latest']) {
      expect(await ask(path, schema())).toEqual({
        status: 422,
        body: { error_code: 42201, message: expect.any(String) },
      });
    }
    expect(connections).toBe(0);
    const { rows } = await database.db.query('select from registry.subject_version where subject = $1', ['remote']);
    expect(rows).toEqual([]);
  },
);

test('an $id, a $schema and a reference with the address of a server are names, and the server is not asked', async () => {
  const part = await requests.register('part', json({ $id: `${at}/part.json`, type: 'string' }));
  const whole = json({ $id: `${at}/whole.json`, properties: { a: { $ref: `${at}/part.json` } } });
  const body = { ...whole, references: [{ name: `${at}/part.json`, subject: 'part', version: 1 }] };
  const { id } = await requests.register('whole', body);
  expect(id).not.toBe(part.id);
  expect(await ask('/compatibility/subjects/whole/versions/latest', body)).toMatchObject({
    body: { is_compatible: true },
  });
  expect((await ask('/subjects/whole', body)).status).toBe(200);
  await requests.register('dialect', json({ $schema: `${at}/dialect.json`, type: 'string' }));
  await requests.get(`/schemas/ids/${id}?format=resolved`);
  await requests.get(`/schemas/ids/${id}?format=typescript`);
  expect(connections).toBe(0);
  // It would have been seen.
  await fetch(at);
  expect(connections).toBe(1);
});
