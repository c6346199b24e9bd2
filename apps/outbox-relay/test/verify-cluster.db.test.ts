import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ANONYMOUS, Writes } from '#libs/foundation/http';
import { KAFKA_ERROR, type KafkaRecord } from '#libs/foundation/kafka';
import { TidemarkError } from '#libs/foundation/kernel';
import { eventually } from '#libs/foundation/testing';
import { tooLargeRecord } from '#libs/movers/publisher';
import { type ClusterLease, PostgresClusterStore } from '#libs/stores/log';
import { kafkaRecordOf, kafkaRecordPlan, type TopicRecord } from '#libs/stores/topic';
import { VerifyController } from '../src/http/clusters/verify.controller.ts';
import type { Relay } from '../src/relay.ts';
import { startTestRelay, type TestRelay } from './running-relay.ts';

const LEASE_MS = 60_000;
const RECORDS = 50;

let relay: TestRelay;
let store: PostgresClusterStore;
let lease: ClusterLease;

beforeAll(async () => {
  relay = await startTestRelay();
  store = new PostgresClusterStore(relay.database.db);
  await relay.database.db.query(`select outbox.create_topic('orders', 2)`);
  await relay.database.db.query(
    `select outbox.emit('orders', 'k', to_jsonb(n), null, 0) from generate_series(1, $1) n`,
    [RECORDS],
  );
  await relay.caughtUp();
});
afterAll(() => relay.stop());

const recordFor = (record: TopicRecord, clusterTopic: string): KafkaRecord =>
  kafkaRecordOf(record, kafkaRecordPlan(record.topic, clusterTopic, { schemaId: 'never', debezium: false }));

/** Partition 0 of one topic on a cluster of one broker; whatever else is asked for is not there. */
class Cluster {
  records: KafkaRecord[] = [];
  /** Answers of fetches wait for it. */
  gate: Promise<void> = Promise.resolve();
  fetchError = 0;
  metadata = () =>
    Promise.resolve({
      clusterId: 'c',
      controller: 1,
      brokers: [],
      topics: [
        {
          name: 'orders',
          errorCode: 0,
          id: null,
          partitions: [{ partition: 0, errorCode: 0, leader: 1, leaderEpoch: 0, replicas: [1], inSyncReplicas: [1] }],
        },
      ],
    });
  listOffsets = (_broker: number, of: readonly { topic: string; partition: number }[], at: unknown) =>
    Promise.resolve(
      of.map((each) => ({ ...each, errorCode: 0, offset: at === 'latest' ? BigInt(this.records.length) : 0n })),
    );
  topicConfigs = () => Promise.resolve(new Map());
  fetch = async (_broker: number, [wanted]: readonly { topic: string; partition: number; offset: bigint }[]) => {
    await this.gate;
    const { topic, partition, offset } = wanted!;
    const records = this.records
      .map((record, index) => ({ ...record, offset: BigInt(index), producerId: 1n, sequence: index }))
      .slice(Number(offset), Number(offset) + 7);
    const place = { topic, partition, highWatermark: BigInt(this.records.length), logStartOffset: 0n };
    return [{ ...place, errorCode: this.fetchError, records, nextOffset: offset + BigInt(records.length) }];
  };
}

let cluster: Cluster;
let whole: KafkaRecord[];
let controller: VerifyController;

