import type { z } from 'zod';
import type { PayloadReader } from '#libs/sdk';
import type { TopicRecord } from '#libs/stores/topic';
import { EVENT_SCHEMAS, type OrderEvents, type Topic } from '../events.ts';

/** An event as it came from its topic, checked against the topic's schema. */
export type OrderEvent = { [T in Topic]: { readonly topic: T; readonly payload: OrderEvents[T] } }[Topic];

/** Rejects for payloads that do not fit their schema, which the projection must not skip: its figures would be wrong. */
export async function readEvent(record: TopicRecord, payloads: PayloadReader): Promise<OrderEvent> {
  const schema: z.ZodType | undefined = EVENT_SCHEMAS[record.topic as Topic];
  const place = `${record.topic}/${record.partition} at offset ${record.offset}`;
  if (schema === undefined || record.value === null) throw new Error(`${place}: no event of this service`);
  const parsed = schema.safeParse(await decoded(record.value, record, payloads));
  if (!parsed.success) throw new Error(`${place}: ${parsed.error.message}`);
  return { topic: record.topic, payload: parsed.data } as OrderEvent;
}

/** Topics with a schema are decoded with the one that the record was written with; the others carry JSON text. */
async function decoded(value: Buffer, record: TopicRecord, payloads: PayloadReader): Promise<unknown> {
  if (record.schemaId === null) return JSON.parse(value.toString('utf8'));
  return (await payloads.decode(value, { topic: record.topic, headers: record.headers })).value;
}
