import { API_KEY } from '#libs/foundation/kafka';
import type { ClusterIdentity, PublishMode } from '#libs/stores/log';

const NEEDED: readonly (readonly [key: number, name: string])[] = [
  [API_KEY.INIT_PRODUCER_ID, 'InitProducerId'],
  [API_KEY.OFFSET_FOR_LEADER_EPOCH, 'OffsetsForLeaderEpoch'],
  [API_KEY.DESCRIBE_PRODUCERS, 'DescribeProducers'],
];

/** The beginning of the reason of a cluster that has refused exact mode while it was published to. */
export const NO_FIRST_SEQUENCE = 'the brokers take no first sequence but 0 from a producer that they do not know';

export interface ModeChoice {
  readonly mode: PublishMode;
  readonly reason: string;
}

/**
 * How a cluster is published to: by what is wanted, what its brokers can do, and what was done before. Exact mode is not
 * left without being told to, and not taken up again once records were sent without sequences: the brokers' last
 * sequence of the producer would name a record long past, and everything behind it would be sent again.
 */
export function chooseMode(
  wanted: 'auto' | 'exact' | 'at-least-once',
  abilities: ReadonlyMap<number, unknown>,
  before: Pick<ClusterIdentity, 'producer' | 'mode' | 'modeReason'>,
): ModeChoice | { readonly impossible: string } {
  if (wanted === 'at-least-once') return { mode: 'at-least-once', reason: 'configured' };
  const missing = NEEDED.filter(([key]) => !abilities.has(key)).map(([, name]) => name);
  if (missing.length > 0) {
    const reason = `the brokers do not offer ${missing.join(', ')}`;
    if (wanted === 'exact') return { impossible: reason };
    if (before.mode === 'exact')
      return { impossible: `${reason}, although the cluster was published to exactly before` };
    return { mode: 'at-least-once', reason };
  }
  if (before.producer !== null && before.mode === 'at-least-once') {
    const reason = before.modeReason?.startsWith(NO_FIRST_SEQUENCE)
      ? before.modeReason
      : 'records were sent at least once after exact mode; remove the cluster to begin anew with it';
    return wanted === 'exact' ? { impossible: reason } : { mode: 'at-least-once', reason };
  }
  return { mode: 'exact', reason: 'the cluster can do all that is needed' };
}

export function canSeeLogEnds(abilities: ReadonlyMap<number, unknown>): boolean {
  return abilities.has(API_KEY.OFFSET_FOR_LEADER_EPOCH);
}

/** What of an identity still holds: nothing when the name stands for another cluster, where its producer id may be somebody else's. */
export function identityAt(kafkaClusterId: string | null, stored: ClusterIdentity): ClusterIdentity {
  const known = stored.kafkaClusterId !== null && kafkaClusterId !== null;
  if (known && stored.kafkaClusterId !== kafkaClusterId)
    return { kafkaClusterId, producer: null, mode: null, modeReason: null };
  return { ...stored, kafkaClusterId: kafkaClusterId ?? stored.kafkaClusterId };
}