beforeEach(async () => {
  const { db } = relay.database;
  await db.query('delete from log.cluster');
  lease = (await store.acquire({ name: 'main', required: true }, 'relay', { host: 'h', pid: 1 }, LEASE_MS))!;
  const topicId = 1;
  await store.saveTopics(lease, [{ topicId, name: 'orders', kafkaTopicId: null, state: 'publishing', detail: '' }]);
  await store.saveSegments(lease, [
    { topicId, partition: 0, segments: [{ fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' }] },
  ]);
  const ackedOffset = BigInt(RECORDS);
  await store.saveProgress(lease, LEASE_MS, [
    { topicId, partition: 0, ackedOffset, ackedPosition: ackedOffset, trouble: null },
  ]);
  cluster = new Cluster();
  const { reader, db: own } = relay.running.relay;
  const page = await reader.read('orders', 0, 0n, { maxRecords: 100, maxBytes: 1_000_000 });
  whole = page.records.map((record) => recordFor(record, 'orders'));
  cluster.records = [...whole];
  const here = { client: cluster, recordFor };
  const clusters = { find: (name: string) => (name === 'main' ? here : undefined) };
  controller = new VerifyController({ db: own, reader, clusters } as unknown as Relay, new Writes(own));
});

function verification(body: { topic?: string; partition?: number; repair?: boolean } = {}) {
  const abort = new AbortController();
  const stream = controller.verify({
    params: { cluster: 'main' },
    query: undefined,
    body: { repair: false, ...body },
    headers: undefined,
    url: '/v1/clusters/main/verify',
    actor: ANONYMOUS,
    requestId: 'r',
    operation: 'POST /v1/clusters/main/verify',
    idempotencyKey: undefined,
    fingerprint: () => 'f',
    onReplayed: () => undefined,
    signal: abort.signal,
    respond: { header: () => undefined, status: () => undefined },
  });
  return { stream, leave: () => abort.abort(new Error('the client left')) };
}

interface Told {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

async function told(stream: Promise<Readable>): Promise<Told[]> {
  let text = '';
  for await (const piece of await stream) text += String(piece);
  return [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, event, data]) => ({
    event: event!,
    data: JSON.parse(data!) as Record<string, unknown>,
  }));
}

describe('verifying over HTTP', () => {
  test('tells the beginning, what is found, and a report with the counts of each partition', async () => {
    cluster.records[3] = { ...whole[3]!, value: Buffer.from('tampered') };
    const events = await told(verification().stream);
    expect(events[0]).toEqual({ event: 'begin', data: { topics: 1 } });
    expect(events.filter(({ event }) => event === 'finding')).toMatchObject([
      { data: { topic: 'orders', partition: 0, kind: 'differing', clusterOffset: '3', logOffset: '3' } },
    ]);
    expect(events.at(-1)).toMatchObject({
      event: 'report',
      data: {
        cluster: 'main',
        identical: false,
        compared: '50',
        matching: '49',
        differing: '1',
        findings: 1,
        partitions: [
          { partition: 0, matching: '49', identical: false },
          { partition: 1, compared: '0', identical: true },
        ],
      },
    });
  });

  test('a placeholder in the place of a record that was too large is what belongs there', async () => {
    const place = { topicId: 1, partition: 0, offset: 5n } as const;
    await store.savePlaceholder(lease, { ...place, reason: 'too-large', detail: 'larger than 1 MB' });
    expect((await told(verification().stream)).at(-1)).toMatchObject({ data: { differing: '1', identical: false } });
    const { records } = await relay.running.relay.reader.read('orders', 0, 5n, { maxRecords: 1, maxBytes: 1_000 });
    cluster.records[5] = recordFor(tooLargeRecord(records[0]!), 'orders');
    expect((await told(verification().stream)).at(-1)).toMatchObject({ data: { matching: '50', identical: true } });
  });

  test('repair asks for what is missing at the end, waits for it and verifies it again', async () => {
    cluster.records = whole.slice(0, 20);
    const refilling = eventually(async () => {
      const asked = await store.takeRequests(lease);
      expect(asked).toEqual([{ topicId: 1, partition: 0, action: 'locate' }]);
      cluster.records = [...whole];
    }, 10_000);
    const events = await told(verification({ repair: true }).stream);
    await refilling;
    const repairs = events
      .filter(({ event }) => event === 'repair')
      .map(({ data }) => [data['state'], data['missing']]);
    expect(repairs).toEqual([
      ['asked', '30'],
      ['refilled', '30'],
    ]);
    expect(events.at(-1)).toMatchObject({ event: 'report', data: { identical: true, matching: '50', missing: '0' } });
    const { rows } = await relay.database.db.query(
      `select target, detail from audit.entry where action = 'cluster.repair'`,
    );
    expect(rows).toEqual([{ target: 'main', detail: { partitions: 1, topics: ['orders'] } }]);
  });

  test('runs one at a time, and gives its turn back when the client leaves', async () => {
    let open = (): void => undefined;
    cluster.gate = new Promise((resolve) => (open = resolve));
    const first = verification();
    const running = told(first.stream);
    await first.stream;
    await expect(verification().stream).rejects.toMatchObject({ code: 'VERIFICATION_RUNNING' });
    first.leave();
    open();
    await running;
    const third = await eventually(async () => told(verification().stream));
    expect(third.at(-1)).toMatchObject({ event: 'report', data: { identical: true } });
  });

  test('a client that leaves before anything was sent does not keep the turn', async () => {
    const first = verification();
    first.leave();
    const stream = await first.stream;
    stream.destroy();
    expect((await eventually(async () => told(verification().stream))).at(-1)).toMatchObject({ event: 'report' });
  });

  test('ends with an error where the cluster refuses to be read', async () => {
    cluster.fetchError = KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED;
    expect((await told(verification().stream)).at(-1)).toEqual({
      event: 'error',
      data: {
        code: 'KAFKA_REFUSED',
        detail: 'the cluster answers TOPIC_AUTHORIZATION_FAILED for orders-0',
        remedy: new TidemarkError('KAFKA_REFUSED', '').remedy,
        retryable: false,
      },
    });
    cluster.fetchError = 0;
    expect((await told(verification().stream)).at(-1)).toMatchObject({ data: { identical: true } });
  });

  test('a defect is told without its cause, and breaks the stream', async () => {
    cluster.fetch = () => Promise.reject(new Error('a secret of the inside'));
    const stream = await verification().stream;
    let text = '';
    stream.on('data', (piece) => (text += String(piece)));
    await expect(finished(stream)).rejects.toThrow('a secret of the inside');
    expect(text).toContain('"code":"INTERNAL"');
    expect(text).not.toContain('secret');
  });

  test('is refused for what is not published, before the stream begins', async () => {
    await expect(verification({ partition: 0 }).stream).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(verification({ topic: 'none' }).stream).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' });
    await expect(verification({ topic: 'orders', partition: 2 }).stream).rejects.toMatchObject({
      code: 'PARTITION_INVALID',
    });
    await store.saveTopics(lease, [
      { topicId: 1, name: 'orders', kafkaTopicId: null, state: 'not routed', detail: '' },
    ]);
    await expect(verification({ topic: 'orders' }).stream).rejects.toMatchObject({ code: 'TOPIC_NOT_PUBLISHED' });
  });
});
