import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodePayload } from '#libs/codec';
import { MemoryRegistry } from '../../../libs/codec/test/memory-registry.ts';
import { loadRelayConfig } from '../src/config.ts';
import { startTestRelay, type TestRelay } from './running-relay.ts';

const MONEY = 'syntax = "proto3"; message Money { int64 cents = 1; }';
const PAID = 'syntax = "proto3"; import "money.proto"; message Paid { Money total = 1; }';

let registry: MemoryRegistry;
let relay: TestRelay;
beforeAll(async () => {
  registry = await new MemoryRegistry().start();
  relay = await startTestRelay({ TIDEMARK_REGISTRY_URL: registry.url, TIDEMARK_REGISTRY_USER: 'ada:a:b' });
  await relay.database.db.query(`select outbox.create_topic('paid', 1)`);
  registry.add('money', 'PROTOBUF', MONEY);
  const paid = registry.add('paid', 'PROTOBUF', PAID, [{ name: 'money.proto', subject: 'money', version: 1 }]);
  const stored = {
    id: paid.id,
    schemaType: 'PROTOBUF' as const,
    text: PAID,
    dependencies: [{ name: 'money.proto', text: MONEY }],
  };
  for (const [bytes, id] of [
    [encodePayload(stored, { total: { cents: 2n ** 60n } }), paid.id],
    [Buffer.from('000000ffff00', 'hex'), 65_535],
    [Buffer.from('000000fffe00', 'hex'), 65_534],
  ] as const) {
    await relay.database.db.query(`select outbox.emit_bytes('paid', null, $1, '{}', null, null, $2)`, [bytes, id]);
  }
  await relay.caughtUp();
});
afterAll(async () => {
  await relay.stop();
  await registry.stop();
});

async function decoded(): Promise<unknown[]> {
  const response = await relay.get('/v1/topics/paid/records?decode=true');
  expect(response.status).toBe(200);
  return ((await response.json()) as { items: { decoded: unknown }[] }).items.map((record) => record.decoded);
}

test('a configured registry is asked for schemas, with what they refer to, and when it is silent once per page', async () => {
  registry.failures.push(401);
  const before = registry.requests.length;
  expect(await decoded()).toMatchObject([
    { schemaType: null, error: { code: 'UNAUTHENTICATED' } },
    { schemaId: 65_535, error: { code: 'UNAUTHENTICATED' } },
    { schemaId: 65_534, error: { code: 'UNAUTHENTICATED' } },
  ]);
  expect(registry.requests.slice(before)).toEqual([]);
  expect(await decoded()).toMatchObject([
    { schemaType: 'PROTOBUF', value: { total: { cents: '1152921504606846976' } } },
    { schemaId: 65_535, error: { code: 'SCHEMA_UNKNOWN' } },
    { schemaId: 65_534, error: { code: 'SCHEMA_UNKNOWN' } },
  ]);
  expect(registry.authorizations.at(-1)).toBe(`Basic ${Buffer.from('ada:a:b').toString('base64')}`);
});

test('credentials do not belong in its URL', () => {
  const given = { DATABASE_URL: 'postgres://localhost/a', TIDEMARK_REGISTRY_URL: 'http://ada:secret@localhost:8081' };
  expect(() => loadRelayConfig(given)).toThrow(/TIDEMARK_REGISTRY_URL: expected a URL without credentials/);
});
