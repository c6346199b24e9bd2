import type { KafkaRecord } from '#libs/foundation/kafka';

/** Carries the time of a record whose own timestamp the topic does not take; ISO 8601. */
export const TIME_HEADER = 'tidemark-time';

/** How far a timestamp may lie behind and ahead of the broker's clock, in ms. */
export interface TimestampLimits {
  readonly beforeMs: number;
  readonly afterMs: number;
}

export const NO_TIMESTAMP_LIMITS: TimestampLimits = { beforeMs: Infinity, afterMs: Infinity };

/** The limits of a topic by its effective configs. Brokers before 3.6 know one limit for both directions. */
export function timestampLimits(configs: ReadonlyMap<string, string>): TimestampLimits {
  if (configs.get('message.timestamp.type') === 'LogAppendTime') return NO_TIMESTAMP_LIMITS;
  const both = configs.get('message.timestamp.difference.max.ms');
  return {
    beforeMs: limitOf(configs.get('message.timestamp.before.max.ms') ?? both),
    afterMs: limitOf(configs.get('message.timestamp.after.max.ms') ?? both),
  };
}

/**
 * The record with a timestamp that the topic takes; the original one goes into a header. Keeps a minute (or half the limit)
 * from the limits, for clocks differ and time passes until the broker looks.
 */
export function clampTimestamp(record: KafkaRecord, limits: TimestampLimits, nowMs: number): KafkaRecord {
  const earliest = nowMs - limits.beforeMs + margin(limits.beforeMs);
  const latest = nowMs + limits.afterMs - margin(limits.afterMs);
  const timestampMs = Math.max(earliest, Math.min(latest, record.timestampMs));
  if (timestampMs === record.timestampMs) return record;
  const time = Buffer.from(new Date(record.timestampMs).toISOString());
  return { ...record, timestampMs, headers: [...record.headers, [TIME_HEADER, time]] };
}

function margin(limitMs: number): number {
  return limitMs === Infinity ? 0 : Math.floor(Math.min(60_000, limitMs / 2));
}

function limitOf(text: string | undefined): number {
  const limit = Number(text ?? 'NaN');
  // Kafka's default is the largest long: no limit.
  return Number.isFinite(limit) && limit >= 0 && limit < Number.MAX_SAFE_INTEGER ? limit : Infinity;
}
