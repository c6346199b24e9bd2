import type { Readable } from 'node:stream';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import {
  Endpoint,
  endpoint,
  Input,
  type InputOf,
  requestInvalid,
  type ServerSentEvent,
  serverSentEvents,
  zOffset,
  zPartition,
  zQueryFlag,
  zTimestamp,
} from '#libs/foundation/http';
import { type PartitionRange, tailTopic } from '#libs/stores/topic';
import { RELAY, type Relay } from '../relay.ts';
import { recordViews } from './record-views.ts';

const LIMITS = { maxRecords: 500, maxBytes: 1_000_000 };

const tailRecords = endpoint({
  summary: 'Follow a topic as server-sent events',
  description:
    'One event per record, named `record`; its id names the next offset of each partition, so that a client that sends it back as Last-Event-ID goes on where it was.',
  role: 'viewer',
  params: z.object({ topic: z.string().min(1).max(249) }),
  query: z.object({
    from: z.enum(['latest', 'earliest']).default('latest').describe('Where to begin without Last-Event-ID.'),
    since: zTimestamp.optional(),
    partition: zPartition.optional(),
    offset: zOffset.optional().describe('Needs partition.'),
    decode: zQueryFlag.default(false).describe('Show what values that have a schema say; see `decoded`.'),
  }),
  headers: z.object({
    'last-event-id': z
      .string()
      .regex(/^\d+:\d+(,\d+:\d+)*$/)
      .optional(),
  }),
  stream: true,
  errors: ['TOPIC_UNKNOWN', 'PARTITION_INVALID', 'OFFSET_OUT_OF_RANGE'],
});

type TailInput = InputOf<typeof tailRecords>;

@Controller('v1/topics')
export class TailController {
  constructor(@Inject(RELAY) private readonly relay: Relay) {}

  @Get(':topic/tail')
  @Endpoint(tailRecords)
  async tailRecords(@Input() input: TailInput): Promise<Readable> {
    const { params, query, signal } = input;
    if (query.offset !== undefined && query.partition === undefined) {
      throw requestInvalid([{ field: 'query.offset', message: 'needs partition' }]);
    }
    // Refused here, before the stream begins, as a problem document.
    const ranges = await this.relay.reader.ranges(params.topic);
    if (query.partition !== undefined) await this.relay.reader.range(params.topic, query.partition);
    const start = new Map<number, bigint>();
    for (const range of ranges) {
      const offset = await this.#startOf(input, range);
      start.set(range.partition, offset);
      const followed = query.partition === undefined || query.partition === range.partition;
      const readable = offset >= range.startOffset && offset <= range.endOffset;
      // Reading says what is wrong. A stream that failed at this offset would be asked for again and again.
      if (followed && !readable) await this.relay.reader.read(params.topic, range.partition, offset, LIMITS);
    }
    return serverSentEvents(this.#events(input, start), { signal });
  }

  async #startOf({ params, query, headers }: TailInput, range: PartitionRange): Promise<bigint> {
    // A client that was here before knows all partitions of that time: one that it does not name was added since.
    const lastEventId = headers['last-event-id'];
    if (lastEventId !== undefined) return resumeOffset(lastEventId, range.partition) ?? range.startOffset;
    if (query.offset !== undefined && query.partition === range.partition) return query.offset;
    if (query.since !== undefined) return this.relay.reader.offsetAt(params.topic, range.partition, query.since);
    return query.from === 'earliest' ? range.startOffset : range.endOffset;
  }

  async *#events({ params, query, signal }: TailInput, start: Map<number, bigint>): AsyncGenerator<ServerSentEvent> {
    const next = new Map(start);
    const { reader, watcher } = this.relay;
    for await (const records of tailTopic(reader, watcher, params.topic, start, {
      limits: LIMITS,
      only: query.partition,
      signal,
    })) {
      const views = await recordViews(records, this.relay.payloads, query.decode);
      for (const [index, record] of records.entries()) {
        next.set(record.partition, record.offset + 1n);
        const id = [...next].map(([partition, offset]) => `${partition}:${offset}`).join(',');
        yield { id, event: 'record', data: views[index] };
      }
    }
  }
}

function resumeOffset(lastEventId: string, partition: number): bigint | undefined {
  const entry = lastEventId.split(',').find((pair) => pair.startsWith(`${partition}:`));
  return entry === undefined ? undefined : BigInt(entry.slice(entry.indexOf(':') + 1));
}
