import { Controller, Delete, Get, Inject, Patch, Post } from '@nestjs/common';
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
  zOffset,
  zPage,
  zTimestamp,
} from '#libs/foundation/http';
import { RELAY, type Relay } from '../relay.ts';
import { groupDetailView, groupView, resetsView, zGroup, zGroupDetail, zResets } from './group-view.ts';

const params = z.object({ group: z.string().min(1).max(255) });

const zTarget = { topic: z.string().min(1).max(249), partition: z.int().min(0).optional() };
const zReset = z.discriminatedUnion('to', [
  z.strictObject({ ...zTarget, to: z.literal('earliest') }),
  z.strictObject({ ...zTarget, to: z.literal('latest') }),
  z.strictObject({ ...zTarget, to: z.literal('offset'), offset: zOffset }),
  z.strictObject({ ...zTarget, to: z.literal('time'), time: zTimestamp }),
]);

const listGroups = endpoint({
  summary: 'List consumer groups',
  role: 'viewer',
  query: z.object({ cursor: zCursor.optional(), limit: zLimit({ max: 1_000, default: 100 }) }),
  response: zPage(zGroup),
});
const describeGroup = endpoint({
  summary: 'Describe a consumer group, with the lag of each partition',
  role: 'viewer',
  params,
  response: zGroupDetail,
  errors: ['GROUP_UNKNOWN'],
});
const resetGroup = endpoint({
  summary: 'Move the committed offsets of a group',
  description:
    'All or none, and only while the group has no live member. With `dryRun` it only answers what it would do.',
  role: 'operator',
  params,
  body: z.strictObject({ resets: z.array(zReset).min(1).max(1_000), dryRun: z.boolean().default(false) }),
  response: zResets,
  errors: [
    'GROUP_UNKNOWN',
    'GROUP_ACTIVE',
    'GROUP_INVALID',
    'TOPIC_UNKNOWN',
    'PARTITION_INVALID',
    'OFFSET_OUT_OF_RANGE',
  ],
});
const changeGroup = endpoint({
  summary: 'Say whether a group holds back retention',
  role: 'operator',
  params,
  body: z.strictObject({ required: z.boolean() }),
  response: z.strictObject({ name: z.string(), required: z.boolean() }),
  errors: ['GROUP_UNKNOWN'],
});
const deleteGroup = endpoint({
  summary: 'Delete a consumer group and its offsets',
  role: 'operator',
  params,
  response: z.strictObject({ deleted: z.string() }),
  errors: ['GROUP_UNKNOWN', 'GROUP_ACTIVE'],
});
const forgetTopic = endpoint({
  summary: 'Delete the offsets of a topic that a group does not read any more',
  role: 'operator',
  params: params.extend({ topic: z.string().min(1).max(249) }),
  response: z.strictObject({ forgotten: zInt64Text }),
  errors: ['GROUP_UNKNOWN', 'GROUP_ACTIVE'],
});

@Controller('v1/groups')
export class GroupsController {
  constructor(
    @Inject(RELAY) private readonly relay: Relay,
    @Inject(Writes) private readonly writes: Writes,
  ) {}

  @Get()
  @Endpoint(listGroups)
  async listGroups(@Input() { query }: InputOf<typeof listGroups>) {
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, z.string());
    const items = await this.relay.groups.list({ after, limit: query.limit });
    // A full page may be the last one: the next is empty then.
    return {
      items: items.map(groupView),
      nextCursor: items.length < query.limit ? null : encodeCursor(items.at(-1)!.name),
    };
  }

  @Get(':group')
  @Endpoint(describeGroup)
  async describeGroup(@Input() input: InputOf<typeof describeGroup>) {
    return groupDetailView(await this.relay.groups.describe(input.params.group));
  }

  @Post(':group/reset')
  @Endpoint(resetGroup)
  async resetGroup(@Input() input: InputOf<typeof resetGroup>) {
    const { group } = input.params;
    const { resets, dryRun } = input.body;
    const by = input.actor.name;
    if (dryRun) return resetsView(await this.relay.groups.reset(group, resets, { by, dryRun }), true);
    const detail = { resets: resets.map((entry) => ({ topic: entry.topic, to: entry.to })) };
    return this.writes.run(input, { action: 'group.reset', target: group, detail }, async (tx) =>
      resetsView(await this.relay.groups.reset(group, resets, { by }, tx), false),
    );
  }

  @Patch(':group')
  @Endpoint(changeGroup)
  changeGroup(@Input() input: InputOf<typeof changeGroup>) {
    const { group: name } = input.params;
    const { required } = input.body;
    return this.writes.run(input, { action: 'group.alter', target: name, detail: { required } }, async (tx) => {
      await this.relay.groups.setRequired(name, required, tx);
      return { name, required };
    });
  }

  @Delete(':group')
  @Endpoint(deleteGroup)
  deleteGroup(@Input() input: InputOf<typeof deleteGroup>) {
    const { group } = input.params;
    return this.writes.run(input, { action: 'group.delete', target: group }, async (tx) => {
      await this.relay.groups.delete(group, tx);
      return { deleted: group };
    });
  }

  @Delete(':group/topics/:topic')
  @Endpoint(forgetTopic)
  forgetTopic(@Input() input: InputOf<typeof forgetTopic>) {
    const { group, topic } = input.params;
    return this.writes.run(input, { action: 'group.forget-topic', target: group, detail: { topic } }, async (tx) => ({
      forgotten: (await this.relay.groups.forgetTopic(group, topic, tx)).toString(),
    }));
  }
}
