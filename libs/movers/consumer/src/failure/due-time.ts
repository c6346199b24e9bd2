/** Header with the time at which a record of a retry topic is to be tried again, ISO 8601. */
export const DUE_AT_HEADER = 'tidemark-due-at';

/** No due time is further from the time its record was written than this and the delay of its tier, ms: a day. */
const SLACK_MS = 24 * 60 * 60 * 1_000;

/**
 * When a record of a retry topic is due, ms since the epoch; 0 for one without a readable time. A time far beyond what the
 * tier says would hold its partition up for as long, so it is cut.
 */
export function dueAtOf(header: Buffer | null | undefined, writtenAt: Date, tierDelayMs: number): number {
  if (header === null || header === undefined) return 0;
  const dueAt = Date.parse(header.toString('latin1'));
  return Number.isNaN(dueAt) ? 0 : Math.min(dueAt, writtenAt.getTime() + tierDelayMs + SLACK_MS);
}
