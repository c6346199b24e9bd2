import { type ConsumerStatus, sideTopics, type SubscriptionStatus } from '#libs/movers/consumer';
import type { TransactionHandle } from '#libs/sdk';
import type { Outstanding } from './settle.ts';
import type { World } from './world.ts';

/** Retry topics that a topic may have. */
const TIERS_MAX = 9;

type Facts = Pick<World<TransactionHandle>, 'topics' | 'mayGoOn' | 'isReadable'>;

/** What consumers have left to do, asked when nothing runs. Those that are paused or whose breaker is open have nothing. */
export async function outstandingOf(consumers: readonly ConsumerStatus[], facts: Facts): Promise<Outstanding> {
  let left: Outstanding = (await facts.isReadable()) ? 'nothing' : 'work';
  for (const { state, subscriptions } of consumers) {
    if (state !== 'running') continue;
    for (const subscription of subscriptions) {
      if (subscription.paused || subscription.breaker !== 'closed') continue;
      // A delivery under which nothing runs waits for its next try.
      if (subscription.underWay > 0 || (await facts.mayGoOn(subscription.group, subscription.topics))) return 'time';
      if (await isBehind(subscription, facts)) left = 'work';
    }
  }
  return left;
}

/** True when a record of its topics or their retry topics is unread that is not waited for. */
async function isBehind({ topics, group, partitions }: SubscriptionStatus, facts: Facts): Promise<boolean> {
  for (const topic of topics.flatMap((source) => [source, ...sideTopics(source, group, TIERS_MAX).retry])) {
    for (const { partition, endOffset } of await facts.topics.ends(topic)) {
      const owned = partitions.find((one) => one.topic === topic && one.partition === partition);
      // One that has records and is not here yet will come.
      if (owned === undefined ? endOffset > 0n : owned.dueAt === null && owned.nextOffset < endOffset) return true;
    }
  }
  return false;
}
