import { describeError, TidemarkError } from '#libs/foundation/kernel';
import type { KafkaClient } from '#libs/foundation/kafka';
import type { ClusterIdentity, PublishMode } from '#libs/stores/log';
import { canSeeLogEnds, chooseMode, identityAt } from './choose-mode.ts';

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
  const before = identityAt(clusterId, stored);
  const choice = chooseMode(wanted, abilities, before);
  if ('impossible' in choice) throw cannotBeExact(choice.impossible);
  const { mode, reason: modeReason } = choice;
  // In at-least-once mode the producer stays noted: it tells that records may be there under its id.
  if (mode === 'at-least-once' || before.producer !== null)
    return { identity: { ...before, mode, modeReason }, seesLogEnds };
  try {
    const { producerId, producerEpoch } = await client.initProducerId();
    const producer = { id: producerId, epoch: producerEpoch };
    return { identity: { ...before, producer, mode, modeReason }, seesLogEnds };
  } catch (error) {
    if (!(error instanceof TidemarkError) || error.retryable) throw error;
    const reason = `the cluster gives no producer id: ${describeError(error)}`;
    if (wanted === 'exact') throw cannotBeExact(reason);
    return { identity: { ...before, mode: 'at-least-once', modeReason: reason }, seesLogEnds };
  }
}

function cannotBeExact(reason: string): TidemarkError {
  return new TidemarkError('CLUSTER_CANNOT_BE_EXACT', `exact mode is not possible: ${reason}`);
}
