import { randomUUID } from 'node:crypto';
import type { FailedDelivery, ParkableRecord } from '../src/index.ts';

/** A record of a topic, with all that records can have. */
export function recordOf(offset: bigint, key: string, more: Partial<ParkableRecord> = {}): ParkableRecord {
  return {
    topic: 'orders',
    partition: 0,
    offset,
    position: offset + 1_000n,
    messageId: randomUUID(),
    key: Buffer.from(key),
    value: Buffer.from(`value ${offset}`),
    headers: [],
    schemaId: null,
    time: new Date(1_700_000_000_123),
    ...more,
  };
}

/** Its delivery fails, and it is sent to the retry topic of group billing. */
export function failureOf(record: ParkableRecord, more: Partial<FailedDelivery> = {}): FailedDelivery {
  const place = { topic: record.topic, partition: record.partition, offset: record.offset };
  return {
    group: 'billing',
    subscription: 'orders.placed',
    appVersion: '1.2.3',
    origin: place,
    delivery: place,
    messageId: record.messageId,
    dlqId: randomUUID(),
    key: record.key,
    attempts: 3,
    firstFailedAt: new Date(1_700_000_000_000),
    failedAt: new Date(1_700_000_005_000),
    error: {
      errorClass: 'TypeError',
      causeClass: null,
      message: 'no such customer',
      stack: 'TypeError: no such customer\n  at x',
    },
    state: 'retrying',
    sentTo: 'orders.billing.retry',
    dueAt: new Date(1_700_000_010_000),
    ...more,
  };
}
