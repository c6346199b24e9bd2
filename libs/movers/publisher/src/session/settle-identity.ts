import { describeError, TidemarkError } from '#libs/foundation/kernel';
import type { KafkaClient } from '#libs/foundation/kafka';
import type { ClusterIdentity, PublishMode } from '#libs/stores/log';
import { canSeeLogEnds, chooseMode, keepsProducer } from './choose-mode.ts';

export interface SettledIdentity {
  readonly identity: ClusterIdentity & { readonly mode: PublishMode };
  readonly seesLogEnds: boolean;
}

/**
 * Asks the cluster what it can do and under which producer id records are sent; `identity` is to be saved before the first
 * one is. Throws CLUSTER_CANNOT_BE_EXACT when exact mode is demanded and impossible, and what the client throws.
 */
export async function settleIdentity(
  client: KafkaClient,
  wanted: 'auto' | 'exact' | 'at-least-once',
  stored: ClusterIdentity,
): Promise<SettledIdentity> {
  const abilities = await client.abilities();
  const { clusterId } = await client.metadata([]);
  const seesLogEnds = canSeeLogEnds(abilities);
  const choice = chooseMode(wanted, abilities);
  if ('impossible' in choice) throw cannotBeExact(choice.impossible);
  if (choice.mode === 'at-least-once') {
    // The producer stays noted: it tells that records may be there under its id.
    const identity = { ...stored, kafkaClusterId: clusterId, mode: choice.mode, modeReason: choice.reason };
    return { identity, seesLogEnds };
  }
  const mode = { kafkaClusterId: clusterId, mode: choice.mode, modeReason: choice.reason };
  if (keepsProducer(stored, clusterId)) return { identity: { ...mode, producer: stored.producer }, seesLogEnds };
  try {
    const { producerId, producerEpoch } = await client.initProducerId();
    return { identity: { ...mode, producer: { id: producerId, epoch: producerEpoch } }, seesLogEnds };
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.retryable) throw error;
    const reason = `the cluster gives no producer id: ${describeError(error)}`;
    if (wanted === 'exact') throw cannotBeExact(reason);
    const identity = { ...stored, ...mode, mode: 'at-least-once' as const, modeReason: reason };
    return { identity, seesLogEnds };
  }
}

function cannotBeExact(reason: string): TidemarkError {
  return new TidemarkError('CLUSTER_CANNOT_BE_EXACT', `exact mode is demanded, but ${reason}`);
}
