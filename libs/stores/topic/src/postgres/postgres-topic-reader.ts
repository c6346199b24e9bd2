import { assert, TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import { mergeSteps } from '../merge-steps.ts';
import { comparePositions, type PagePlan, planPage, planPages } from '../page-plan.ts';
import { placeholderOf, type TopicRecord } from '../record.ts';
import type {
  PositionPage,
  MessageTrace,
  PartitionRange,
  ReadLimits,
  RecordPage,
  TopicReader,
} from '../topic-reader.ts';
import { fetchMessages, positionsOfKey, recordOf, type StoredMessage } from './fetch-messages.sql.ts';
import { placesOfMessage, placesOfPositions, type RecordPlace } from './find-records.sql.ts';
import { locatePage } from './locate-page.sql.ts';
import { locatePages } from './locate-pages.sql.ts';
import { firstSince } from './first-since.sql.ts';
import { batchesAfter } from './topic-batches.sql.ts';
import { readPlaceholders } from './placeholders.sql.ts';
import { readRanges, type TopicRanges } from './ranges.sql.ts';

/** Batches looked at first for a page of all partitions. */
const BATCHES_MAX = 64;

/** Records of one partition that a page of all partitions may take, even if there are very many partitions. */
const SHARE_MIN = 16;

/** Topics read from the log and the outbox of one database. Holds nothing between calls. */
export class PostgresTopicReader implements TopicReader {
  readonly #db: Queryable;

  constructor(db: Queryable) {
    this.#db = db;
  }

  async ranges(topic: string): Promise<PartitionRange[]> {
    return [...(await this.#topic(topic)).ranges];
  }

  async range(topic: string, partition: number): Promise<PartitionRange> {
    return rangeOf(topic, (await this.#topic(topic)).ranges, partition);
  }

  async read(topic: string, partition: number, offset: bigint, limits: ReadLimits): Promise<RecordPage> {
    const found = await locatePage(this.#db, topic, partition, offset, limits.maxRecords);
    if (found === undefined) throw unknownTopic(topic);
    if (partition < 0 || partition >= found.partitions) throw noPartition(topic, partition, found.partitions);
    const range = { partition, startOffset: found.startOffset, endOffset: found.endOffset };
    if (offset < range.startOffset || offset > range.endOffset) throw outOfRange(topic, offset, range);
    const plan = planPage(found.batches, limits);
    if (plan.positions.length === 0) return { records: [], nextOffset: offset, range };
    const messages = await fetchMessages(this.#db, plan.positions);
    return this.#page(topic, { topicId: found.topicId, range, offset }, plan, messages);
  }

  async readEach(topic: string, from: ReadonlyMap<number, bigint>, limits: ReadLimits): Promise<RecordPage[]> {
    const share = Math.max(SHARE_MIN, Math.ceil(limits.maxRecords / Math.max(1, from.size)));
    const found = await locatePages(this.#db, topic, from, Math.min(share, limits.maxRecords));
    if (found === undefined) throw unknownTopic(topic);
    const gone = found.find(({ offset, range }) => offset < range.startOffset);
    if (gone !== undefined) throw outOfRange(topic, gone.offset, gone.range);
    const plans = planPages(found, limits);
    if (plans.length === 0) return [];
    const positions = plans.flatMap(({ plan }) => plan.positions).sort(comparePositions);
    const messages = await fetchMessages(this.#db, positions);
    const byPosition = new Map(messages.map((message) => [message.position.toString(), message]));
    const pages: RecordPage[] = [];
    for (const { located, plan } of plans) {
      const ofPage = plan.positions.map((position) => byPosition.get(position)).filter((found) => found !== undefined);
      pages.push(await this.#page(topic, located, plan, ofPage));
    }
    return pages;
  }

  /** Makes the page of a plan from its messages, which are all there unless retention took them meanwhile. */
  async #page(
    topic: string,
    { topicId, range, offset }: { topicId: number; range: PartitionRange; offset: bigint },
    plan: PagePlan,
    messages: readonly StoredMessage[],
  ): Promise<RecordPage> {
    const { partition } = range;
    if (messages.length !== plan.positions.length) {
      // Retention took the messages between the two statements: the start offset was raised before.
      const now = await this.range(topic, partition);
      assert(
        offset < now.startOffset,
        `${topic}/${partition}: messages of offset ${offset} are missing from the outbox`,
      );
      throw outOfRange(topic, offset, now);
    }
    const nextOffset = offset + BigInt(messages.length);
    const placeholders = plan.hasPlaceholders
      ? await readPlaceholders(this.#db, topicId, partition, offset, nextOffset)
      : undefined;
    const records = messages.map((message, index): TopicRecord => {
      const record = recordOf(message, topic, partition, offset + BigInt(index));
      const poison = placeholders?.get(record.offset);
      return poison === undefined ? record : placeholderOf(record, poison.reason, poison.detail);
    });
    return {
      records,
      nextOffset,
      range: { ...range, endOffset: range.endOffset > nextOffset ? range.endOffset : nextOffset },
    };
  }

  async offsetAt(topic: string, partition: number, time: Date): Promise<bigint> {
    const { topicId, ranges } = await this.#topic(topic);
    const range = rangeOf(topic, ranges, partition);
    return (await firstSince(this.#db, topicId, partition, time))?.offset ?? range.endOffset;
  }

  async readSince(topic: string, from: bigint | Date, limits: ReadLimits): Promise<PositionPage> {
    const found = await this.#topic(topic);
    const after = from instanceof Date ? await this.#beforeTime(found, from) : from;
    if (after === undefined) return { records: [], nextPosition: null };
    let batchesMax = Math.max(BATCHES_MAX, 2 * found.ranges.length);
    for (;;) {
      const most = { batches: batchesMax, records: limits.maxRecords };
      const { batches, cut } = await batchesAfter(this.#db, found.topicId, after, most);
      const { positions, more } = mergeSteps(batches, after, limits, cut);
      if (positions.length > 0) {
        return { records: await this.#recordsAt(positions), nextPosition: more ? BigInt(positions.at(-1)!) : null };
      }
      if (!cut) return { records: [], nextPosition: null };
      // One step with more batches than that: a step has a bounded number of messages, so this ends.
      batchesMax *= 4;
    }
  }

  async readByKey(topic: string, key: Buffer, afterPosition: bigint, limits: ReadLimits): Promise<PositionPage> {
    const { topicId } = await this.#topic(topic);
    const found = await positionsOfKey(this.#db, topicId, key, afterPosition, limits.maxRecords);
    let bytes = 0;
    const taken = found.filter((message, index) => (bytes += message.bytes) <= limits.maxBytes || index === 0);
    const positions = taken.map((message) => message.position);
    if (positions.length === 0) return { records: [], nextPosition: null };
    const records = await this.#recordsAt(positions);
    const more = taken.length === limits.maxRecords || taken.length < found.length;
    return { records, nextPosition: more ? BigInt(positions.at(-1)!) : null };
  }

  async findMessage(messageId: string): Promise<MessageTrace> {
    const places = await placesOfMessage(this.#db, messageId);
    if (places.length === 0) throw new TidemarkError('MESSAGE_UNKNOWN', `there is no message ${messageId}`);
    const messages = await fetchMessages(
      this.#db,
      places.map((place) => place.position),
    );
    const records = join(messages, places);
    return { records, pending: messages.length - records.length };
  }

  async #recordsAt(positions: readonly string[]): Promise<TopicRecord[]> {
    return join(await fetchMessages(this.#db, positions), await placesOfPositions(this.#db, positions));
  }

  /** The position before the first record of any partition written at or after the time; undefined when there is none. */
  async #beforeTime(topic: TopicRanges, time: Date): Promise<bigint | undefined> {
    let first: bigint | undefined;
    for (const { partition } of topic.ranges) {
      const place = await firstSince(this.#db, topic.topicId, partition, time);
      if (place !== undefined && (first === undefined || place.position < first)) first = place.position;
    }
    return first === undefined ? undefined : first - 1n;
  }

  async #topic(topic: string): Promise<TopicRanges> {
    const found = await readRanges(this.#db, topic);
    if (found === undefined) throw unknownTopic(topic);
    return found;
  }
}

function rangeOf(topic: string, ranges: readonly PartitionRange[], partition: number): PartitionRange {
  const range = ranges[partition];
  if (range === undefined) throw noPartition(topic, partition, ranges.length);
  return range;
}

function unknownTopic(topic: string): TidemarkError {
  return new TidemarkError('TOPIC_UNKNOWN', `topic '${topic}' does not exist`);
}

function noPartition(topic: string, partition: number, partitions: number): TidemarkError {
  return new TidemarkError(
    'PARTITION_INVALID',
    `topic '${topic}' has partitions 0 to ${partitions - 1}, not ${partition}`,
  );
}

function outOfRange(topic: string, offset: bigint, range: PartitionRange): TidemarkError {
  const { partition, startOffset, endOffset } = range;
  return new TidemarkError(
    'OFFSET_OUT_OF_RANGE',
    `offset ${offset} of ${topic}/${partition}: records are there from ${startOffset} to ${endOffset} (exclusive)`,
    { context: { topic, partition, startOffset: startOffset.toString(), endOffset: endOffset.toString() } },
  );
}

function join(messages: readonly StoredMessage[], places: readonly RecordPlace[]): TopicRecord[] {
  const byPosition = new Map(places.map((place) => [place.position, place]));
  const records: TopicRecord[] = [];
  for (const message of messages) {
    const place = byPosition.get(message.position.toString());
    if (place === undefined || place.partition === null || place.offset === null) continue;
    const record = recordOf(message, place.topic, place.partition, place.offset);
    records.push(
      place.placeholder === null ? record : placeholderOf(record, place.placeholder.reason, place.placeholder.detail),
    );
  }
  return records;
}
