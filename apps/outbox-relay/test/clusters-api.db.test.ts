import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createResponseChecker, type OpenApiDocument, type ResponseChecker } from '#libs/foundation/http';
import {
  type ClusterLease,
  type ClusterTopicState,
  PostgresClusterStore,
  saveCanary,
  type Segment,
} from '#libs/stores/log';
import { startTestRelay, type TestRelay } from './running-relay.ts';

const LEASE_MS = 60_000;
const START: Segment = { fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' };

let relay: TestRelay;
let store: PostgresClusterStore;
let check: ResponseChecker;
let topicIds: ReadonlyMap<string, number>;

beforeAll(async () => {
  relay = await startTestRelay();
  store = new PostgresClusterStore(relay.database.db);
  check = createResponseChecker((await (await relay.get('/openapi.json')).json()) as OpenApiDocument);
  const { db } = relay.database;
  await db.query(`select outbox.create_topic(name, 2) from unnest(array['orders', 'billing', 'secret']) name`);
  // 12 records in partition 0 of each; partition 1 stays empty.
  await db.query(
    `select outbox.emit(t.name, 'k', to_jsonb(n), null, 0) from outbox.topic t, generate_series(1, 12) n order by n`,
  );
  await relay.caughtUp();
  const topics = await db.query<{ id: number; name: string }>('select id, name from outbox.topic');
  topicIds = new Map(topics.rows.map(({ id, name }) => [name, id]));
});
afterAll(() => relay.stop());
beforeEach(() => relay.database.db.query('delete from log.cluster'));

/** The answer as JSON, after it was held against the OpenAPI document. */
async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: never }> {
  const response = body === undefined ? await relay.get(path, { method }) : await relay.send(method, path, body);
  const contentType = response.headers.get('content-type');
  const answer: unknown = await response.json();
  const seen = { method, path: path.split('?')[0]!, status: response.status, contentType, body: answer };
  expect({ path, status: response.status, problems: check(seen) }).toMatchObject({ problems: [] });
  return { status: response.status, body: answer as never };
}

const publish = async (name: string): Promise<ClusterLease> =>
  (await store.acquire({ name, required: true }, 'relay-1', { host: 'h', pid: 7 }, LEASE_MS))!;

const decide = (lease: ClusterLease, states: Record<string, ClusterTopicState>, prefix = '') =>
  store.saveTopics(
    lease,
    Object.entries(states).map(([topic, state]) => ({
      topicId: topicIds.get(topic)!,
      name: `${prefix}${topic}`,
      kafkaTopicId: null,
      state,
      detail: state === 'refused' ? 'it has other partitions' : '',
    })),
  );

async function acked(
  lease: ClusterLease,
  topic: string,
  ackedOffset: bigint,
  { segments = [START], trouble = null as string | null, partition = 0 } = {},
): Promise<void> {
  const of = { topicId: topicIds.get(topic)!, partition };
  await store.saveSegments(lease, [{ ...of, segments }]);
  await store.saveProgress(lease, LEASE_MS, [{ ...of, ackedOffset, ackedPosition: ackedOffset, trouble }]);
}

const audited = async (action: string): Promise<unknown[]> =>
  (await relay.database.db.query('select target, detail from audit.entry where action = $1 order by id desc', [action]))
    .rows;

