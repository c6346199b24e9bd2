import { API_KEY } from '#libs/foundation/kafka';
import type { ClusterIdentity, PublishMode } from '#libs/stores/log';

const NEEDED: readonly (readonly [key: number, name: string])[] = [
  [API_KEY.INIT_PRODUCER_ID, 'InitProducerId'],
  [API_KEY.OFFSET_FOR_LEADER_EPOCH, 'OffsetsForLeaderEpoch'],
  [API_KEY.DESCRIBE_PRODUCERS, 'DescribeProducers'],
];

export interface ModeChoice {
  readonly mode: PublishMode;
  readonly reason: string;
}

/** How a cluster is published to: by what is wanted and what its brokers can do. */
export function chooseMode(
  wanted: 'auto' | 'exact' | 'at-least-once',
  abilities: ReadonlyMap<number, unknown>,
): ModeChoice | { readonly impossible: string } {
  if (wanted === 'at-least-once') return { mode: 'at-least-once', reason: 'configured' };
  const missing = NEEDED.filter(([key]) => !abilities.has(key)).map(([, name]) => name);
  if (missing.length === 0) return { mode: 'exact', reason: 'the cluster can do all that is needed' };
  const reason = `the brokers do not offer ${missing.join(', ')} (Kafka 2.8 and later does)`;
  return wanted === 'exact' ? { impossible: reason } : { mode: 'at-least-once', reason };
}

export function canSeeLogEnds(abilities: ReadonlyMap<number, unknown>): boolean {
  return abilities.has(API_KEY.OFFSET_FOR_LEADER_EPOCH);
}

/**
 * Whether the stored producer still serves. A new one disarms the brokers' check of sequences, so it is drawn only for
 * another cluster, where the old id may be somebody else's, or where records were sent without sequences meanwhile.
 */
export function keepsProducer(stored: ClusterIdentity, kafkaClusterId: string | null): boolean {
  if (stored.producer === null || stored.mode === 'at-least-once') return false;
  return stored.kafkaClusterId === null || kafkaClusterId === null || stored.kafkaClusterId === kafkaClusterId;
}
