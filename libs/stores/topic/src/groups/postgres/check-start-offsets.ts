import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import { readRanges } from '../../postgres/ranges.sql.ts';
import type { GroupStart } from '../group.ts';
import { partitionKey } from '../topic-partition.ts';

/**
 * Throws GROUP_INVALID for a start offset that cannot be read now, or whose partition does not exist: whoever creates a
 * group shall hear of a mistake. A topic that does not exist yet is no mistake.
 */
export async function checkStartOffsets(db: Queryable, group: string, start: GroupStart): Promise<void> {
  if (start.from !== 'offset') return;
  for (const topic of new Set(start.offsets.map((given) => given.topic))) {
    const ranges = (await readRanges(db, topic))?.ranges;
    if (ranges === undefined) continue;
    for (const given of start.offsets) {
      if (given.topic !== topic) continue;
      const range = ranges[given.partition];
      if (range === undefined)
        throw invalid(group, `topic ${topic} has ${ranges.length} partitions and no partition ${given.partition}`);
      if (given.offset >= range.startOffset && given.offset <= range.endOffset) continue;
      const readable = `can be read from ${range.startOffset} to ${range.endOffset}`;
      throw invalid(group, `${partitionKey(given)} ${readable}, so the group cannot start at ${given.offset}`);
    }
  }
}

function invalid(group: string, problem: string): TidemarkError {
  return new TidemarkError('GROUP_INVALID', `group ${group}: ${problem}`);
}
