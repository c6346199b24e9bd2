import { AffineMap } from '#libs/stores/log';
import type { Evidence, Location, TailFindings } from '../lane/evidence.ts';
import type { Lane } from '../lane/lane.ts';
import { locate } from '../lane/locate.ts';
import type { SessionContext } from './session-context.ts';
import { readTail } from './tail-reader.ts';

export type FoundEnd = Exclude<Location, { kind: 'walk' } | { kind: 'log-end' }>;

/**
 * Decides where a lane goes on, reading more of the cluster and of the log as the decision asks for. `freshLogEnd` reads
 * the ends of the log in Postgres again.
 */
export async function findEnd(
  lane: Lane,
  word: { readonly clusterEnd: bigint; readonly lastSequence: number | 'unknown' },
  context: SessionContext,
  freshLogEnd: () => Promise<void>,
): Promise<FoundEnd> {
  const { options, time } = context;
  const quarantined = time.now() >= lane.uncertainUntil;
  let tail: TailFindings | undefined;
  let fresh = false;
  for (;;) {
    const evidence: Evidence = {
      belief: lane.belief,
      log: { start: lane.logStart, end: lane.logEnd, fresh },
      ...word,
      quarantined,
      ...(tail === undefined ? {} : { tail }),
    };
    const location = locate(evidence, options);
    if (location.kind === 'walk') tail = await readTail(lane, location, context);
    else if (location.kind === 'log-end') {
      await freshLogEnd();
      fresh = true;
    } else return location;
  }
}

/**
 * Without sequences nothing tells which records arrived: goes on behind the last acked one. Only a log that ends before it
 * shows that the cluster lost records; they are sent again.
 */
export function findEndInOrder(lane: Lane, clusterEnd: bigint | undefined): FoundEnd {
  const { belief, logStart } = lane;
  if (belief.recreated) {
    const map = belief.map.recreated(logStart, clusterEnd ?? 0n);
    return { kind: 'at', offset: logStart, map, cause: 'recreated' };
  }
  if (belief.acceptFrom !== undefined) {
    const offset = belief.acceptFrom > logStart ? belief.acceptFrom : logStart;
    const { map } = belief;
    const end = clusterEnd ?? map.toCluster(belief.acked) ?? 0n;
    return { kind: 'at', offset, map: map.isEmpty ? map : map.resuming(offset, end, 0), cause: 'accepted' };
  }
  const acked = belief.acked > logStart ? belief.acked : logStart;
  if (belief.map.isEmpty) return { kind: 'at', offset: acked, map: new AffineMap([]), cause: 'start' };
  const place = belief.map.toCluster(acked) ?? 0n;
  if (clusterEnd === undefined || clusterEnd >= place)
    return { kind: 'at', offset: acked, map: belief.map, cause: acked > belief.acked ? 'pruned' : 'unchanged' };
  const kept = belief.map.toLog(clusterEnd) ?? logStart;
  const offset = kept > logStart ? kept : logStart;
  return { kind: 'at', offset, map: belief.map.placing(offset, clusterEnd), cause: 'truncated' };
}
