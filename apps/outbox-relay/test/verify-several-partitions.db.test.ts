import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { KafkaRecord } from '#libs/foundation/kafka';
import { systemSleep } from '#libs/foundation/lifecycle';
import { PostgresClusterStore } from '#libs/stores/log';
import { kafkaRecordOf, kafkaRecordPlan, type TopicRecord } from '#libs/stores/topic';
import { ClusterVerification, type VerifyEvent } from '../src/clusters/verify/verify-cluster.ts';
import type { VerifyLimits } from '../src/clusters/verify/verify-limits.ts';
import { startTestRelay, type TestRelay } from './running-relay.ts';

const LEASE_MS = 60_000;
const PARTITIONS = 6;
const RECORDS = 40;
const VALUE_BYTES = 2_000;
const TOPICS = ['narrow', 'wide'];

let relay: TestRelay;
let clusterId: number;

/** Two topics, of one partition and of six; all that is in the log is acked. */
beforeAll(async () => {
  relay = await startTestRelay();
  const { db } = relay.database;
  const store = new PostgresClusterStore(db);
  await db.query(`select outbox.create_topic('narrow', 1), outbox.create_topic('wide', ${PARTITIONS})`);
  await db.query(
    `select outbox.emit(t.name, 'k', jsonb_build_object('n', n, 'pad', repeat('x', ${VALUE_BYTES})), null, p)
     from (values ('narrow', 0), ('wide', ${PARTITIONS - 1})) t(name, last), generate_series(0, t.last) p,
       generate_series(1, ${RECORDS}) n`,
  );
  await relay.caughtUp();
  const lease = (await store.acquire({ name: 'main', required: true }, 'relay', { host: 'h', pid: 1 }, LEASE_MS))!;
  clusterId = lease.clusterId;
  for (const [index, name] of TOPICS.entries()) {
    const topicId = index + 1;
    await store.saveTopics(lease, [{ topicId, name, kafkaTopicId: null, state: 'publishing', detail: '' }]);
    const acked = { ackedOffset: BigInt(RECORDS), ackedPosition: BigInt(RECORDS), trouble: null };
    for (let partition = 0; partition < (name === 'wide' ? PARTITIONS : 1); partition += 1) {
      await store.saveSegments(lease, [
        { topicId, partition, segments: [{ fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' }] },
      ]);
      await store.saveProgress(lease, LEASE_MS, [{ topicId, partition, ...acked }]);
    }
  }
});
afterAll(() => relay.stop());

const recordFor = (record: TopicRecord, clusterTopic: string): KafkaRecord =>
  kafkaRecordOf(record, kafkaRecordPlan(record.topic, clusterTopic, { schemaId: 'never', debezium: false }));

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Holds what the log holds, and answers a fetch only once so many wait, or no more can come. */
class Cluster {
  readonly waiting = new Set<() => void>();
  most = 0;
  mostBytes = 0;
  readonly #ended = new Set<string>();
  readonly #together: number;

  constructor(together: number) {
    this.#together = together;
  }

  metadata = (topics: readonly string[] | undefined) => {
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => {
      return { partition, errorCode: 0, leader: 1, leaderEpoch: 0, replicas: [1], inSyncReplicas: [1] };
    });
    const all = (topics ?? []).map((name) => ({ name, errorCode: 0, id: null, partitions }));
    return Promise.resolve({ clusterId: 'c', controller: 1, brokers: [], topics: all });
  };
  topicConfigs = () => Promise.resolve(new Map());
  listOffsets = (_broker: number, of: readonly Place[], at: unknown) =>
    Promise.resolve(of.map((each) => ({ ...each, errorCode: 0, offset: at === 'latest' ? BigInt(RECORDS) : 0n })));
  fetch = async (_broker: number, [wanted]: readonly (Place & { offset: bigint; maxBytes: number })[]) => {
    const { topic, partition, offset, maxBytes } = wanted!;
    this.mostBytes = Math.max(this.mostBytes, maxBytes);
    await this.#gathered();
    const page = await relay.running.relay.reader.read(topic, partition, offset, { maxRecords: 7, maxBytes });
    const records = page.records.map((record) => {
      return { ...recordFor(record, topic), offset: record.offset, producerId: 1n, sequence: Number(record.offset) };
    });
    const nextOffset = offset + BigInt(records.length);
    if (nextOffset >= BigInt(RECORDS)) this.#ended.add(`${topic}/${partition}`);
    this.#release();
    const place = { topic, partition, highWatermark: BigInt(RECORDS), logStartOffset: 0n };
    return [{ ...place, errorCode: 0, records, nextOffset }];
  };

  async #gathered(): Promise<void> {
    const answered = new Promise<void>((resolve) => this.waiting.add(resolve));
    this.most = Math.max(this.most, this.waiting.size);
    this.#release();
    await answered;
  }

  #release(): void {
    const left = PARTITIONS + 1 - this.#ended.size;
    if (this.waiting.size < Math.min(this.#together, left)) return;
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** `reads`: gets the limit of each reading of the log. */
async function verified(cluster: Cluster, limits?: VerifyLimits, reads: number[] = []): Promise<VerifyEvent[]> {
  const { reader, db } = relay.running.relay;
  let now = 0;
  const parts = {
    cluster: { name: 'main', clusterId },
    client: cluster,
    db,
    reader: {
      ranges: (topic: string) => reader.ranges(topic),
      read: (...args: Parameters<typeof reader.read>) => {
        reads.push(args[3].maxBytes);
        return reader.read(...args);
      },
    },
    recordFor,
    askForRepair: () => Promise.reject(new Error('nothing is to be repaired')),
    signal: new AbortController().signal,
    sleep: systemSleep,
    // Each look at the clock is a second later: all progress is told.
    now: () => (now += 1_000),
    random: () => 0.5,
  };
  const events: VerifyEvent[] = [];
  for await (const event of new ClusterVerification(parts, { repair: false }, limits).events()) events.push(event);
  return events;
}

test('reads four partitions at a time, of one topic or of several, and tells how far each of them is', async () => {
  const cluster = new Cluster(4);
  const events = await verified(cluster);
  expect(cluster.most).toBe(4);
  const report = events.at(-1)!;
  expect(report).toMatchObject({
    event: 'report',
    counts: { matching: BigInt(RECORDS * (PARTITIONS + 1)), missing: 0n, foreign: 0n },
  });
  const places = [['narrow', 0], ...Array.from({ length: PARTITIONS }, (_, partition) => ['wide', partition])];
  expect(report.event === 'report' && report.partitions.map(({ topic, partition }) => [topic, partition])).toEqual(
    places,
  );
  const progress = events.filter((event) => event.event === 'progress');
  for (const [topic, partition] of places) {
    const of = progress.filter((each) => each.topic === topic && each.partition === partition);
    expect(of.map(({ done }) => done)).toEqual([7n, 14n, 21n, 28n, 35n, 40n]);
    expect(of.every(({ total }) => total === BigInt(RECORDS))).toBe(true);
  }
  // A topic counts as done when its last partition is: neither is while `wide` has some left.
  const done = progress.map(({ topicsDone }) => topicsDone);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect([done[0], done.at(-1), progress[0]!.topics]).toEqual([0, 1, 2]);
});

test('has no more in memory than it may, each partition its share', async () => {
  const cluster = new Cluster(2);
  const reads: number[] = [];
  const events = await verified(cluster, { partitions: 2, bytes: 2 * 2 * 16_384 }, reads);
  expect(events.at(-1)).toMatchObject({ counts: { matching: BigInt(RECORDS * (PARTITIONS + 1)) } });
  expect([cluster.most, cluster.mostBytes, Math.max(...reads)]).toEqual([2, 16_384, 16_384]);
});
