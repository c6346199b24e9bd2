import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { type ClusterLease, PostgresClusterStore, readCanaries, requestClusterWork, saveCanary } from '../src/index.ts';

let database: TestDatabase;
let store: PostgresClusterStore;
let lease: ClusterLease;

beforeAll(async () => {
  database = await createTestDatabase();
  store = new PostgresClusterStore(database.db);
  lease = (await store.acquire({ name: 'a', required: true }, 'me', { host: 'test', pid: 1 }, 60_000))!;
  await database.db.query(
    `select outbox.create_topic('orders', p_partitions => 3), outbox.create_topic('private', p_partitions => 2)`,
  );
  await store.saveTopics(lease, [
    { topicId: await idOf('orders'), name: 'orders', kafkaTopicId: null, state: 'publishing', detail: '' },
    { topicId: await idOf('private'), name: 'private', kafkaTopicId: null, state: 'not routed', detail: '' },
  ]);
});
afterAll(() => database.drop());

async function idOf(topic: string): Promise<number> {
  const { rows } = await database.db.query<{ id: number }>('select id from outbox.topic where name = $1', [topic]);
  return rows[0]!.id;
}

test('each partition that is published is asked for once, and taken once', async () => {
  expect(await requestClusterWork(database.db, { cluster: 'a' })).toBe(3);
  expect(await requestClusterWork(database.db, { cluster: 'a', topic: 'orders' })).toBe(3);
  const taken = await store.takeRequests(lease);
  expect(new Set(taken.map(({ partition, action }) => `${partition} ${action}`))).toEqual(
    new Set(['0 locate', '1 locate', '2 locate']),
  );
  expect(taken).toHaveLength(3);
  expect(await store.takeRequests(lease)).toEqual([]);
});

test('a newer request replaces an older one', async () => {
  await requestClusterWork(database.db, { cluster: 'a', topic: 'orders', partition: 1 });
  expect(await requestClusterWork(database.db, { cluster: 'a', topic: 'orders', partition: 1, acceptFrom: 7n })).toBe(
    1,
  );
  expect(await store.takeRequests(lease)).toEqual([
    { topicId: await idOf('orders'), partition: 1, action: 'accept', fromOffset: 7n },
  ]);
});

test('nothing is asked of topics that are not published, and of clusters that do not exist', async () => {
  expect(await requestClusterWork(database.db, { cluster: 'a', topic: 'private' })).toBe(0);
  expect(await requestClusterWork(database.db, { cluster: 'a', topic: 'orders', partition: 3 })).toBe(0);
  await expect(requestClusterWork(database.db, { cluster: 'b' })).rejects.toMatchObject({ code: 'CLUSTER_UNKNOWN' });
});

test('a publisher whose lease is over takes nothing', async () => {
  await requestClusterWork(database.db, { cluster: 'a', topic: 'orders', partition: 0 });
  const stale = { ...lease, term: lease.term - 1n };
  expect(await store.takeRequests(stale)).toEqual([]);
  expect(await store.takeRequests(lease)).toHaveLength(1);
});

test('the newest canary of a cluster is kept', async () => {
  const [earlier, later] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-01T00:00:10Z')];
  await saveCanary(database.db, 'a', { sentAt: later, readableMs: 4.5, failure: null });
  await saveCanary(database.db, 'a', { sentAt: earlier, readableMs: null, failure: 'too late' });
  await saveCanary(database.db, 'unknown', { sentAt: later, readableMs: 1, failure: null });
  expect([...(await readCanaries(database.db))]).toEqual([
    [lease.clusterId, { sentAt: later, readableMs: 4.5, failure: null }],
  ]);
});
