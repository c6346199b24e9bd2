import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seededRandom, testSeed } from '#libs/foundation/testing';
import { LogWatcher, PLACEHOLDER_HEADER, PostgresTopicReader, readCursor, type TopicRecord } from '#libs/stores/topic';
import { postgresPublishSource, type PublishSource, type RunWanted } from '../src/index.ts';
import { type HandSequencedOutbox, handSequencedOutbox } from './hand-sequenced-outbox.ts';

const PLENTY = { maxRecords: 10_000, maxBytes: 100_000_000 };

let outbox: HandSequencedOutbox;
let watcher: LogWatcher;
let source: PublishSource;
const failures: unknown[] = [];

beforeAll(async () => {
  outbox = await handSequencedOutbox();
  watcher = new LogWatcher(
    () => readCursor(outbox.db),
    (error) => failures.push(error),
  );
  await watcher.start();
  source = postgresPublishSource(outbox.db, watcher);
});

afterAll(async () => {
  await watcher.stop(5_000);
  await outbox.drop();
  expect(failures).toEqual([]);
});

const startOf = (topicId: number, partition: number, offset = 0n): RunWanted => ({ topicId, partition, offset });
const place = ({ topic, partition, offset }: TopicRecord) => `${topic}/${partition}/${offset}`;

describe('topics', () => {
  test('are all there, as they were last altered', async () => {
    const topicId = await outbox.createTopic('routed', 3);
    expect(await source.topics()).toContainEqual({
      topicId,
      name: 'routed',
      partitions: 3,
      messageMaxBytes: 1_000_000,
    });
    await outbox.db.query(`select outbox.alter_topic('routed', 4)`);
    expect(await source.topics()).toContainEqual({
      topicId,
      name: 'routed',
      partitions: 4,
      messageMaxBytes: 1_000_000,
    });
  });
});

describe('heads', () => {
  test('are those that moved behind a cursor', async () => {
    const topicId = await outbox.createTopic('moving', 3);
    await outbox.sequence();
    const { cursor } = await source.heads(0n);
    expect(await source.heads(cursor)).toEqual({ cursor, heads: [] });
    await outbox.emit('moving', 4, 1);
    await outbox.sequence();
    const moved = await source.heads(cursor);
    expect(moved.heads).toEqual([{ topicId, partition: 1, startOffset: 0n, endOffset: 4n }]);
    expect(moved.cursor).toBeGreaterThan(cursor);
    expect((await source.heads(moved.cursor)).heads).toEqual([]);
    expect((await source.heads(0n)).heads).toContainEqual(moved.heads[0]);
  });

  test('are never missed by one who asks on from cursor to cursor while they move', async () => {
    const topicId = await outbox.createTopic('never-missed', 5);
    const ends = new Map<number, bigint>();
    let cursor = 0n;
    const ask = async () => {
      const moved = await source.heads(cursor);
      for (const head of moved.heads) if (head.topicId === topicId) ends.set(head.partition, head.endOffset);
      ({ cursor } = moved);
    };
    for (let n = 0; n < 20; n++) {
      await outbox.emit('never-missed', 7);
      await Promise.all([outbox.sequence(), ask().then(ask)]);
    }
    await ask();
    expect([...ends.values()].reduce((sum, end) => sum + end, 0n)).toBe(140n);
  });

  test('wake those who wait beyond a cursor', async () => {
    await outbox.createTopic('waking', 1);
    await outbox.sequence();
    const { cursor } = await source.heads(0n);
    const woken = source.waitBeyond(cursor, 30_000);
    await outbox.emit('waking', 1);
    await outbox.sequence();
    await woken;
    expect((await source.heads(cursor)).heads).toHaveLength(1);
  });
});

