import type { PartitionStatus, SubscriptionStatus } from '../consumer-status.ts';
import type { GroupRunner } from './group-runner.ts';
import type { SubscriptionRunner } from './subscription-runner.ts';

/** What a health page shows of a subscription. */
export function subscriptionStatus<Tx>(group: GroupRunner<Tx>, runner: SubscriptionRunner<Tx>): SubscriptionStatus {
  const { name, group: groupName } = runner.parts.settings;
  const slots = group.membership?.slots.ofSubscription(runner) ?? [];
  const { dueAt, state } = runner.breaker;
  return {
    name,
    group: groupName,
    topics: group.watch.sourcesOf(name),
    missingTopics: group.watch.missingOf(name),
    paused: runner.paused,
    underWay: runner.underWay,
    buffered: runner.buffered.records,
    bufferedBytes: runner.buffered.bytes,
    breaker: state,
    triesAt: dueAt === null ? null : new Date(dueAt),
    partitions: slots.map(({ owned }): PartitionStatus => ({
      topic: owned.topic,
      partition: owned.partition,
      nextOffset: owned.progress.watermark,
      committedOffset: owned.progress.committed,
      waiting: owned.progress.unfinished,
      lag: group.lag.lagOf(owned),
      dueAt: owned.dueAt === null ? null : new Date(owned.dueAt),
    })),
  };
}
