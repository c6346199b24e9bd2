/**
 * What a group that starts at the end of its topics keeps beside its offsets: when it began. A partition that one of its
 * members meets without an offset (added later, or met by two members at a time) starts at the same moment, wherever the
 * end of that partition is by then.
 */
const PREFIX = 'tidemark-start:';

export function startMark(beganAt: Date): string {
  return PREFIX + beganAt.toISOString();
}

/** Null for what others have written there. */
export function readStartMark(metadata: string | null): Date | null {
  if (metadata?.startsWith(PREFIX) !== true) return null;
  const time = new Date(metadata.slice(PREFIX.length));
  return Number.isNaN(time.getTime()) ? null : time;
}
