import type { WorkerEvent } from './worker-event.ts';

/**
 * Hand-outs by a worker that had lost its partition: since the worker was assigned the partition, another one has been
 * handed records of it.
 */
export function doubleOwnership(events: readonly WorkerEvent[]): string[] {
  const wrong: string[] = [];
  const assignedAt = new Map<string, bigint>();
  const lastHanded = new Map<number, Map<string, bigint>>();
  for (const event of events.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    const { at, worker, what, partition } = event;
    const key = `${worker}/${partition}`;
    if (what === 'assigned') assignedAt.set(key, at);
    if (what !== 'handed') continue;
    const byWorker = lastHanded.get(partition) ?? new Map<string, bigint>();
    lastHanded.set(partition, byWorker.set(worker, at));
    const since = assignedAt.get(key) ?? 0n;
    for (const [other, otherAt] of byWorker) {
      if (other !== worker && otherAt > since) wrong.push(`${key} at ${event.from}, after ${other}`);
    }
  }
  return wrong;
}

/** Offsets of a partition below its end that nobody was handed. */
export function neverHanded(events: readonly WorkerEvent[], partition: number, end: bigint): bigint[] {
  const seen = new Set<bigint>();
  for (const event of events) {
    if (event.what !== 'handed' || event.partition !== partition) continue;
    for (let offset = event.from; offset < event.to; offset += 1n) seen.add(offset);
  }
  const missing: bigint[] = [];
  for (let offset = 0n; offset < end; offset += 1n) if (!seen.has(offset)) missing.push(offset);
  return missing;
}