describe('read', () => {
  test('finds all records of several topics once and in order, as readers of the topics see them', async () => {
    const random = seededRandom(testSeed());
    const below = (limit: number) => 1 + Math.floor(random() * limit);
    const names = ['every-a', 'every-b', 'every-c'];
    const found: { start: RunWanted; records: TopicRecord[] }[] = [];
    for (const [index, name] of names.entries()) {
      const topicId = await outbox.createTopic(name, 1 + index * 3);
      for (let partition = 0; partition < 1 + index * 3; partition++) {
        found.push({ start: startOf(topicId, partition), records: [] });
      }
    }
    let emitted = 0;
    for (let n = 0; n < 12; n++) {
      const count = below(200);
      await outbox.emit(names[below(3) - 1]!, count);
      emitted += count;
    }
    await outbox.sequence();
    for (let more = true; more;) {
      const limits = { maxRecords: below(300), maxBytes: below(10_000) };
      const wanted = found.map(({ start, records }) => ({ ...start, offset: BigInt(records.length) }));
      const runs = await source.read(wanted, limits);
      expect(runs.reduce((sum, run) => sum + run.records.length, 0)).toBeLessThanOrEqual(limits.maxRecords);
      for (const run of runs) {
        const own = found.find(({ start }) => start.topicId === run.topicId && start.partition === run.partition)!;
        expect(run.offset).toBe(BigInt(own.records.length));
        own.records.push(...run.records);
      }
      more = runs.length > 0;
    }
    const reader = new PostgresTopicReader(outbox.db);
    for (const { start, records } of found.filter(({ records }) => records.length > 0)) {
      const page = await reader.read(records[0]!.topic, start.partition, 0n, PLENTY);
      expect(records).toEqual(page.records);
    }
    expect(found.reduce((sum, { records }) => sum + records.length, 0)).toBe(emitted);
  });

  test('begins with the partition whose next record is the oldest', async () => {
    const topicId = await outbox.createTopic('oldest', 3);
    for (const partition of [2, 0, 1]) await outbox.emit('oldest', 60, partition);
    await outbox.sequence();
    const wanted = [0, 1, 2].map((partition) => startOf(topicId, partition));
    const runs = await source.read(wanted, { maxRecords: 70, maxBytes: 1_000_000 });
    expect(runs.map((run) => [run.partition, run.records.length])).toEqual([
      [2, 60],
      [0, 10],
    ]);
  });

  test('shares the room out: what short partitions leave goes to the long ones', async () => {
    const topicId = await outbox.createTopic('shares', 4);
    for (const [partition, count] of [1_000, 1_000, 5, 100].entries()) await outbox.emit('shares', count, partition);
    await outbox.sequence();
    const wanted = [0, 1, 2, 3].map((partition) => startOf(topicId, partition));
    const runs = await source.read(wanted, { maxRecords: 1_005, maxBytes: 10_000_000 });
    expect(runs.map((run) => [run.partition, run.records.length])).toEqual([
      [0, 450],
      [1, 450],
      [2, 5],
      [3, 100],
    ]);
  });

  test('exceeds the bytes by one record at most', async () => {
    const topicId = await outbox.createTopic('bytes', 2);
    await outbox.emit('bytes', 50, 0, 10_000);
    await outbox.emit('bytes', 50, 1, 10_000);
    await outbox.sequence();
    const wanted = [startOf(topicId, 0), startOf(topicId, 1)];
    const some = await source.read(wanted, { maxRecords: 100, maxBytes: 105_000 });
    const bytes = some.flatMap((run) => run.records).reduce((sum, record) => sum + record.value!.length, 0);
    expect(bytes).toBeGreaterThan(90_000);
    expect(bytes).toBeLessThanOrEqual(105_000 + 10_000);
    const one = await source.read(wanted, { maxRecords: 100, maxBytes: 1 });
    expect(one.map((run) => run.records.length)).toEqual([1]);
  });

  test('is told from which position on to look, and is not misled when that is wrong', async () => {
    const topicId = await outbox.createTopic('hinted', 2);
    await outbox.emit('hinted', 6, 0);
    await outbox.emit('hinted', 6, 1);
    await outbox.sequence();
    const [first] = await source.read([startOf(topicId, 0)], { ...PLENTY, maxRecords: 2 });
    const after = BigInt(first!.stored.lastPosition);
    expect(after).toBe(first!.records[1]!.position);
    for (const hint of [after, after + 1n, 2n ** 62n]) {
      const runs = await source.read([{ ...startOf(topicId, 0, 2n), after: hint }, startOf(topicId, 1)], PLENTY);
      expect(runs.map(({ partition, offset, records }) => [partition, offset, records.length])).toEqual([
        [0, 2n, 4],
        [1, 0n, 6],
      ]);
      const [alone] = await source.read([{ ...startOf(topicId, 0, 2n), after: hint }], PLENTY);
      expect(alone!.records.map(place)).toEqual(['hinted/0/2', 'hinted/0/3', 'hinted/0/4', 'hinted/0/5']);
    }
  });

  test('has no run where there are no records', async () => {
    const topicId = await outbox.createTopic('ends', 3);
    await outbox.emit('ends', 5, 0);
    await outbox.sequence();
    expect(await source.read([], PLENTY)).toEqual([]);
    const beyond = [startOf(topicId, 0, 5n), startOf(topicId, 0, 2n ** 62n), startOf(topicId, 1), startOf(987_654, 0)];
    for (const start of beyond) expect(await source.read([start], PLENTY)).toEqual([]);
    const runs = await source.read([...beyond.slice(2), startOf(topicId, 0, 3n)], PLENTY);
    expect(runs).toMatchObject([{ topicId, partition: 0, offset: 3n }]);
    expect(runs[0]!.records.map(place)).toEqual(['ends/0/3', 'ends/0/4']);
  });

  test('shows placeholders in the place of what cannot be sent', async () => {
    const topicId = await outbox.createTopic('poison', 1);
    await outbox.emit('poison', 6, 0);
    await outbox.sequence();
    await outbox.db.query(
      `insert into log.placeholder (topic_id, partition, "offset", position, reason, detail)
       select topic_id, 0, 2, positions[3], 'too-large', '3 MB' from log.batch where topic_id = $1 and base_offset = 0`,
      [topicId],
    );
    await outbox.db.query('update log.batch set placeholders = 1 where topic_id = $1', [topicId]);
    const runs = await source.read([startOf(topicId, 0, 1n)], PLENTY);
    const names = runs[0]!.records.map(({ headers }) => headers.map(([name]) => name));
    expect(names).toEqual([[], [PLACEHOLDER_HEADER], [], [], []]);
    expect(JSON.parse(runs[0]!.records[1]!.value!.toString())).toMatchObject({ reason: 'too-large', detail: '3 MB' });
  });

  test('leaves out what retention takes meanwhile, and complains when it was not retention', async () => {
    const topicId = await outbox.createTopic('dropped', 2);
    await outbox.emit('dropped', 10, 0);
    await outbox.emit('dropped', 10, 1);
    await outbox.sequence();
    const wanted = [startOf(topicId, 0), startOf(topicId, 1)];
    await outbox.db.query(
      `delete from outbox.message m using log.batch b
       where b.topic_id = $1 and b.partition = 0 and b.base_offset = 0 and m.id = b.positions[1]`,
      [topicId],
    );
    await expect(source.read(wanted, PLENTY)).rejects.toThrow(
      'dropped/0: messages of offset 0 are missing from the outbox',
    );
    // The start offset rises while records are read.
    const copyOut: typeof outbox.db.copyOut = async (...copy) => {
      const rows = await outbox.db.copyOut(...copy);
      await outbox.db.query('update log.head set start_offset = 1 where topic_id = $1 and partition = 0', [topicId]);
      return rows;
    };
    const query = async (text: string, values?: readonly unknown[]) => outbox.db.query(text, values);
    const racing = postgresPublishSource({ query: query as typeof outbox.db.query, copyOut }, watcher);
    expect((await racing.read(wanted, PLENTY)).map(({ partition }) => partition)).toEqual([1]);
    expect((await source.read(wanted, PLENTY)).map(({ partition }) => partition)).toEqual([1]);
    const rest = await source.read([startOf(topicId, 0, 1n)], PLENTY);
    expect(rest[0]!.records).toHaveLength(9);
  });
});
