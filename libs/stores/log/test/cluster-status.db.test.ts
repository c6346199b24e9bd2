import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import {
  acquireLease,
  type ClusterLease,
  type ClusterTopicState,
  commitStep,
  PostgresClusterStore,
  readClusterLag,
  readClusters,
  readSegments,
} from '../src/index.ts';

const LEASE_MS = 60_000;

let database: TestDatabase;
let store: PostgresClusterStore;
let term: bigint;
let cursor = 0n;
const topics = new Map<string, number>();

beforeAll(async () => {
  database = await createTestDatabase();
  store = new PostgresClusterStore(database.db);
  term = (await acquireLease(database.db, 'sequencer', { host: 'h', pid: 1 }, 600_000))!.term;
  for (const name of ['orders', 'refused', 'elsewhere', 'undecided']) {
    await database.db.query('select outbox.create_topic($1, 2)', [name]);
    const found = await database.db.query<{ id: number }>('select id from outbox.topic where name = $1', [name]);
    topics.set(name, found.rows[0]!.id);
    // Two batches of 10 records: an hour old, then a minute.
    await append(name, 0, 0n, 3_600);
    await append(name, 0, 10n, 60);
  }
  await append('orders', 1, 0n, 3_600);
});
afterAll(() => database.drop());
beforeEach(() => database.db.query('delete from log.cluster'));

async function append(topic: string, partition: number, baseOffset: bigint, secondsAgo: number): Promise<void> {
  const us = (Date.now() - secondsAgo * 1000) * 1000;
  const positions = Array.from({ length: 10 }, (_, n) => cursor + BigInt(n) + 1n);
  const times = { firstUs: us, lastUs: us, highUs: us };
  const batch = {
    topicId: topics.get(topic)!,
    partition,
    baseOffset,
    positions,
    bytes: 100,
    ...times,
    placeholders: 0,
  };
  const step = { term, from: cursor, to: cursor + 10n, leaseMs: 600_000, batches: [batch], placeholders: [] };
  expect(await commitStep(database.db, step)).toBe(true);
  cursor += 10n;
}

async function publisher(name: string): Promise<ClusterLease> {
  return (await store.acquire({ name, required: true }, 'relay-1', { host: 'h', pid: 7 }, LEASE_MS))!;
}

const decided = (lease: ClusterLease, states: Record<string, ClusterTopicState>) =>
  store.saveTopics(
    lease,
    Object.entries(states).map(([name, state]) => ({
      topicId: topics.get(name)!,
      name,
      kafkaTopicId: null,
      state,
      detail: '',
    })),
  );

const acked = (
  lease: ClusterLease,
  topic: string,
  partition: number,
  ackedOffset: bigint,
  trouble: string | null = null,
) =>
  store.saveProgress(lease, LEASE_MS, [
    { topicId: topics.get(topic)!, partition, ackedOffset, ackedPosition: ackedOffset, trouble },
  ]);

describe('the lag', () => {
  test('is what a cluster lacks of the topics that it shall have, in messages and in time', async () => {
    const lease = await publisher('main');
    await decided(lease, { orders: 'publishing', refused: 'refused', elsewhere: 'not routed' });
    await acked(lease, 'orders', 0, 13n, 'the broker is away');
    await acked(lease, 'orders', 1, 10n);
    const [lag] = await readClusterLag(database.db);
    expect(lag).toMatchObject({ cluster: 'main', clusterId: lease.clusterId, messages: 27n });
    expect(lag!.partitions).toMatchObject([
      { topic: 'orders', partition: 0, messages: 7n, trouble: 'the broker is away' },
      { topic: 'refused', partition: 0, messages: 20n, trouble: null },
    ]);
    const [orders, refused] = lag!.partitions.map(({ behindMs }) => behindMs);
    expect(orders).toBeGreaterThanOrEqual(60_000);
    expect(orders).toBeLessThan(120_000);
    expect(refused).toBeGreaterThanOrEqual(3_600_000);
    expect(refused).toBeLessThan(3_700_000);
    expect(lag!.behindMs).toBe(refused);
  });

  test('is nothing for a cluster that has everything, and does not count what retention took', async () => {
    const lease = await publisher('main');
    await decided(lease, { orders: 'publishing' });
    await acked(lease, 'orders', 0, 20n);
    const counted = async () =>
      (await readClusterLag(database.db)).map(({ messages, partitions }) => [messages, partitions.length]);
    expect(await counted()).toEqual([[10n, 1]]);
    await database.db.query('update log.head set start_offset = 4 where topic_id = $1 and partition = 1', [
      topics.get('orders'),
    ]);
    expect(await counted()).toEqual([[6n, 1]]);
    await acked(lease, 'orders', 1, 10n);
    expect(await readClusterLag(database.db)).toEqual([
      { cluster: 'main', clusterId: lease.clusterId, messages: 0n, behindMs: 0, partitions: [] },
    ]);
  });

  test('is told of each cluster, in order of name', async () => {
    await publisher('b');
    const lease = await publisher('a');
    await decided(lease, { orders: 'publishing' });
    expect((await readClusterLag(database.db)).map(({ cluster, partitions }) => [cluster, partitions.length])).toEqual([
      ['a', 2],
      ['b', 0],
    ]);
  });
});

