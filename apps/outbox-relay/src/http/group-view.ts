import { z } from 'zod';
import { zInt64Text, zTimestampText } from '#libs/foundation/http';
import type { GroupDescription, GroupSummary, OffsetReset } from '#libs/stores/topic';

export const zGroup = z
  .strictObject({
    name: z.string(),
    state: z.enum(['empty', 'stable', 'rebalancing']),
    epoch: zInt64Text,
    required: z.boolean().meta({ description: 'Holds back retention: what it has not committed is not dropped.' }),
    liveMembers: z.int(),
    partitions: z.int(),
    lagRecords: zInt64Text,
    createdAt: zTimestampText,
  })
  .meta({ id: 'Group' });

export const zGroupDetail = zGroup
  .extend({
    members: z.array(
      z.strictObject({
        memberId: z.string(),
        instanceId: z.string().nullable().meta({ description: 'Null for a member that is not static.' }),
        client: z.record(z.string(), z.union([z.string(), z.number()])),
        topics: z.array(z.string()),
        joinedAt: zTimestampText,
        lastSeenAt: zTimestampText,
        live: z.boolean(),
      }),
    ),
    partitionStatus: z.array(
      z.strictObject({
        topic: z.string(),
        partition: z.int(),
        state: z.string(),
        owner: z.string().nullable(),
        target: z.string().nullable(),
        committedOffset: zInt64Text,
        committedAt: zTimestampText.nullable(),
        metadata: z.string().nullable(),
        endOffset: zInt64Text,
        lagRecords: zInt64Text,
        lagSeconds: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'GroupDetail' });

export const zResets = z.strictObject({
  dryRun: z.boolean(),
  resets: z.array(
    z.strictObject({ topic: z.string(), partition: z.int(), from: zInt64Text.nullable(), to: zInt64Text }),
  ),
});

export function groupView(group: GroupSummary): z.output<typeof zGroup> {
  return {
    name: group.name,
    state: group.state,
    epoch: group.epoch.toString(),
    required: group.required,
    liveMembers: group.liveMembers,
    partitions: group.partitions,
    lagRecords: group.lagRecords.toString(),
    createdAt: group.createdAt.toISOString(),
  };
}

export function groupDetailView(group: GroupDescription): z.output<typeof zGroupDetail> {
  return {
    ...groupView(group),
    members: group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      client: { ...member.client },
      topics: [...member.topics],
      joinedAt: member.joinedAt.toISOString(),
      lastSeenAt: member.lastSeenAt.toISOString(),
      live: member.live,
    })),
    partitionStatus: group.partitionStatus.map((status) => ({
      topic: status.topic,
      partition: status.partition,
      state: status.state,
      owner: status.owner,
      target: status.target,
      committedOffset: status.committedOffset.toString(),
      committedAt: status.committedAt?.toISOString() ?? null,
      metadata: status.metadata,
      endOffset: status.endOffset.toString(),
      lagRecords: status.lagRecords.toString(),
      lagSeconds: status.lagSeconds,
    })),
  };
}

export function resetsView(resets: readonly OffsetReset[], dryRun: boolean): z.output<typeof zResets> {
  return {
    dryRun,
    resets: resets.map(({ topic, partition, from, to }) => ({
      topic,
      partition,
      from: from?.toString() ?? null,
      to: to.toString(),
    })),
  };
}