describe('clusters', () => {
  test('are listed with what is known of them, page by page', async () => {
    const lease = await publish('main');
    await publish('spare');
    await decide(lease, { orders: 'publishing', billing: 'publishing', secret: 'refused' });
    await acked(lease, 'orders', 5n, { trouble: 'the broker is away' });
    await acked(lease, 'billing', 12n, {
      segments: [START, { ...START, fromOffset: 3n, delta: 2n, reason: 'foreign' }],
    });
    const sentAt = new Date('2026-01-01T00:00:00.000Z');
    await saveCanary(relay.database.db, 'main', { sentAt, readableMs: 4.5, failure: null });
    const { body } = await call('GET', '/v1/clusters');
    expect(body).toMatchObject({
      items: [
        {
          name: 'main',
          configuredHere: false,
          required: true,
          publisher: { holder: 'relay-1', host: 'h', pid: 7 },
          thisInstancePublishes: false,
          topics: { publishing: 2, notRouted: 0, refused: 1 },
          partitions: 2,
          troubled: 1,
          segments: 3,
          deltaZeroEverywhere: false,
          // 7 of orders, and all 12 of the refused topic.
          lag: { messages: '19' },
          canary: { sentAt: sentAt.toISOString(), readableMs: 4.5, failure: null },
        },
        { name: 'spare', deltaZeroEverywhere: true, lag: { messages: '0', seconds: 0 }, canary: null },
      ],
      nextCursor: null,
    });
    const first = (await call('GET', '/v1/clusters?limit=1')).body as { nextCursor: string };
    expect((await call('GET', `/v1/clusters?limit=1&cursor=${first.nextCursor}`)).body).toMatchObject({
      items: [{ name: 'spare' }],
      nextCursor: null,
    });
  });

  test('are described with their topics, page by page', async () => {
    const lease = await publish('main');
    await decide(lease, { orders: 'publishing', billing: 'not routed', secret: 'refused' }, 'shop.');
    const first = (await call('GET', '/v1/clusters/main?limit=2')).body as { nextCursor: string };
    expect(first).toMatchObject({
      cluster: { name: 'main' },
      items: [
        { topic: 'billing', nameOnCluster: 'shop.billing', state: 'not routed' },
        { topic: 'orders', state: 'publishing' },
      ],
    });
    expect((await call('GET', `/v1/clusters/main?limit=2&cursor=${first.nextCursor}`)).body).toMatchObject({
      items: [{ topic: 'secret', state: 'refused', detail: 'it has other partitions' }],
      nextCursor: null,
    });
    expect(await call('GET', '/v1/clusters/nobody')).toMatchObject({ status: 404, body: { code: 'CLUSTER_UNKNOWN' } });
  });

  test('a topic is described partition by partition', async () => {
    const lease = await publish('main');
    await decide(lease, { orders: 'publishing' });
    await acked(lease, 'orders', 5n, {
      trouble: 'the broker is away',
      segments: [START, { ...START, fromOffset: 3n, delta: 2n, reason: 'foreign' }],
    });
    expect((await call('GET', '/v1/clusters/main/topics/orders')).body).toMatchObject({
      topic: 'orders',
      state: 'publishing',
      partitions: [
        {
          partition: 0,
          ackedOffset: '5',
          endOffset: '12',
          lag: { messages: '7' },
          delta: '2',
          segments: [
            { fromOffset: '0', delta: '0', reason: 'start' },
            { fromOffset: '3', delta: '2', reason: 'foreign' },
          ],
          trouble: 'the broker is away',
          phase: null,
        },
        { partition: 1, ackedOffset: '0', endOffset: '0', lag: { messages: '0', seconds: 0 }, delta: null },
      ],
    });
    expect((await call('GET', '/v1/clusters/main/topics/billing')).body).toMatchObject({ code: 'TOPIC_NOT_PUBLISHED' });
    expect((await call('GET', '/v1/clusters/main/topics/nothing')).body).toMatchObject({ code: 'TOPIC_UNKNOWN' });
  });
});

describe('asking for work', () => {
  const requests = async () =>
    (await relay.database.db.query('select partition, action, from_offset from log.cluster_request order by partition'))
      .rows;

  test('resync asks the publisher for a topic or for all of them, and is audited', async () => {
    const lease = await publish('main');
    await decide(lease, { orders: 'publishing', billing: 'publishing', secret: 'not routed' });
    expect(await call('POST', '/v1/clusters/main/resync', {})).toMatchObject({ status: 200, body: { partitions: 4 } });
    await relay.database.db.query('delete from log.cluster_request');
    expect((await call('POST', '/v1/clusters/main/resync', { topic: 'orders', partition: 1 })).body).toEqual({
      partitions: 1,
    });
    expect(await requests()).toEqual([{ partition: 1, action: 'locate', from_offset: null }]);
    expect((await audited('cluster.resync'))[0]).toEqual({ target: 'main', detail: { topic: 'orders', partition: 1 } });
    for (const [body, code] of [
      [{ topic: 'secret' }, 'TOPIC_NOT_PUBLISHED'],
      [{ topic: 'nothing' }, 'TOPIC_UNKNOWN'],
      [{ topic: 'orders', partition: 9 }, 'PARTITION_INVALID'],
    ] as const)
      expect((await call('POST', '/v1/clusters/main/resync', body)).body).toMatchObject({ code });
    expect((await call('POST', '/v1/clusters/nobody/resync', {})).body).toMatchObject({ code: 'CLUSTER_UNKNOWN' });
  });

  test('accept takes a decision for a partition that stopped, with its reason, and for no other', async () => {
    const lease = await publish('main');
    await decide(lease, { orders: 'publishing' });
    await acked(lease, 'orders', 5n);
    const path = '/v1/clusters/main/topics/orders/partitions/0/accept';
    const decision = { fromOffset: '9', reason: 'restored from the backup of Monday' };
    expect(await call('POST', path, decision)).toMatchObject({ status: 409, body: { code: 'PARTITION_NOT_STOPPED' } });
    await acked(lease, 'orders', 5n, { trouble: 'ahead: Postgres was set back' });
    expect(await call('POST', path, { ...decision, fromOffset: '13' })).toMatchObject({
      status: 416,
      body: { code: 'OFFSET_OUT_OF_RANGE', startOffset: '0', endOffset: '12' },
    });
    expect(await call('POST', path, { fromOffset: '9', reason: ' ' })).toMatchObject({ status: 400 });
    expect(await requests()).toEqual([]);
    expect((await call('POST', path, decision)).body).toMatchObject({
      fromOffset: '9',
      trouble: 'ahead: Postgres was set back',
    });
    expect(await requests()).toEqual([{ partition: 0, action: 'accept', from_offset: '9' }]);
    expect((await audited('cluster.accept'))[0]).toEqual({
      target: 'main',
      detail: { topic: 'orders', partition: 0, ...decision },
    });
  });

  test('a cluster is removed once nobody publishes to it', async () => {
    const lease = await publish('main');
    await decide(lease, { orders: 'publishing' });
    await acked(lease, 'orders', 5n);
    expect(await call('DELETE', '/v1/clusters/main')).toMatchObject({ status: 409, body: { code: 'CLUSTER_IN_USE' } });
    await store.release(lease);
    expect((await call('DELETE', '/v1/clusters/main')).body).toMatchObject({ removed: 'main', ackedRecords: '5' });
    expect((await call('GET', '/v1/clusters')).body).toMatchObject({ items: [] });
    expect((await audited('cluster.remove'))[0]).toMatchObject({ target: 'main' });
  });
});

