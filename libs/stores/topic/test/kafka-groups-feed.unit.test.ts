import { describe, expect, test } from '@jest/globals';
import type { FetchedPartition, FetchedRecord } from '#libs/foundation/kafka';
import { foreignMessageId } from '../src/kafka-groups/foreign-message-id.ts';
import { PartitionFeed } from '../src/kafka-groups/partition-feed.ts';
import { planFetch } from '../src/kafka-groups/plan-fetch.ts';
import { TopicDirectory } from '../src/kafka-groups/topic-directory.ts';
import { ScriptedBroker } from './kafka-groups-broker.ts';

const ALL = { maxRecords: 100, maxBytes: 1_000_000 };
const PLACE = { topic: 't', topicId: 'id-t', partition: 0 };

function fetched(offsets: readonly number[], nextOffset: number, bytes = 0): FetchedPartition {
  const records = offsets.map((offset): FetchedRecord => ({
    key: null,
    value: Buffer.alloc(bytes),
    headers: [],
    timestampMs: 0,
    offset: BigInt(offset),
    producerId: -1n,
    sequence: -1,
  }));
  const { topic, partition } = PLACE;
  return {
    topic,
    partition,
    errorCode: 0,
    highWatermark: 99n,
    logStartOffset: 0n,
    records,
    nextOffset: BigInt(nextOffset),
  };
}

const offsetsOf = (read: { records: readonly FetchedRecord[] }): number[] =>
  read.records.map((each) => Number(each.offset));

describe('a feed', () => {
  test('gives what was fetched once, with holes passed over where they are known', () => {
    const feed = new PartitionFeed(PLACE, 5n, 0);
    expect(feed.accept(5n, fetched([5, 7, 8], 12))).toBe(true);
    const first = feed.read(5n, { ...ALL, maxRecords: 2 }, 1);
    expect([offsetsOf(first), first.nextOffset]).toEqual([[5, 7], 8n]);
    const rest = feed.read(8n, ALL, 2);
    expect([offsetsOf(rest), rest.nextOffset, feed.bufferedBytes]).toEqual([[8], 12n, 0]);
    expect(feed.read(12n, ALL, 3)).toEqual({ records: [], nextOffset: 12n });
    // A marker alone.
    expect(feed.accept(12n, fetched([], 13))).toBe(true);
    expect(feed.read(12n, ALL, 4)).toEqual({ records: [], nextOffset: 13n });
    expect(feed.accept(13n, fetched([], 13))).toBe(false);
  });

  test('follows its reader, and drops what was fetched for another place', () => {
    const feed = new PartitionFeed(PLACE, 0n, 0);
    feed.accept(0n, fetched([0, 1, 2], 3));
    expect(offsetsOf(feed.read(0n, { ...ALL, maxRecords: 1 }, 0))).toEqual([0]);
    expect(feed.read(0n, ALL, 0)).toEqual({ records: [], nextOffset: 0n });
    expect([feed.fetchOffset, feed.bufferedBytes]).toEqual([0n, 0]);
    expect(feed.accept(3n, fetched([3], 4))).toBe(false);
    feed.accept(0n, fetched([0], 1));
    expect(offsetsOf(feed.read(0n, ALL, 0))).toEqual([0]);
  });

  test('gives a first record however large it is', () => {
    const feed = new PartitionFeed(PLACE, 0n, 0);
    feed.accept(0n, fetched([0, 1], 2, 5_000));
    expect(offsetsOf(feed.read(0n, { ...ALL, maxBytes: 10 }, 0))).toEqual([0]);
  });

  test('is not fetched while its log does not have the place, until its reader goes elsewhere', () => {
    const feed = new PartitionFeed(PLACE, 50n, 0);
    feed.outOfRange(50n, { startOffset: 10n, endOffset: 40n });
    expect([feed.isFetchable, feed.truncatedAt]).toEqual([false, 40n]);
    feed.read(40n, ALL, 0);
    expect([feed.isFetchable, feed.truncatedAt]).toEqual([true, null]);
    feed.outOfRange(40n, { startOffset: 45n, endOffset: 60n });
    expect([feed.isFetchable, feed.truncatedAt, feed.startOffset]).toEqual([false, null, 45n]);
  });
});

describe('a fetch', () => {
  const limits = { partitionMaxBytes: 1_000, roomBytes: 2_500, fetchWaitMs: 500 };

  async function directory(): Promise<TopicDirectory> {
    const known = new TopicDirectory(new ScriptedBroker(), { clock: { now: () => 0 } });
    await known.look(['t']);
    return known;
  }

  function feeds(count: number): PartitionFeed[] {
    return Array.from({ length: count }, (_, partition) => new PartitionFeed({ ...PLACE, partition }, 7n, 0));
  }

  test('asks for all partitions of the broker that have room, and waits for the first record', async () => {
    const plan = planFetch(1, feeds(2), await directory(), limits, 0);
    expect(plan.requests).toEqual([
      { ...PLACE, offset: 7n, maxBytes: 1_000, leaderEpoch: 0 },
      { ...PLACE, partition: 1, offset: 7n, maxBytes: 1_000, leaderEpoch: 0 },
    ]);
    expect([plan.maxWaitMs, plan.restsUntil]).toEqual([500, Infinity]);
    expect(planFetch(2, feeds(2), await directory(), limits, 0).requests).toEqual([]);
  });

  test('leaves out what is full or rests, does not wait for long then, and stays within the memory', async () => {
    const [full, resting, ...rest] = feeds(4);
    full!.accept(7n, fetched([7], 8, 2_000));
    resting!.restsUntil = 70;
    const plan = planFetch(1, [full!, resting!, ...rest], await directory(), { ...limits, roomBytes: 1_000 }, 0);
    expect(plan.feeds).toEqual([rest[0]]);
    expect([plan.maxWaitMs, plan.restsUntil]).toEqual([50, 70]);
    expect(planFetch(1, rest, await directory(), { ...limits, roomBytes: 0 }, 0).feeds).toEqual([]);
  });
});

test('the id of another producer’s record is of its place, and a UUID', () => {
  const place = { cluster: 'c', topic: 't', topicId: 'id', partition: 1, offset: 2n, timestampMs: 3 };
  const id = foreignMessageId(place);
  expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(foreignMessageId({ ...place })).toBe(id);
  const others = [{ cluster: 'd' }, { topicId: null }, { partition: 2 }, { offset: 3n }, { timestampMs: 4 }];
  expect(new Set([id, ...others.map((other) => foreignMessageId({ ...place, ...other }))]).size).toBe(6);
});