describe('the clusters', () => {
  test('show who publishes, in which mode, and how much there is', async () => {
    const lease = await publisher('main');
    const identity = {
      kafkaClusterId: 'k',
      producer: { id: 9n, epoch: 0 },
      mode: 'exact',
      modeReason: 'probe',
    } as const;
    await store.saveIdentity(lease, identity);
    await decided(lease, {
      orders: 'publishing',
      refused: 'refused',
      elsewhere: 'not routed',
      undecided: 'publishing',
    });
    await acked(lease, 'orders', 0, 5n);
    await acked(lease, 'orders', 1, 5n, 'blocked');
    const segment = { fromOffset: 0n, delta: 0n, sequenceDelta: 3n, reason: 'start' } as const;
    const of = { topicId: topics.get('orders')!, partition: 0 };
    await store.saveSegments(lease, [{ ...of, segments: [segment] }]);
    await store.savePlaceholder(lease, { ...of, offset: 2n, reason: 'too-large', detail: '' });
    const shown = {
      ...identity,
      clusterId: lease.clusterId,
      name: 'main',
      required: true,
      term: 1n,
      publisher: { holder: 'relay-1', host: 'h', pid: 7 },
      topics: { publishing: 2, notRouted: 1, refused: 1 },
      partitions: 2,
      troubled: 1,
      segments: 1,
      deltaZeroEverywhere: true,
      placeholders: 1,
    };
    const [status] = await readClusters(database.db);
    expect(status).toMatchObject(shown);
    expect(status!.publisher!.leaseExpiresInMs).toBeGreaterThan(50_000);
    await store.saveSegments(lease, [
      { ...of, segments: [segment, { ...segment, fromOffset: 5n, delta: 1n, reason: 'foreign' }] },
    ]);
    expect(await readClusters(database.db)).toMatchObject([{ segments: 2, deltaZeroEverywhere: false }]);
  });

  test('have no publisher without a lease or with an expired one', async () => {
    await publisher('idle');
    const late = await publisher('late');
    await store.renew(late, -1);
    await store.release(await publisher('left'));
    const shown = (await readClusters(database.db)).map(({ name, publisher: by, deltaZeroEverywhere }) => [
      name,
      by?.holder ?? null,
      deltaZeroEverywhere,
    ]);
    expect(shown).toEqual([
      ['idle', 'relay-1', true],
      ['late', null, true],
      ['left', null, true],
    ]);
  });
});

describe('the segments of a topic', () => {
  test('come by partition, with how far it is acked', async () => {
    const lease = await publisher('main');
    const topicId = topics.get('orders')!;
    const segments = [
      { fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' },
      { fromOffset: 7n, delta: 2n ** 33n, sequenceDelta: -4n, reason: 'pruned' },
    ] as const;
    await store.saveSegments(lease, [{ topicId, partition: 1, segments }]);
    await acked(lease, 'orders', 0, 5n);
    await acked(lease, 'elsewhere', 0, 5n);
    expect(await readSegments(database.db, 'main', 'orders')).toEqual([
      { partition: 0, ackedOffset: 5n, trouble: null, segments: [] },
      { partition: 1, ackedOffset: 0n, trouble: null, segments },
    ]);
    expect(await readSegments(database.db, 'main', 'undecided')).toEqual([]);
  });

  test('are refused for names that are not known', async () => {
    await expect(readSegments(database.db, 'nobody', 'orders')).rejects.toMatchObject({ code: 'CLUSTER_UNKNOWN' });
    await publisher('main');
    await expect(readSegments(database.db, 'main', 'nothing')).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' });
  });
});