describe('translating offsets', () => {
  const translate = (from: string, to: string, offset: number, partition = 0) =>
    call('GET', `/v1/clusters/${from}/translate?to=${to}&topic=orders&partition=${partition}&offset=${offset}`);

  test('is exact, between clusters and with the log', async () => {
    const [one, two] = [await publish('one'), await publish('two')];
    for (const lease of [one, two]) await decide(lease, { orders: 'publishing' });
    await acked(one, 'orders', 12n, { segments: [START, { ...START, fromOffset: 4n, delta: 2n, reason: 'foreign' }] });
    await acked(two, 'orders', 6n, { segments: [{ ...START, delta: 100n, reason: 'adopted' }] });
    expect((await translate('one', 'two', 7)).body).toEqual({
      topic: 'orders',
      partition: 0,
      from: { cluster: 'one', offset: '7' },
      to: { cluster: 'two', offset: '105' },
      logOffset: '5',
      skipped: '0',
      present: true,
      lacking: '0',
    });
    // At the foreign records: on with the next of ours.
    expect((await translate('one', 'two', 4)).body).toMatchObject({ logOffset: '4', to: { offset: '104' } });
    expect((await translate('one', 'two', 12)).body).toMatchObject({ logOffset: '10', present: false, lacking: '4' });
    expect((await translate('one', 'log', 12)).body).toMatchObject({ to: { offset: '10' }, present: true });
    expect((await translate('log', 'one', 10)).body).toMatchObject({ to: { offset: '12' }, present: true });
  });

  test('is refused where there is nothing to translate', async () => {
    const one = await publish('one');
    await publish('two');
    await decide(one, { orders: 'publishing' });
    await acked(one, 'orders', 12n);
    expect((await translate('one', 'two', 7)).body).toMatchObject({ code: 'TOPIC_NOT_PUBLISHED' });
    expect((await translate('one', 'nobody', 7)).body).toMatchObject({ code: 'CLUSTER_UNKNOWN' });
    expect((await translate('one', 'log', 7, 9)).body).toMatchObject({ code: 'PARTITION_INVALID' });
  });
});

describe('calls that need the cluster itself', () => {
  test('are refused where this relay is not configured for it', async () => {
    await publish('main');
    await publish('spare');
    const body = { group: 'billing', to: 'spare' };
    expect(await call('POST', '/v1/clusters/main/failover', body)).toMatchObject({
      status: 409,
      body: { code: 'CLUSTER_NOT_CONFIGURED' },
    });
    expect((await call('POST', '/v1/clusters/nobody/failover', body)).body).toMatchObject({ code: 'CLUSTER_UNKNOWN' });
    expect((await call('POST', '/v1/clusters/spare/failover', body)).body).toMatchObject({ code: 'REQUEST_INVALID' });
  });
});
