import type { RecordHeader, TopicRecord } from '#libs/stores/topic';

/** A record with what a test wants to say about it. */
export function recordOf(given: Partial<TopicRecord> = {}): TopicRecord {
  return {
    topic: 'orders',
    partition: 0,
    offset: 0n,
    position: 1n,
    messageId: '00000000-0000-7000-8000-000000000001',
    key: null,
    value: Buffer.from('{}'),
    headers: [],
    schemaId: null,
    time: new Date(1_000),
    ...given,
  };
}

/** Headers as text, for comparing. */
export function textOf(headers: readonly RecordHeader[]): Record<string, string | null> {
  return Object.fromEntries(headers.map(([name, value]) => [name, value?.toString('utf8') ?? null]));
}
