import { z } from 'zod';
import { zInt64Text, zTimestampText } from '#libs/foundation/http';
import type { KnownCluster } from '../../clusters/cluster-overview.ts';
import { leaseHolderView, zLeaseHolder } from '../lease-holder-view.ts';

export const zCluster = z
  .strictObject({
    name: z.string(),
    configuredHere: z.boolean().meta({ description: 'Whether this relay can talk to the cluster.' }),
    required: z.boolean().meta({ description: 'Retention waits until it has each record.' }),
    mode: z.enum(['exact', 'at-least-once']).nullable().meta({ description: 'Null before the first publisher.' }),
    modeReason: z.string().nullable(),
    kafkaClusterId: z.string().nullable(),
    publisher: zLeaseHolder.nullable().meta({ description: 'Null while nobody publishes to it.' }),
    thisInstancePublishes: z.boolean(),
    trouble: z.string().nullable().meta({ description: 'Why this relay cannot publish to the cluster as a whole.' }),
    topics: z.strictObject({ publishing: z.int(), notRouted: z.int(), refused: z.int() }),
    partitions: z.int(),
    troubled: z.int().meta({ description: 'Partitions that stand still.' }),
    segments: z.int().meta({ description: 'Runs of offsets with one delta each.' }),
    deltaZeroEverywhere: z.boolean().meta({ description: 'Every record has the same offset there as in the log.' }),
    placeholders: z.int().meta({ description: 'Records that the cluster refused as too large.' }),
    lag: z.strictObject({ messages: zInt64Text, seconds: z.number() }),
    canary: z
      .strictObject({ sentAt: zTimestampText, readableMs: z.number().nullable(), failure: z.string().nullable() })
      .nullable()
      .meta({ description: 'The last one: ms from its commit until it could be read there, or why it could not.' }),
  })
  .meta({ id: 'Cluster' });

/** What is known of a cluster that nobody has published to. */
const NOTHING_YET = {
  mode: null,
  modeReason: null,
  kafkaClusterId: null,
  topics: { publishing: 0, notRouted: 0, refused: 0 },
  partitions: 0,
  troubled: 0,
  segments: 0,
  deltaZeroEverywhere: true,
  placeholders: 0,
} as const;

export function clusterView({ name, status, lag, canary, here }: KnownCluster): z.output<typeof zCluster> {
  const { topics, ...known } = status ?? NOTHING_YET;
  return {
    name,
    configuredHere: here !== undefined,
    required: status?.required ?? here?.config.required ?? false,
    mode: known.mode,
    modeReason: known.modeReason,
    kafkaClusterId: known.kafkaClusterId,
    publisher: leaseHolderView(status?.publisher ?? null),
    thisInstancePublishes: here?.publisher.leading ?? false,
    trouble: here?.publisher.status().trouble ?? null,
    topics: { ...topics },
    partitions: known.partitions,
    troubled: known.troubled,
    segments: known.segments,
    deltaZeroEverywhere: known.deltaZeroEverywhere,
    placeholders: known.placeholders,
    lag: { messages: (lag?.messages ?? 0n).toString(), seconds: (lag?.behindMs ?? 0) / 1_000 },
    canary: canary === undefined ? null : { ...canary, sentAt: canary.sentAt.toISOString() },
  };
}
