import type { RecordHeader, TopicRecord } from '#libs/stores/topic';
import type { RecordPlace } from '../ports/inbox.ts';
import { DUE_AT_HEADER } from './due-time.ts';
import { FAILURE_HEADERS, isFailureHeader, isForeignFailureHeader } from './failure-names.ts';

/** What is known of a message's earlier failures. */
export interface FailureHistory {
  /** Where it was first published. */
  readonly origin: RecordPlace;
  readonly sourceTime: Date;
  readonly sourceCluster: string | null;
  /** The same over all hops; null before the first. */
  readonly dlqId: string | null;
  readonly attempts: number;
  readonly firstFailedAt: Date | null;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const PARTITION = /^\d{1,9}$/;
const OFFSET = /^\d{1,18}$/;

/**
 * Reads what the headers say. Those of the main flow are not trusted, since any producer could have written them, except for
 * the id of a dead letter that was sent again; so is a retry record without a whole source place, and its own place counts.
 */
export function historyOf(record: TopicRecord, tier: number, cluster: string | null): FailureHistory {
  const text = (name: string): string | null =>
    record.headers.findLast((header) => header[0] === name)?.[1]?.toString('utf8') ?? null;
  const id = text(FAILURE_HEADERS.id);
  const dlqId = id !== null && UUID.test(id) ? id : null;
  const here = { topic: record.topic, partition: record.partition, offset: record.offset };
  const fresh = {
    origin: here,
    sourceTime: record.time,
    sourceCluster: cluster,
    dlqId,
    attempts: 0,
    firstFailedAt: null,
  };
  if (tier === 0) return fresh;
  const topic = text(FAILURE_HEADERS.sourceTopic);
  const partition = matching(text(FAILURE_HEADERS.sourcePartition), PARTITION);
  const offset = matching(text(FAILURE_HEADERS.sourceOffset), OFFSET);
  const known = {
    attempts: Number(matching(text(FAILURE_HEADERS.attempts), PARTITION) ?? 0),
    firstFailedAt: timeIn(text(FAILURE_HEADERS.firstFailedAt)),
  };
  if (topic === null || partition === null || offset === null) return { ...fresh, ...known };
  return {
    ...known,
    dlqId,
    origin: { topic, partition: Number(partition), offset: BigInt(offset) },
    sourceTime: timeIn(text(FAILURE_HEADERS.sourceTimestamp)) ?? record.time,
    sourceCluster: text(FAILURE_HEADERS.sourceCluster),
  };
}

/**
 * The message's own headers. What other stacks call theirs is the message's own too, unless it came through a retry topic of
 * ours in a style that has these names.
 */
export function ownHeaders(headers: readonly RecordHeader[]): RecordHeader[] {
  const moved = headers.some(([name]) => name === FAILURE_HEADERS.id);
  return headers.filter(
    ([name]) => !isFailureHeader(name) && name !== DUE_AT_HEADER && !(moved && isForeignFailureHeader(name)),
  );
}

function matching(text: string | null, pattern: RegExp): string | null {
  return text !== null && pattern.test(text) ? text : null;
}

function timeIn(text: string | null): Date | null {
  const time = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time);
}
