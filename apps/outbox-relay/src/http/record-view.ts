import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { SCHEMA_TYPES } from '#libs/formats/schema';
import { zInt64Text, zTimestampText } from '#libs/foundation/http';
import type { TopicRecord } from '#libs/stores/topic';

/** Bytes as JSON can carry them: text where they are UTF-8, else base64. */
export const zBytes = z
  .strictObject({ encoding: z.enum(['utf8', 'base64']), data: z.string() })
  .meta({ id: 'Bytes', description: 'Bytes: as they are where they are UTF-8, else in base64.' });

/** What the value says by its schema, or why it cannot be said. */
export const zDecoded = z
  .strictObject({
    schemaId: z.int().nullable(),
    schemaType: z.enum(SCHEMA_TYPES).nullable(),
    value: z.unknown().optional().meta({
      description:
        'As JSON: 64-bit integers and decimals as text, bytes as {"base64": "..."}. Absent where decoding failed.',
    }),
    error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: 'Decoded', description: 'With `decode=true`, for values that were written with a schema.' });

export const zRecord = z
  .strictObject({
    topic: z.string(),
    partition: z.int(),
    offset: zInt64Text,
    position: zInt64Text,
    messageId: z.uuid(),
    time: zTimestampText,
    schemaId: z.int().nullable(),
    key: zBytes.nullable(),
    value: zBytes.nullable().meta({ description: 'Null is a tombstone.' }),
    headers: z.array(z.strictObject({ name: z.string(), value: zBytes.nullable() })),
    decoded: zDecoded.optional(),
  })
  .meta({ id: 'Record' });

function bytesView(bytes: Buffer): z.output<typeof zBytes> {
  return isUtf8(bytes)
    ? { encoding: 'utf8', data: bytes.toString('utf8') }
    : { encoding: 'base64', data: bytes.toString('base64') };
}

/** A record as the API shows it: 64-bit numbers as strings, nothing lost of its bytes. */
export function recordView(record: TopicRecord, decoded?: z.output<typeof zDecoded>): z.output<typeof zRecord> {
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset.toString(),
    position: record.position.toString(),
    messageId: record.messageId,
    time: record.time.toISOString(),
    schemaId: record.schemaId,
    key: record.key === null ? null : bytesView(record.key),
    value: record.value === null ? null : bytesView(record.value),
    headers: record.headers.map(([name, value]) => ({ name, value: value === null ? null : bytesView(value) })),
    ...(decoded === undefined ? {} : { decoded }),
  };
}
