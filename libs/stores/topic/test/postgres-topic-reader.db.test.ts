import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Queryable } from '#libs/foundation/postgres';
import { eventually } from '#libs/foundation/testing';
import {
  LogWatcher,
  PLACEHOLDER_KEY,
  PostgresTopicReader,
  readCursor,
  tailTopic,
  type PositionPage,
  type TopicRecord,
} from '../src/index.ts';
import { startLog, type TestLog } from './test-log.ts';

let log: TestLog;
let reader: PostgresTopicReader;
const limits = { maxRecords: 1_000, maxBytes: 1_000_000 };

beforeAll(async () => {
  log = await startLog();
  reader = new PostgresTopicReader(log.db);
  await log.db.query(
    `select outbox.create_topic('orders', 3), outbox.create_topic('empty', 2), outbox.create_topic('mixed', 1), outbox.create_topic('timed', 1)`,
  );
  for (let round = 0; round < 10; round += 1) {
    await log.db.query(
      `select outbox.emit('orders', 'k' || n % 20, jsonb_build_object('round', $1::int, 'n', n)) from generate_series(1, 100) n`,
      [round],
    );
    await log.caughtUp();
  }
});

afterAll(() => log.stop());

/** Emits a message and changes it before anybody can see it: what emit itself would refuse or choose otherwise. */
async function writeAltered(topic: string, change: string): Promise<void> {
  await log.db.transaction(async (tx) => {
    const emitted = await tx.query<{ id: string }>(`select outbox.emit($1, null, '{}') as id`, [topic]);
    await tx.query(`update outbox.message set ${change} where message_id = $1`, [emitted.rows[0]!.id]);
  });
}

async function readAll(topic: string, partition: number, pageSize: number): Promise<TopicRecord[]> {
  const all: TopicRecord[] = [];
  let offset = 0n;
  for (;;) {
    const page = await reader.read(topic, partition, offset, { ...limits, maxRecords: pageSize });
    if (page.records.length === 0) return all;
    all.push(...page.records);
    offset = page.nextOffset;
  }
}

