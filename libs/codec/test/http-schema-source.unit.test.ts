import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { HttpSchemaSource, SchemaCache, subjectName } from '../src/index.ts';
import { MemoryRegistry } from './memory-registry.ts';

let registry: MemoryRegistry;
const pauses: number[] = [];
const source = (more: object = {}) =>
  new HttpSchemaSource({
    url: registry.url,
    random: () => 1,
    sleep: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
    ...more,
  });
beforeAll(async () => {
  registry = await new MemoryRegistry().start();
  registry.add('a', 'JSON', '{"$defs":{}}');
  registry.add('b', 'JSON', '{"$ref":"a.json"}', [{ name: 'a.json', subject: 'a', version: 1 }]);
  registry.add('c', 'JSON', '{"$ref":"b.json"}', [
    { name: 'b.json', subject: 'b', version: 1 },
    { name: 'a.json', subject: 'a', version: 1 },
  ]);
});
afterAll(() => registry.stop());
beforeEach(() => {
  pauses.length = 0;
  registry.requests.length = 0;
  registry.failures.length = 0;
});

test('a schema comes with the closure of its references, each after what it uses', async () => {
  const { subject, version, schema } = await source().latest('c');
  expect({ subject, version, id: schema.id }).toEqual({ subject: 'c', version: 1, id: 102 });
  expect(schema.dependencies.map(({ name }) => name)).toEqual(['a.json', 'b.json']);
  expect(await source().byId(102)).toMatchObject({ id: 102, text: '{"$ref":"b.json"}' });
  expect(await source().byGuid(schema.guid!)).toMatchObject({ id: 102, guid: schema.guid });
  expect(await source().byVersion('c', 1)).toMatchObject({ subject: 'c', version: 1 });
});

test('what the registry does not have is said, and not asked for again', async () => {
  await expect(source().byId(7)).rejects.toMatchObject({ code: 'SCHEMA_UNKNOWN' });
  await expect(source().latest('nobody')).rejects.toMatchObject({
    code: 'SCHEMA_UNKNOWN',
    message: expect.stringContaining('nobody version latest'),
  });
  expect(registry.requests).toHaveLength(2);
});

test('failures that may pass are tried again with growing pauses, within a bound', async () => {
  registry.failures.push(503, 429, 500);
  expect(await source().byId(100)).toMatchObject({ id: 100 });
  expect(pauses).toEqual([100, 200, 400]);
  registry.failures.push(503, 503, 503, 503);
  await expect(source().byId(100)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', retryable: true });
});

test('a refusal is not tried again', async () => {
  registry.failures.push(401);
  await expect(source().byId(100)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  registry.failures.push(403);
  await expect(source().byId(100)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(pauses).toEqual([]);
});

test('an answer that is too large, or never comes, is given up', async () => {
  await expect(source({ answerBytesMax: 10, attemptsMax: 1 }).byId(100)).rejects.toMatchObject({
    code: 'REGISTRY_UNAVAILABLE',
    message: expect.stringContaining('more than 10 bytes'),
  });
  const silent = (_url: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  await expect(source({ fetch: silent, timeoutMs: 5, attemptsMax: 2 }).byId(100)).rejects.toMatchObject({
    code: 'REGISTRY_UNAVAILABLE',
  });
});

test('credentials are sent, and neither they nor those of a URL are shown', async () => {
  const seen: unknown[] = [];
  const spy = (_url: unknown, { headers }: { headers: Record<string, string> }) => {
    seen.push(headers['authorization']);
    return Promise.reject(new Error('no route'));
  };
  const options = { fetch: spy, attemptsMax: 1, url: 'http://u:hush@localhost:1' };
  const error = await source({ ...options, credentials: { user: 'u', password: 'hush' } })
    .byId(1)
    .catch((error: Error) => error);
  await expect(source({ ...options, credentials: { token: 't' } }).byId(1)).rejects.toThrow();
  expect(seen).toEqual(['Basic dTpodXNo', 'Bearer t']);
  expect((error as Error).message).not.toContain('hush');
});

describe('the cache', () => {
  test('answers what never changes after the first time, and waits once for many', async () => {
    const cached = new SchemaCache().over(source());
    const found = await Promise.all([cached.byId(100), cached.byId(100), cached.byId(100)]);
    expect(new Set(found).size).toBe(1);
    expect(await cached.byId(100)).toBe(found[0]);
    expect(registry.requests).toEqual(['/schemas/ids/100']);
  });

  test('asks for the latest version again when it is out of date', async () => {
    let now = 0;
    const cached = new SchemaCache({ freshMs: 1_000, now: () => now }).over(source());
    await cached.latest('a');
    now = 999;
    await cached.latest('a');
    expect(registry.requests).toHaveLength(1);
    now = 1_000;
    await cached.latest('a');
    expect(registry.requests).toHaveLength(2);
  });

  test('keeps within its bytes', async () => {
    const cached = new SchemaCache({ bytesMax: 2_800 }).over(source());
    await cached.byId(100);
    await cached.byId(101);
    await cached.byId(100);
    expect(registry.requests.filter((path) => path === '/schemas/ids/100')).toHaveLength(2);
  });

  test('does not keep what is not settled', async () => {
    let asked = 0;
    const unsettled = {
      latest: async (subject: string) => {
        asked += 1;
        return { ...(await source().latest(subject)), settled: false };
      },
    };
    const cache = new SchemaCache();
    await cache.over(unsettled as never).latest('a');
    await cache.over(unsettled as never).latest('a');
    expect(asked).toBe(2);
  });
});

describe('the name of a subject', () => {
  const question = { topic: 'orders', part: 'value', recordName: 'shop.Order' } as const;
  const associated = { associatedSubject: () => Promise.resolve('own-subject') };
  const alone = { associatedSubject: () => Promise.resolve(undefined) };

  test.each([
    ['TOPIC', alone, 'orders-value'],
    ['RECORD', alone, 'shop.Order'],
    ['TOPIC_RECORD', alone, 'orders-shop.Order'],
    ['ASSOCIATED', associated, 'own-subject'],
    ['ASSOCIATED', alone, 'orders-value'],
    ['ASSOCIATED', {}, 'orders-value'],
  ] as const)('%s', async (strategy, registry, expected) => {
    expect(await subjectName(strategy, question, registry)).toBe(expected);
  });

  test('a strategy that needs a record is refused without one', async () => {
    await expect(subjectName('RECORD', { topic: 'orders', part: 'key' }, alone)).rejects.toMatchObject({
      code: 'PAYLOAD_INVALID',
    });
  });

  test('the associations of a registry are asked over HTTP', async () => {
    expect(await source().associatedSubject('orders', 'value')).toBeUndefined();
    expect(registry.requests).toEqual(['/associations/resources/-/orders']);
  });
});
