import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import {
  decodeCursor,
  encodeCursor,
  Endpoint,
  endpoint,
  Input,
  type InputOf,
  requestInvalid,
  zCursor,
  zInt64Text,
  zLimit,
  zOffset,
  zPage,
  zPartition,
  zQueryFlag,
  zQueryInteger,
  zTimestamp,
} from '#libs/foundation/http';
import type { ReadLimits, RecordPage } from '#libs/stores/topic';
import { RELAY, type Relay } from '../relay.ts';
import { recordViews } from './record-views.ts';
import { zRecord } from './record-view.ts';

/** Bytes of keys and values in one answer; one record may be larger by itself. */
const PAGE_BYTES = 4_000_000;
const zTopicName = z.string().min(1).max(249);
const zDecode = zQueryFlag.default(false).describe('Show what values that have a schema say; see `decoded`.');
const zPageSize = zLimit({ max: 10_000, default: 100 });

const readPartition = endpoint({
  summary: 'Read records of a partition by offset',
  description:
    'Answers from `offset` (default: the start) on. At the end the page is empty; with `waitMs` the answer waits for records.',
  role: 'viewer',
  params: z.object({ topic: zTopicName, partition: zPartition }),
  query: z.object({
    offset: zOffset.optional(),
    limit: zPageSize,
    waitMs: zQueryInteger({ min: 0, max: 25_000 }).default(0),
    decode: zDecode,
  }),
  response: z.strictObject({
    records: z.array(zRecord),
    nextOffset: zInt64Text,
    startOffset: zInt64Text,
    endOffset: zInt64Text,
  }),
  errors: ['TOPIC_UNKNOWN', 'PARTITION_INVALID', 'OFFSET_OUT_OF_RANGE'],
});

const readTopic = endpoint({
  summary: 'Read records of a topic by time or by key',
  description:
    'With `key` (or `keyBase64`): the records of one key in their order. Else: records of all partitions in the order of positions, from `since` or the start on.',
  role: 'viewer',
  params: z.object({ topic: zTopicName }),
  query: z.object({
    since: zTimestamp.optional(),
    key: z.string().max(8_192).optional(),
    keyBase64: z.base64().max(11_000).optional(),
    cursor: zCursor.optional(),
    limit: zPageSize,
    decode: zDecode,
  }),
  response: zPage(zRecord),
  errors: ['TOPIC_UNKNOWN'],
});

const findMessage = endpoint({
  summary: 'Find a message by its id',
  description: 'Every record that carries the message: replays append it again under the same id.',
  role: 'viewer',
  params: z.object({ messageId: z.uuid() }),
  query: z.object({ decode: zDecode }),
  response: z.strictObject({
    messageId: z.uuid(),
    records: z.array(zRecord),
    pending: z.int().meta({ description: 'Copies that are committed and not in the log yet.' }),
  }),
  errors: ['MESSAGE_UNKNOWN'],
});

@Controller('v1')
export class RecordsController {
  constructor(@Inject(RELAY) private readonly relay: Relay) {}

  @Get('topics/:topic/partitions/:partition/records')
  @Endpoint(readPartition)
  async readPartition(@Input() { params, query, signal }: InputOf<typeof readPartition>) {
    const { reader, watcher } = this.relay;
    const limits = { maxRecords: query.limit, maxBytes: PAGE_BYTES };
    const cursor = await watcher.cursor();
    const offset = query.offset ?? (await reader.range(params.topic, params.partition)).startOffset;
    let page = await reader.read(params.topic, params.partition, offset, limits);
    if (page.records.length === 0 && query.waitMs > 0) {
      page = await this.#wait(params.topic, params.partition, offset, limits, { cursor, waitMs: query.waitMs, signal });
    }
    return {
      records: await recordViews(page.records, this.relay.payloads, query.decode),
      nextOffset: page.nextOffset.toString(),
      startOffset: page.range.startOffset.toString(),
      endOffset: page.range.endOffset.toString(),
    };
  }

  @Get('topics/:topic/records')
  @Endpoint(readTopic)
  async readTopic(@Input() { params, query }: InputOf<typeof readTopic>) {
    if (query.key !== undefined && query.keyBase64 !== undefined) {
      throw requestInvalid([{ field: 'query.keyBase64', message: 'give key or keyBase64, not both' }]);
    }
    const key = query.keyBase64 === undefined ? query.key : Buffer.from(query.keyBase64, 'base64');
    if (key !== undefined && query.since !== undefined) {
      throw requestInvalid([{ field: 'query.since', message: 'give a key or a time, not both' }]);
    }
    const limits = { maxRecords: query.limit, maxBytes: PAGE_BYTES };
    const after = query.cursor === undefined ? undefined : BigInt(decodeCursor(query.cursor, zInt64Text));
    const page =
      key === undefined
        ? await this.relay.reader.readSince(params.topic, after ?? query.since ?? 0n, limits)
        : await this.relay.reader.readByKey(params.topic, Buffer.from(key), after ?? 0n, limits);
    return {
      items: await recordViews(page.records, this.relay.payloads, query.decode),
      nextCursor: page.nextPosition === null ? null : encodeCursor(page.nextPosition.toString()),
    };
  }

  @Get('messages/:messageId')
  @Endpoint(findMessage)
  async findMessage(@Input() { params, query }: InputOf<typeof findMessage>) {
    const trace = await this.relay.reader.findMessage(params.messageId);
    return {
      messageId: params.messageId,
      records: await recordViews(trace.records, this.relay.payloads, query.decode),
      pending: trace.pending,
    };
  }

  async #wait(
    topic: string,
    partition: number,
    offset: bigint,
    limits: ReadLimits,
    wait: { cursor: bigint; waitMs: number; signal: AbortSignal },
  ): Promise<RecordPage> {
    const { reader, watcher } = this.relay;
    const deadline = Date.now() + wait.waitMs;
    let cursor = wait.cursor;
    for (;;) {
      // The log moves for other topics too: look again, and go on waiting until there is something or the time is over.
      cursor = await watcher.waitBeyond(cursor, Math.max(0, deadline - Date.now()), wait.signal);
      const page = await reader.read(topic, partition, offset, limits);
      if (page.records.length > 0 || wait.signal.aborted || Date.now() >= deadline) return page;
    }
  }
}