describe('by partition and offset', () => {
  test('every record once, dense offsets, whatever the page size', async () => {
    const whole = (await Promise.all([0, 1, 2].map((partition) => readAll('orders', partition, 1_000)))).flat();
    const pieces = (await Promise.all([0, 1, 2].map((partition) => readAll('orders', partition, 7)))).flat();
    expect(pieces).toEqual(whole);
    expect(whole).toHaveLength(1_000);
    for (const range of await reader.ranges('orders')) {
      const offsets = whole.filter((record) => record.partition === range.partition).map((record) => record.offset);
      expect(offsets).toEqual(offsets.map((_, index) => BigInt(index)));
      expect(range).toMatchObject({ startOffset: 0n, endOffset: BigInt(offsets.length) });
    }
  });

  test('a page is bounded in bytes, and always has one record at least', async () => {
    const page = await reader.read('orders', 0, 0n, { maxRecords: 1_000, maxBytes: 500 });
    const bytes = page.records.reduce((sum, record) => sum + record.value!.length + record.key!.length, 0);
    expect(bytes).toBeLessThan(800);
    expect((await reader.read('orders', 0, 0n, { maxRecords: 1_000, maxBytes: 1 })).records).toHaveLength(1);
  });

  test('a short page does not look at the positions of a long topic', async () => {
    await log.db.query(`select outbox.create_topic('long', 1)`);
    await log.db.query(`select outbox.emit_bytes('long', null, 'x') from generate_series(1, 40000)`);
    await log.caughtUp();
    let carried = 0;
    const counting = new PostgresTopicReader({
      query: (async (...args: Parameters<Queryable['query']>) => {
        const answer = (await log.db.query(...args)) as unknown as { rows: { positions?: string[] }[] };
        for (const row of answer.rows) carried += row.positions?.length ?? 0;
        return answer;
      }) as unknown as Queryable['query'],
    });
    const page = await counting.readSince('long', 0n, { ...limits, maxRecords: 10 });
    expect(page.records.map((record) => record.offset)).toEqual(Array.from({ length: 10 }, (_, n) => BigInt(n)));
    expect(carried).toBeLessThanOrEqual(10_000);
    const whole: bigint[] = [];
    for (let from: bigint | null = 0n; from !== null;) {
      const next: PositionPage = await reader.readSince('long', from, { ...limits, maxRecords: 7_000 });
      whole.push(...next.records.map((record) => record.offset));
      from = next.nextPosition;
    }
    expect(whole).toEqual(Array.from({ length: 40_000 }, (_, n) => BigInt(n)));
  });

  test('headers that Postgres has compressed count with all their bytes', async () => {
    await log.db.query(`select outbox.create_topic('wide', 1)`);
    await log.db.query(
      `select outbox.emit('wide', 'k', '1', jsonb_build_object('h', repeat('x', 900000))) from generate_series(1, 12)`,
    );
    await log.caughtUp();
    const small = { maxRecords: 100, maxBytes: 2_000_000 };
    expect((await reader.read('wide', 0, 0n, small)).records.length).toBeLessThanOrEqual(3);
    expect((await reader.readByKey('wide', Buffer.from('k'), 0n, small)).records.length).toBeLessThanOrEqual(3);
    expect((await reader.readSince('wide', 0n, small)).records.length).toBeLessThanOrEqual(3);
  });

  test('the end is empty, beyond it and unknown places are refused', async () => {
    expect((await reader.read('empty', 1, 0n, limits)).records).toEqual([]);
    await expect(reader.read('empty', 1, 1n, limits)).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
    for (const beyond of [1_001n, 2n ** 31n, 2n ** 40n, 2n ** 63n - 1n]) {
      await expect(reader.read('orders', 1, beyond, limits)).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
    }
    await expect(reader.read('empty', 2, 0n, limits)).rejects.toMatchObject({ code: 'PARTITION_INVALID' });
    await expect(reader.read('nope', 0, 0n, limits)).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' });
  });

  test('headers, tombstones, bytes and absent keys come out as they were written', async () => {
    await log.db.query(
      `select outbox.emit_bytes('mixed', null, $1, '[["a","1"],["a",null],["b",{"base64":"AP8="}]]'), outbox.emit_bytes('mixed', $1, null)`,
      [Buffer.from([0, 255])],
    );
    await log.caughtUp();
    const [first, second] = (await reader.read('mixed', 0, 0n, limits)).records;
    expect(first).toMatchObject({
      key: null,
      value: Buffer.from([0, 255]),
      headers: [
        ['a', Buffer.from('1')],
        ['a', null],
        ['b', Buffer.from([0, 255])],
      ],
    });
    expect(second).toMatchObject({ key: Buffer.from([0, 255]), value: null, headers: [] });
  });

  test('a message that cannot be sent shows as a placeholder', async () => {
    await writeAltered('mixed', 'partition = 9');
    await log.caughtUp();
    const end = (await reader.ranges('mixed'))[0]!.endOffset;
    const [record] = (await reader.read('mixed', 0, end - 1n, limits)).records;
    expect(record!.key!.toString()).toBe(PLACEHOLDER_KEY);
    expect(JSON.parse(record!.value!.toString())).toMatchObject({ reason: 'partition-out-of-range' });
  });
});

test('by time: the first record written at or after it', async () => {
  const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  // Written out of the order of time, as clocks of several sessions do.
  for (const second of [10, 30, 20, 40]) {
    await writeAltered('timed', `created_at = '${at(second).toISOString()}'`);
    if (second !== 20) await log.caughtUp();
  }
  await log.caughtUp();
  expect(await reader.offsetAt('timed', 0, at(0))).toBe(0n);
  expect(await reader.offsetAt('timed', 0, at(10))).toBe(0n);
  expect(await reader.offsetAt('timed', 0, at(15))).toBe(1n);
  expect(await reader.offsetAt('timed', 0, at(31))).toBe(3n);
  expect(await reader.offsetAt('timed', 0, at(41))).toBe(4n);
  expect(await reader.offsetAt('empty', 0, at(0))).toBe(0n);
});

test('by position across partitions: every record once, in the order it was committed, page by page', async () => {
  const whole = (await Promise.all([0, 1, 2].map((partition) => readAll('orders', partition, 1_000)))).flat();
  const expected = whole.sort((a, b) => (a.position < b.position ? -1 : 1));
  for (const maxRecords of [11, 5_000]) {
    const seen: TopicRecord[] = [];
    let after: bigint | null = 0n;
    while (after !== null) {
      const page: PositionPage = await reader.readSince('orders', after, { ...limits, maxRecords });
      seen.push(...page.records);
      after = page.nextPosition;
    }
    expect(seen).toEqual(expected);
  }
  const middle = expected[500]!;
  const since = await reader.readSince('orders', middle.time, { ...limits, maxRecords: 1 });
  expect(since.records[0]!.time.getTime()).toBeGreaterThanOrEqual(middle.time.getTime());
  expect(since.records[0]!.position <= middle.position).toBe(true);
  expect((await reader.readSince('orders', new Date('2999-01-01'), limits)).records).toEqual([]);
});

