import type { z } from 'zod';
import { decodedJson, type PayloadReader, SCHEMA_HEADERS } from '#libs/codec';
import { TidemarkError } from '#libs/foundation/kernel';
import type { TopicRecord } from '#libs/stores/topic';
import { recordView, type zDecoded, type zRecord } from './record-view.ts';

type RecordView = z.output<typeof zRecord>;
type Decoded = z.output<typeof zDecoded>;

/** Why a registry says nothing of any schema: it is asked once per page then. */
const NOT_ANSWERING: ReadonlySet<string> = new Set(['REGISTRY_UNAVAILABLE', 'UNAUTHENTICATED', 'FORBIDDEN']);

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
  let silent: Decoded['error'];
  for (const record of records) {
    const known = record.schemaId === null ? undefined : missing.get(record.schemaId);
    const decoded =
      decode && hasSchema(record)
        ? (known ?? (silent ? undecoded(record, silent) : await decodedOf(record, payloads)))
        : undefined;
    if (NOT_ANSWERING.has(decoded?.error?.code ?? '')) silent = decoded?.error;
    if (decoded?.error?.code === 'SCHEMA_UNKNOWN' && record.schemaId !== null) missing.set(record.schemaId, decoded);
    views.push(recordView(record, decoded));
  }
  return views;
}

function hasSchema({ value, schemaId, headers }: TopicRecord): boolean {
  return value !== null && (schemaId !== null || headers.some(([name]) => name === SCHEMA_HEADERS.value));
}

function undecoded({ schemaId }: TopicRecord, error: Decoded['error']): Decoded {
  return { schemaId, schemaType: null, error };
}

async function decodedOf(record: TopicRecord, payloads: PayloadReader): Promise<Decoded> {
  const { topic, value, headers } = record;
  try {
    const decoded = await payloads.decode(value as Buffer, { topic, headers });
    const { id, schemaType } = decoded.schema;
    return { schemaId: id, schemaType, value: decodedJson(decoded.value) };
  } catch (error) {
    const code = error instanceof TidemarkError ? error.code : 'INTERNAL';
    return undecoded(record, { code, message: (error as Error).message.slice(0, MESSAGE_MAX) });
  }
}
