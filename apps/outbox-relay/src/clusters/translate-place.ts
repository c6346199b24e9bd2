import { TidemarkError } from '#libs/foundation/kernel';
import type { Queryable } from '#libs/foundation/postgres';
import { translateOffset, type Translation } from '#libs/movers/publisher';
import { AffineMap, readSegments } from '#libs/stores/log';
import type { TopicReader } from '#libs/stores/topic';

/** Stands for the log itself; no cluster has this name. */
export const LOG = 'log';

export interface PlaceWanted {
  readonly from: string;
  readonly to: string;
  /** By the topic's own name. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export interface TranslatedPlace extends Translation {
  /** Log offset: the target has the records before it. */
  readonly targetEnd: bigint;
}

/**
 * Where a consumer that stands at an offset of one cluster, or of the log, goes on at another. Throws CLUSTER_UNKNOWN,
 * TOPIC_UNKNOWN, PARTITION_INVALID, and TOPIC_NOT_PUBLISHED when one side never got a record.
 */
export async function translatePlace(
  db: Queryable,
  reader: TopicReader,
  wanted: PlaceWanted,
): Promise<TranslatedPlace> {
  const { topic, partition } = wanted;
  const range = await reader.range(topic, partition);
  const sideOf = async (name: string): Promise<{ map: AffineMap; end: bigint }> => {
    if (name === LOG) return { map: IDENTITY, end: range.endOffset };
    const found = (await readSegments(db, name, topic)).find((each) => each.partition === partition);
    if (found !== undefined && found.segments.length > 0)
      return { map: new AffineMap(found.segments), end: found.ackedOffset };
    throw new TidemarkError('TOPIC_NOT_PUBLISHED', `nothing of ${topic}-${partition} was published to '${name}' yet`);
  };
  const [from, to] = [await sideOf(wanted.from), await sideOf(wanted.to)];
  const translation = translateOffset(from.map, to.map, wanted.offset);
  if (translation !== undefined) return { ...translation, targetEnd: to.end };
  const detail = `${topic}-${partition} has no place on '${wanted.to}' for offset ${wanted.offset} of '${wanted.from}'`;
  throw new TidemarkError('TOPIC_NOT_PUBLISHED', detail);
}

const IDENTITY = new AffineMap([{ fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' }]);
