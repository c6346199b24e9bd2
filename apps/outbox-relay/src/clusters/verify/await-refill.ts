import type { ClusterReader } from '#libs/movers/publisher';
import { AffineMap, readSegments } from '#libs/stores/log';
import type { PartitionPlace, VerifyParts } from './verify-parts.ts';

/** Records are put back as fast as they were published; what takes longer is looked at by a later verification. */
export const REFILL_WAIT_MS = 60_000;
const POLL_MS = 250;

/**
 * Waits until a partition has on the cluster what it had lost: the records before log offset `until`. False when that takes
 * longer than a minute. Throws what reading the cluster throws.
 */
export async function refilled(
  parts: VerifyParts,
  { topic, partition }: PartitionPlace,
  until: bigint,
  reader: ClusterReader,
): Promise<boolean> {
  const deadline = parts.now() + REFILL_WAIT_MS;
  while (parts.now() < deadline) {
    const known = await readSegments(parts.db, parts.cluster.name, topic);
    const now = known.find((each) => each.partition === partition);
    // The place may have moved meanwhile: a foreign record can have come to where ours was.
    const place = new AffineMap(now?.segments ?? []).toCluster(until);
    if (now !== undefined && now.ackedOffset >= until && place !== undefined) {
      const { endOffset } = await reader.bounds(partition);
      if (endOffset >= place) return true;
    }
    await parts.sleep(POLL_MS, parts.signal);
    parts.signal.throwIfAborted();
  }
  return false;
}
