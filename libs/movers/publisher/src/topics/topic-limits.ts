import type { TimeWindow } from '#libs/stores/topic';

/** Effective configs of a topic on a cluster, by Kafka's names. */
export type TopicConfigs = ReadonlyMap<string, string>;

/** What a cluster takes for a topic. */
export interface TopicLimits {
  /** Bytes of a record batch, compressed, headers of the batch included. */
  readonly maxMessageBytes: number;
  /** How far before the broker's clock a timestamp may be; null: any. */
  readonly clampBeforeMs: number | null;
  /** How far ahead of the broker's clock; null: any. */
  readonly clampAfterMs: number | null;
}

/** Kafka's default, where a broker does not tell. */
const MAX_MESSAGE_BYTES_DEFAULT = 1_048_588;
/** A broker's clock and ours differ, and a batch waits: timestamps stay this far inside of what is allowed. */
const CLOCK_MARGIN_MS = 60_000;

/** The limits in a topic's configs. */
export function topicLimits(configs: TopicConfigs): TopicLimits {
  // The broker writes its own time into each record then, and looks at none.
  const ownTime = configs.get('message.timestamp.type') === 'LogAppendTime';
  // Kafka before 3.6 has one limit for both directions; 3.6 to 3.9 know all three names.
  const both = boundIn(configs, 'message.timestamp.difference.max.ms');
  return {
    maxMessageBytes: boundIn(configs, 'max.message.bytes') ?? MAX_MESSAGE_BYTES_DEFAULT,
    clampBeforeMs: ownTime ? null : smaller(both, boundIn(configs, 'message.timestamp.before.max.ms')),
    clampAfterMs: ownTime ? null : smaller(both, boundIn(configs, 'message.timestamp.after.max.ms')),
  };
}

/** The timestamps that may be sent at a time. A limit below the margin keeps half of itself. */
export function timeWindow(limits: TopicLimits, nowMs: number): TimeWindow {
  const { clampBeforeMs: before, clampAfterMs: after } = limits;
  return {
    earliestMs: before === null ? Number.NEGATIVE_INFINITY : nowMs - insideOf(before),
    latestMs: after === null ? Number.POSITIVE_INFINITY : nowMs + insideOf(after),
  };
}

function insideOf(limitMs: number): number {
  return Math.max(limitMs - CLOCK_MARGIN_MS, Math.floor(limitMs / 2));
}

/** The number of a config; null when it is absent, negative or so large that it bounds nothing (Kafka's Long.MAX_VALUE). */
export function boundIn(configs: TopicConfigs, name: string): number | null {
  const text = configs.get(name);
  if (text === undefined || !/^\d+$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

function smaller(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
