import type { KafkaRecord } from '#libs/foundation/kafka';
import type { RecordHeader } from '../record.ts';
import { TIME_HEADER } from './header-names.ts';

/** The timestamps that a cluster takes now, in ms since the epoch, both ends included. */
export interface TimeWindow {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/**
 * The record with a timestamp that the cluster takes, its own time in the last header; the same object when nothing is to
 * be done.
 */
export function clampTime(record: KafkaRecord, window: TimeWindow): KafkaRecord {
  const { timestampMs } = record;
  const clamped = Math.max(window.earliestMs, Math.min(window.latestMs, timestampMs));
  if (clamped === timestampMs) return record;
  const time: RecordHeader = [TIME_HEADER, Buffer.from(new Date(timestampMs).toISOString(), 'latin1')];
  return { ...record, timestampMs: clamped, headers: [...record.headers, time] };
}

/**
 * What was given to clampTime, from what came out. Which records are clamped depends on the time of sending, so
 * records are compared without it.
 */
export function unclampTime<Clamped extends KafkaRecord>(record: Clamped): Clamped {
  const last = record.headers.at(-1);
  if (last?.[0] !== TIME_HEADER || last[1] === null) return record;
  const timestampMs = Date.parse(last[1].toString('latin1'));
  return Number.isNaN(timestampMs) ? record : { ...record, timestampMs, headers: record.headers.slice(0, -1) };
}
