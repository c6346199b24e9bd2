import { Controller, Get, Inject, Patch, Post } from '@nestjs/common';
import { z } from 'zod';
import {
  decodeCursor,
  encodeCursor,
  Endpoint,
  endpoint,
  Input,
  type InputOf,
  Writes,
  zCursor,
  zInt64Text,
  zLimit,
  zPage,
  zTimestampText,
} from '#libs/foundation/http';
import { TidemarkError } from '#libs/foundation/kernel';
import { alterTopic, createTopic, findTopic, listTopics, type Topic } from '#libs/stores/outbox';
import { RELAY, type Relay } from '../relay.ts';

const zTopicName = z.string().min(1).max(249).meta({ description: 'Letters, digits, dot, underscore and hyphen.' });

const zSettings = z.strictObject({
  partitions: z.int().min(1).max(10_000).optional().meta({ description: 'Default 6; can only grow.' }),
  ordering: z
    .enum(['key', 'insert'])
    .optional()
    .meta({ description: 'key (default): messages of one key in commit order; insert: no lock per key.' }),
  maxMessageBytes: z.int().min(1).max(104_857_600).optional().meta({ description: 'Default 1000000.' }),
  retentionMs: zInt64Text
    .nullable()
    .optional()
    .meta({ description: 'Messages are kept at least this long; null (default) for ever.' }),
  schemaRequired: z
    .boolean()
    .optional()
    .meta({ description: 'Refuses payloads without a schema, but no tombstones; default false.' }),
});

const zTopic = z
  .strictObject({
    name: z.string(),
    partitions: z.int(),
    ordering: z.enum(['key', 'insert']),
    maxMessageBytes: z.int(),
    retentionMs: zInt64Text.nullable(),
    schemaRequired: z.boolean(),
    createdAt: zTimestampText,
  })
  .meta({ id: 'Topic' });

const zTopicDetail = zTopic
  .extend({
    records: zInt64Text.meta({ description: 'Records that can be read now.' }),
    partitionRanges: z.array(z.strictObject({ partition: z.int(), startOffset: zInt64Text, endOffset: zInt64Text })),
  })
  .meta({ id: 'TopicDetail' });

const topicsPage = endpoint({
  summary: 'List topics',
  role: 'viewer',
  query: z.object({ cursor: zCursor.optional(), limit: zLimit({ max: 1_000, default: 100 }) }),
  response: zPage(zTopic),
});
const describeTopic = endpoint({
  summary: 'Describe a topic',
  role: 'viewer',
  params: z.object({ topic: zTopicName }),
  response: zTopicDetail,
  errors: ['TOPIC_UNKNOWN'],
});
const makeTopic = endpoint({
  summary: 'Create a topic',
  role: 'operator',
  body: zSettings.extend({ name: zTopicName }),
  response: zTopic,
  status: 201,
  errors: ['TOPIC_EXISTS', 'TOPIC_INVALID'],
});
const changeTopic = endpoint({
  summary: 'Change the settings of a topic',
  description: 'Settings that are left out stay as they are. Partitions can only grow.',
  role: 'operator',
  params: z.object({ topic: zTopicName }),
  body: zSettings,
  response: zTopic,
  errors: ['TOPIC_UNKNOWN', 'TOPIC_INVALID'],
});

function topicView(topic: Topic): z.output<typeof zTopic> {
  return {
    name: topic.name,
    partitions: topic.partitions,
    ordering: topic.ordering,
    maxMessageBytes: topic.maxMessageBytes,
    retentionMs: topic.retentionMs?.toString() ?? null,
    schemaRequired: topic.schemaRequired,
    createdAt: topic.createdAt.toISOString(),
  };
}

/** Text as the API sends 64-bit numbers, to what the store takes; absent stays absent. */
function settingsOf(body: z.output<typeof zSettings>) {
  const { retentionMs, ...rest } = body;
  return retentionMs === undefined ? rest : { ...rest, retentionMs: retentionMs === null ? null : BigInt(retentionMs) };
}

@Controller('v1/topics')
export class TopicsController {
  constructor(
    @Inject(RELAY) private readonly relay: Relay,
    @Inject(Writes) private readonly writes: Writes,
  ) {}

  @Get()
  @Endpoint(topicsPage)
  async topicsPage(@Input() { query }: InputOf<typeof topicsPage>) {
    const after = query.cursor === undefined ? '' : decodeCursor(query.cursor, z.string());
    const topics = await listTopics(this.relay.db, after, query.limit + 1);
    const items = topics.slice(0, query.limit);
    const nextCursor = topics.length > query.limit ? encodeCursor(items.at(-1)!.name) : null;
    return { items: items.map(topicView), nextCursor };
  }

  @Get(':topic')
  @Endpoint(describeTopic)
  async describeTopic(@Input() { params }: InputOf<typeof describeTopic>) {
    const topic = await findTopic(this.relay.db, params.topic);
    if (topic === undefined) throw new TidemarkError('TOPIC_UNKNOWN', `topic '${params.topic}' does not exist`);
    const ranges = await this.relay.reader.ranges(topic.name);
    const records = ranges.reduce((sum, range) => sum + range.endOffset - range.startOffset, 0n);
    return {
      ...topicView(topic),
      records: records.toString(),
      partitionRanges: ranges.map((range) => ({
        partition: range.partition,
        startOffset: range.startOffset.toString(),
        endOffset: range.endOffset.toString(),
      })),
    };
  }

  @Post()
  @Endpoint(makeTopic)
  makeTopic(@Input() input: InputOf<typeof makeTopic>) {
    const { name, ...settings } = input.body;
    return this.writes.run(input, { action: 'topic.create', target: name, detail: settings }, async (tx) =>
      topicView(await createTopic(tx, name, settingsOf(settings))),
    );
  }

  @Patch(':topic')
  @Endpoint(changeTopic)
  changeTopic(@Input() input: InputOf<typeof changeTopic>) {
    const name = input.params.topic;
    return this.writes.run(input, { action: 'topic.alter', target: name, detail: input.body }, async (tx) =>
      topicView(await alterTopic(tx, name, settingsOf(input.body))),
    );
  }
}
