import type { Metrics } from '#libs/foundation/observability';
import { ImmutableReads } from './immutable-reads.ts';

/** Kept answers that are counted: how many are given, and how many bytes they take. */
export function cachedReads(bytesMax: number, isFresh: () => boolean, metrics: Metrics): ImmutableReads {
  const hits = metrics.counter({
    name: 'registry_kept_answers_total',
    help: 'Reads by id or guid that were answered with a kept body.',
  });
  const reads = new ImmutableReads(bytesMax, { isFresh }, () => hits.inc(1));
  metrics.gauge({
    name: 'registry_kept_answer_bytes',
    help: 'Memory that kept bodies take, of TIDEMARK_REGISTRY_CACHE_BYTES.',
    collect: (gauge) => gauge.set(reads.bytes),
  });
  return reads;
}
