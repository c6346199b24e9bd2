import { looksFramed, parseJson, PayloadReader, SCHEMA_HEADERS, type SchemaSource } from '#libs/codec';
import { TidemarkError } from '#libs/foundation/kernel';
import type { DecodedRecord, Decoder } from '#libs/movers/consumer';
import type { TopicRecord } from '#libs/stores/topic';

/**
 * How bytes become what handlers get. `auto`: by its schema where the record has one, as JSON where the bytes are that, else the
 * bytes. `json` and `schema` take nothing else: what does not fit goes to the dlq. `bytes`: a Buffer as it is.
 */
export type DecodeMode = 'auto' | 'json' | 'schema' | 'bytes';

export const DECODE_MODES: readonly DecodeMode[] = ['auto', 'json', 'schema', 'bytes'];

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Values of records, by the mode that the topic's subscription asked for. A tombstone is null in every mode. */
export class PayloadDecoder implements Decoder {
  readonly #reader: PayloadReader;
  readonly #modeOf: (subscription: string) => DecodeMode;

  /** @param schemas put a SchemaCache before what is far away. */
  constructor(schemas: SchemaSource, modeOf: (subscription: string) => DecodeMode) {
    this.#reader = new PayloadReader(schemas);
    this.#modeOf = modeOf;
  }

  /**
   * Rejects with PAYLOAD_INVALID, WIRE_FORMAT_INVALID, SCHEMA_UNKNOWN and SCHEMA_INVALID for bytes that nobody can read as the mode
   * asks, and with what the source of schemas rejects with.
   */
  async decode(record: TopicRecord, subscription: string): Promise<DecodedRecord> {
    const { value } = record;
    if (value === null) return { value: null, schema: null };
    const mode = this.#modeOf(subscription);
    if (mode === 'bytes') return { value, schema: null };
    if (mode === 'schema' || (mode === 'auto' && hasSchema(record, value))) {
      return this.#reader.decode(value, { topic: record.topic, headers: record.headers });
    }
    const read = jsonOf(value);
    if (read !== undefined) return { value: read.json, schema: null };
    if (mode === 'auto') return { value, schema: null };
    throw new TidemarkError('PAYLOAD_INVALID', `the value of ${placeOf(record)} is no JSON`, {
      context: { topic: record.topic, bytes: value.length },
      remedy: "Subscribe with decode: 'auto' or 'bytes' where other values are expected.",
    });
  }
}

/** Bytes that begin as the wire format does cannot be JSON. */
function hasSchema(record: TopicRecord, value: Buffer): boolean {
  return (
    record.schemaId !== null || looksFramed(value) || record.headers.some(([name]) => name === SCHEMA_HEADERS.value)
  );
}

function jsonOf(value: Buffer): { readonly json: unknown } | undefined {
  try {
    return { json: parseJson(utf8.decode(value)) };
  } catch {
    // No UTF-8 or no JSON: that is the answer.
    return undefined;
  }
}

function placeOf({ topic, partition, offset }: TopicRecord): string {
  return `${topic}/${partition}@${offset}`;
}