test('by key: only its records, in order, page by page', async () => {
  const seen: TopicRecord[] = [];
  let after: bigint | null = 0n;
  while (after !== null) {
    const page = await reader.readByKey('orders', Buffer.from('k3'), after, { ...limits, maxRecords: 9 });
    seen.push(...page.records);
    after = page.nextPosition;
  }
  expect(seen).toHaveLength(50);
  expect(new Set(seen.map((record) => record.key!.toString()))).toEqual(new Set(['k3']));
  const direct = await readAll('orders', seen[0]!.partition, 1_000);
  expect(seen).toEqual(direct.filter((record) => record.key!.toString() === 'k3'));
});

test('by message id: every copy with its place', async () => {
  const id = 'd2b6a1f0-0000-7000-8000-00000000000a';
  await log.db.query(
    `select outbox.emit('orders', 'a', '1', null, null, $1), outbox.emit('orders', 'b', '2', null, null, $1)`,
    [id],
  );
  await log.caughtUp();
  const trace = await reader.findMessage(id);
  expect(trace.pending).toBe(0);
  expect(trace.records.map((record) => record.key!.toString())).toEqual(['a', 'b']);
  for (const record of trace.records) {
    expect(
      (await reader.read('orders', record.partition, record.offset, { ...limits, maxRecords: 1 })).records,
    ).toEqual([record]);
  }
  await expect(reader.findMessage('d2b6a1f0-0000-7000-8000-00000000ffff')).rejects.toMatchObject({
    code: 'MESSAGE_UNKNOWN',
  });
});

test('a page of each partition: all records once, in order, within limits that hold for all together', async () => {
  const next = new Map<number, bigint>([[1, 5n]]);
  const seen = new Map<number, bigint[]>();
  for (;;) {
    const pages = await reader.readEach('orders', next, { maxRecords: 50, maxBytes: 1_000_000 });
    if (pages.length === 0) break;
    expect(pages.reduce((sum, page) => sum + page.records.length, 0)).toBeLessThanOrEqual(50);
    for (const { range, records, nextOffset } of pages) {
      next.set(range.partition, nextOffset);
      seen.set(range.partition, [...(seen.get(range.partition) ?? []), ...records.map((record) => record.offset)]);
    }
  }
  for (const { partition, endOffset } of await reader.ranges('orders')) {
    const from = partition === 1 ? 5n : 0n;
    expect(seen.get(partition)).toEqual(Array.from({ length: Number(endOffset - from) }, (_, i) => from + BigInt(i)));
  }
});

test('a page of each partition takes the oldest records when not all partitions fit', async () => {
  const pages = await reader.readEach('orders', new Map(), { maxRecords: 1, maxBytes: 1_000_000 });
  const heads = await Promise.all(
    [0, 1, 2].map(async (partition) => (await reader.read('orders', partition, 0n, limits)).records[0]!.position),
  );
  expect(pages.map((page) => page.records.map((record) => record.position))).toEqual([
    [heads.sort((a, b) => Number(a - b))[0]],
  ]);
});

test('a page of each partition is refused for an unknown topic, and empty without new records', async () => {
  await expect(reader.readEach('nope', new Map(), limits)).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' });
  expect(await reader.readEach('empty', new Map(), limits)).toEqual([]);
});

test('a tail follows new records until it is aborted', async () => {
  const watcher = new LogWatcher(
    () => readCursor(log.db),
    (error) => {
      throw error;
    },
  );
  await watcher.start();
  const stop = new AbortController();
  const seen: string[] = [];
  const ranges = await reader.ranges('orders');
  const ended = (async () => {
    const start = new Map(ranges.map((range) => [range.partition, range.endOffset]));
    for await (const page of tailTopic(reader, watcher, 'orders', start, { limits, signal: stop.signal })) {
      seen.push(...page.map((record) => record.value!.toString()));
    }
  })();
  for (const text of ['"one"', '"two"', '"three"']) {
    await log.db.query(`select outbox.emit('orders', 'tail', $1::jsonb)`, [text]);
    await eventually(() => expect(seen.at(-1)).toBe(text));
  }
  stop.abort();
  await ended;
  await watcher.stop(1_000);
  expect(seen).toEqual(['"one"', '"two"', '"three"']);
});
