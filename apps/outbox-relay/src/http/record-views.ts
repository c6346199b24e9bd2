import type { z } from 'zod';
import { decodedJson, type PayloadReader, SCHEMA_HEADERS } from '#libs/codec';
import { TidemarkError } from '#libs/foundation/kernel';
import type { TopicRecord } from '#libs/stores/topic';
import { recordView, type zDecoded, type zRecord } from './record-view.ts';

type RecordView = z.output<typeof zRecord>;
type Decoded = z.output<typeof zDecoded>;

/** Characters of an error that are shown with a record. */
const MESSAGE_MAX = 500;

/** Records as the API shows them, on request with what their values say. A value that cannot be read never fails the page. */
export async function recordViews(
  records: readonly TopicRecord[],
  payloads: PayloadReader,
  decode: boolean,
): Promise<RecordView[]> {
  const views: RecordView[] = [];
  // A schema that is not there is asked for once per page, not once per record.
  const missing = new Map<number, Decoded>();
  for (const record of records) {
    const known = record.schemaId === null ? undefined : missing.get(record.schemaId);
    const decoded = decode && hasSchema(record) ? (known ?? (await decodedOf(record, payloads))) : undefined;
    if (decoded?.error?.code === 'SCHEMA_UNKNOWN' && record.schemaId !== null) missing.set(record.schemaId, decoded);
    views.push(recordView(record, decoded));
  }
  return views;
}

function hasSchema({ value, schemaId, headers }: TopicRecord): boolean {
  return value !== null && (schemaId !== null || headers.some(([name]) => name === SCHEMA_HEADERS.value));
}

async function decodedOf({ topic, value, schemaId, headers }: TopicRecord, payloads: PayloadReader): Promise<Decoded> {
  try {
    const decoded = await payloads.decode(value as Buffer, { topic, headers });
    const { id, schemaType } = decoded.schema;
    return { schemaId: id, schemaType, value: decodedJson(decoded.value) };
  } catch (error) {
    const code = error instanceof TidemarkError ? error.code : 'INTERNAL';
    return { schemaId, schemaType: null, error: { code, message: (error as Error).message.slice(0, MESSAGE_MAX) } };
  }
}
