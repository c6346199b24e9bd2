import type { SchemaType } from '#libs/formats/schema';
import type { Direction } from './compatibility-level.ts';
import type { Difference } from './difference.ts';
import { DIFFERENT_TYPE_MESSAGE, worded } from './messages.ts';

/** A difference with the version it is about, who suffers from it and what would mend it, in plain words. */
export interface ExplainedDifference {
  /** The version that the candidate does not go together with; 0 where there is none and the candidate alone is at fault. */
  readonly version: number;
  readonly type: string;
  readonly path: string;
  /** Which side fails: consumers with the new schema on old data, or consumers with an old schema on new data. */
  readonly breaks: 'NEW_READERS_OF_OLD_DATA' | 'OLD_READERS_OF_NEW_DATA';
  readonly description: string;
  readonly fix: string;
}

const BREAKS = {
  NEW_READS_OLD: 'NEW_READERS_OF_OLD_DATA',
  OLD_READS_NEW: 'OLD_READERS_OF_NEW_DATA',
} as const satisfies Record<Direction, ExplainedDifference['breaks']>;

export function explained(difference: Difference, direction: Direction, version: number): ExplainedDifference {
  const { type, path, description, fix } = difference;
  return {
    version,
    type,
    path,
    breaks: BREAKS[direction],
    description: worded(description, direction),
    fix: direction === 'NEW_READS_OLD' ? fix.ifReaderIsNew : fix.ifWriterIsNew,
  };
}

/** Data of one format cannot be read with a schema of another, whatever they say. */
export function differentType(
  version: number,
  was: SchemaType,
  is: SchemaType,
  directions: readonly Direction[],
): ExplainedDifference {
  return {
    version,
    type: 'SCHEMA_TYPE_CHANGED',
    path: '',
    breaks: BREAKS[directions.includes('NEW_READS_OLD') ? 'NEW_READS_OLD' : 'OLD_READS_NEW'],
    description: DIFFERENT_TYPE_MESSAGE,
    fix: `Register the ${is} schema under a subject of its own, or write it as ${was}, the type of version ${version}.`,
  };
}
