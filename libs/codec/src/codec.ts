import { TidemarkError } from '#libs/foundation/kernel';
import { avroFormat } from './avro/avro-format.ts';
import { jsonFormat } from './json/json-format.ts';
import type { Decode, Encode, PayloadFormat } from './payload-format.ts';
import { PayloadMismatch, pathText } from './payload-mismatch.ts';
import { protobufFormat } from './protobuf/protobuf-format.ts';
import type { StoredSchema } from './stored-schema.ts';
import { valueText } from './value-text.ts';
import { guidHeader, idPrefix } from './wire/frame.ts';

/** What an error says of the event, as far as it is known. */
export interface PayloadOrigin {
  readonly topic?: string;
  readonly subject?: string;
  readonly version?: number;
}

/** A payload in the form with the schema's guid in a header. */
export interface HeaderPayload {
  readonly header: Buffer;
  readonly payload: Buffer;
}

/** Formats by type; each is used with its own compiled schemas only. */
const FORMATS = { AVRO: avroFormat, JSON: jsonFormat, PROTOBUF: protobufFormat } as Readonly<
  Record<StoredSchema['schemaType'], PayloadFormat<unknown>>
>;

interface Encoder {
  readonly encode: Encode;
  readonly prefix: Buffer;
}

/**
 * A schema made ready to encode and decode. Compiled once per StoredSchema object, and forgotten with it: whoever keeps the
 * schemas (see CachingSchemaSource) bounds this, too.
 */
class CompiledSchema {
  readonly #stored: StoredSchema;
  readonly #format: PayloadFormat<unknown>;
  readonly #schema: unknown;
  readonly #encoders = new Map<string, Encoder>();
  /** Of the message that nearly all payloads hold. */
  #encoder: Encoder | undefined;
  readonly #decoders = new WeakMap<CompiledSchema, Decode>();

  constructor(stored: StoredSchema) {
    this.#stored = stored;
    this.#format = FORMATS[stored.schemaType];
    this.#schema = this.#format.compile(stored.text, stored.dependencies);
  }

  encoder(message = ''): Encoder {
    if (message === '' && this.#encoder !== undefined) return this.#encoder;
    let known = this.#encoders.get(message);
    if (known === undefined) {
      const name = message === '' ? undefined : message;
      const encode = this.#format.encoder(this.#schema, name);
      known = { encode, prefix: idPrefix(this.#stored.id, this.#format.lead(this.#schema, name)) };
      this.#encoders.set(message, known);
      if (message === '') this.#encoder = known;
    }
    return known;
  }

  lead(message?: string): Uint8Array {
    return this.#format.lead(this.#schema, message);
  }

  decoder(reader: CompiledSchema): Decode {
    let decode = this.#decoders.get(reader);
    if (decode === undefined) {
      if (reader.#format !== this.#format) throw formatsDiffer(this.#stored, reader.#stored);
      decode = this.#format.decoder(this.#schema, reader === this ? undefined : reader.#schema);
      this.#decoders.set(reader, decode);
    }
    return decode;
  }

  recordName(message?: string): string | undefined {
    return this.#format.recordName(this.#schema, message);
  }
}

const COMPILED = new WeakMap<StoredSchema, CompiledSchema>();

function compiled(stored: StoredSchema): CompiledSchema {
  let schema = COMPILED.get(stored);
  if (schema === undefined) {
    schema = new CompiledSchema(stored);
    COMPILED.set(stored, schema);
  }
  return schema;
}

/**
 * A value as bytes in the wire format: magic byte 0, the schema's id, for Protobuf the message indexes, the value.
 * `message` names the Protobuf message, by default the first of the file. Throws PAYLOAD_INVALID, SCHEMA_INVALID.
 */
export function encodePayload(
  stored: StoredSchema,
  value: unknown,
  origin: PayloadOrigin & { readonly message?: string } = {},
): Buffer {
  const { encode, prefix } = compiled(stored).encoder(origin.message);
  try {
    return encode(value, prefix);
  } catch (error) {
    throw payloadInvalid(error, stored, origin, 'event');
  }
}

/** As encodePayload, with the schema's guid for a header in place of the id before the value. */
export function encodeWithHeader(
  stored: StoredSchema & { readonly guid: string },
  value: unknown,
  origin: PayloadOrigin & { readonly message?: string } = {},
): HeaderPayload {
  const schema = compiled(stored);
  try {
    const payload = schema.encoder(origin.message).encode(value, Buffer.alloc(0));
    return { header: guidHeader(stored.guid, schema.lead(origin.message)), payload };
  } catch (error) {
    throw payloadInvalid(error, stored, origin, 'event');
  }
}

/**
 * The value of a payload that `writer` wrote, from `offset` on (behind the id), as `reader` wants it. Throws
 * PAYLOAD_INVALID when the bytes are not what the schema says, SCHEMA_INVALID when the two schemas do not go together.
 */
export function decodePayload(
  writer: StoredSchema,
  bytes: Buffer,
  offset: number,
  options: PayloadOrigin & { readonly reader?: StoredSchema } = {},
): unknown {
  const schema = compiled(writer);
  const decode = schema.decoder(options.reader === undefined ? schema : compiled(options.reader));
  try {
    return decode(bytes, offset);
  } catch (error) {
    throw payloadInvalid(error, writer, options, 'payload');
  }
}

/** The full name of the record or message that a schema describes; for JSON Schema its title. */
export function recordNameOf(stored: StoredSchema, message?: string): string | undefined {
  return compiled(stored).recordName(message);
}

function formatsDiffer(writer: StoredSchema, reader: StoredSchema): TidemarkError {
  return new TidemarkError(
    'SCHEMA_INVALID',
    `a payload of schema ${writer.id} (${writer.schemaType}) cannot be read with schema ${reader.id} (${reader.schemaType})`,
    { remedy: 'Read with a schema of the same format.' },
  );
}

function payloadInvalid(
  error: unknown,
  stored: StoredSchema,
  { topic, subject, version }: PayloadOrigin,
  what: 'event' | 'payload',
): unknown {
  if (error instanceof TidemarkError) return error;
  const place = `${what}${topic === undefined ? '' : ` for topic ${topic}`}`;
  const schema = subject === undefined ? `schema ${stored.id}` : `${subject} version ${version} (schema ${stored.id})`;
  const context = {
    topic: topic ?? null,
    subject: subject ?? null,
    version: version ?? null,
    schemaId: stored.id,
  };
  if (!(error instanceof PayloadMismatch)) {
    return new TidemarkError('PAYLOAD_INVALID', `${place} is not what ${schema} says: ${(error as Error).message}`, {
      context: { ...context, path: null, value: null },
      cause: error,
    });
  }
  const value = valueText(error.path, error.value);
  return new TidemarkError(
    'PAYLOAD_INVALID',
    `${place} does not match ${schema}: ${pathText(error.path)}: ${error.problem}, and it is ${value}`,
    { context: { ...context, path: pathText(error.path), value }, cause: error },
  );
}
