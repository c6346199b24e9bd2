import type { Lane } from '../lane/lane.ts';
import type { SessionContext } from './session-context.ts';

/** The position of the record before a log offset; 0 when there is none, the known one when the log has lost it. */
export async function positionBefore(offset: bigint, lane: Lane, context: SessionContext): Promise<bigint> {
  if (offset === lane.acked && !lane.recreated) return lane.ackedPosition;
  if (offset === 0n) return 0n;
  if (offset - 1n < lane.logStart) return lane.ackedPosition;
  const { topicId, partition } = lane.start;
  const wanted = [{ topicId, partition, offset: offset - 1n }];
  const [run] = await context.parts.source.read(wanted, { maxRecords: 1, maxBytes: context.options.readBytes });
  return run?.records[0]?.position ?? lane.ackedPosition;
}
