import { formatDuration } from '../input/duration.ts';
import type { ClusterAnswer } from '../relay/cluster-answers.ts';

/** How far a cluster is behind, in a few words. */
export function lagText({ messages, seconds }: { readonly messages: string; readonly seconds: number }): string {
  return messages === '0' ? 'none' : `${messages} (${formatDuration(seconds * 1_000)})`;
}

export function canaryText(canary: ClusterAnswer['canary']): string {
  if (canary === null) return '-';
  return canary.readableMs === null ? `FAILED: ${canary.failure}` : `${canary.readableMs.toFixed(1)} ms`;
}

/** What somebody should look at; empty when all is well. */
export function attentionText(cluster: ClusterAnswer): string {
  return [
    ...(cluster.publisher === null ? ['NOBODY PUBLISHES'] : []),
    ...(cluster.trouble === null ? [] : [cluster.trouble]),
    ...(cluster.troubled === 0 ? [] : [`${cluster.troubled} partitions stand still`]),
    ...(cluster.topics.refused === 0 ? [] : [`${cluster.topics.refused} topics refused`]),
  ].join('; ');
}

/** Everything of a cluster in a few lines. */
export function clusterText(cluster: ClusterAnswer): string {
  const { publisher, topics } = cluster;
  const who =
    publisher === null
      ? 'NOBODY: records wait in the log until a relay with this cluster in its configuration runs'
      : `${publisher.host ?? 'an unknown host'}, process ${publisher.pid ?? '?'}${cluster.thisInstancePublishes ? ' (this relay)' : ''}, since ${publisher.since}`;
  const attention = attentionText(cluster);
  return [
    `cluster    ${cluster.name}${cluster.kafkaClusterId === null ? '' : ` (${cluster.kafkaClusterId})`}, ${cluster.required ? 'required' : 'best effort'}`,
    `publisher  ${who}`,
    `mode       ${cluster.mode ?? 'not known yet'}${cluster.modeReason === null || cluster.modeReason === '' ? '' : `: ${cluster.modeReason}`}`,
    `topics     ${topics.publishing} published, ${topics.notRouted} not routed, ${topics.refused} refused; ${cluster.partitions} partitions`,
    `offsets    ${cluster.deltaZeroEverywhere ? 'the same as in the log, everywhere' : `NOT those of the log everywhere (${cluster.segments} segments)`}`,
    `lag        ${lagText(cluster.lag)}`,
    `canary     ${canaryText(cluster.canary)}`,
    ...(cluster.placeholders === 0 ? [] : [`too large  ${cluster.placeholders} records, placeholders in their place`]),
    ...(cluster.configuredHere ? [] : ['relay      this one is not configured for it']),
    ...(attention === '' ? [] : [`attention  ${attention}`]),
  ].join('\n');
}
