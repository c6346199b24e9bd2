import { decodePayload } from './codec.ts';
import type { SchemaSource } from './schema-source.ts';
import type { StoredSchema } from './stored-schema.ts';
import { type Frame, readFrame, type RecordPart, SCHEMA_HEADERS } from './wire/frame.ts';

/** The headers of a record: pairs, of which the last one of a name counts. */
export type PayloadHeaders = readonly (readonly [name: string, value: Uint8Array | null])[];

export interface ReadOptions {
  /** For errors. */
  readonly topic?: string;
  /** Default: value. */
  readonly part?: RecordPart;
  readonly headers?: PayloadHeaders;
  /** The schema to read with; default: the one it was written with. */
  readonly reader?: StoredSchema;
}

export interface DecodedPayload {
  readonly value: unknown;
  /** What it was written with. */
  readonly schema: StoredSchema;
}

/** Decodes keys and values of records: which schema wrote them is in their first bytes, or in a header. */
export class PayloadReader {
  readonly #schemas: SchemaSource;

  /** @param schemas where schemas come from; put a SchemaCache before it. */
  constructor(schemas: SchemaSource) {
    this.#schemas = schemas;
  }

  /** Rejects with WIRE_FORMAT_INVALID, SCHEMA_UNKNOWN, SCHEMA_INVALID, PAYLOAD_INVALID, or what the source rejects with. */
  async decode(payload: Buffer, options: ReadOptions = {}): Promise<DecodedPayload> {
    const name = SCHEMA_HEADERS[options.part ?? 'value'];
    const header = options.headers?.findLast(([header]) => header === name)?.[1];
    const frame = readFrame(payload, header);
    const schema = await (frame.by === 'id' ? this.#schemas.byId(frame.id) : this.#schemas.byGuid(frame.guid));
    const { bytes, offset } = placeOf(frame, payload);
    return { schema, value: decodePayload(schema, bytes, offset, options) };
  }
}

function placeOf(frame: Frame, payload: Buffer): { bytes: Buffer; offset: number } {
  if (frame.by === 'id') return { bytes: payload, offset: frame.offset };
  return { bytes: frame.lead.length === 0 ? payload : Buffer.concat([frame.lead, payload]), offset: 0 };
}
