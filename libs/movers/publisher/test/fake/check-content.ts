import { AffineMap } from '#libs/stores/log';
import type { Simulation } from './simulation.ts';

/**
 * Compares a partition's content on the cluster with the log, and both with the segments in Postgres. Empty when each record of
 * the log is there once, in order, at the offset that the segments say.
 */
export function differences(simulation: Simulation, topicId: number, name: string, partition: number): string[] {
  const { log, cluster, store } = simulation;
  const found: string[] = [];
  const { records, start } = log.partition(topicId, partition);
  const entries = cluster.partition(name, partition)?.log.entries ?? [];
  const map = new AffineMap(store.row(topicId, partition)?.segments ?? []);
  const places = new Map<string, number>();
  let last = -1;
  entries.forEach((entry, place) => {
    if (entry.messageId === null) return;
    const at = places.get(entry.messageId);
    if (at !== undefined) found.push(`${entry.messageId} is at ${at} and again at ${place}`);
    places.set(entry.messageId, place);
    const offset = records.findIndex((record) => record?.messageId === entry.messageId);
    if (offset < last)
      found.push(`${entry.messageId} (log offset ${offset}) is at ${place}, behind log offset ${last}`);
    last = Math.max(last, offset);
  });
  for (let offset = start; offset < records.length; offset += 1) {
    const { messageId } = records[offset]!;
    const place = places.get(messageId);
    if (place === undefined) found.push(`log offset ${offset} (${messageId}) is missing`);
    else if (map.toCluster(BigInt(offset)) !== BigInt(place))
      found.push(`log offset ${offset} is at ${place}, the segments say ${map.toCluster(BigInt(offset))}`);
  }
  return found;
}
