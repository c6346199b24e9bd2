import type { Dependency, SchemaType } from '#libs/formats/schema';

/** Writes a value behind the given bytes into one buffer. Throws PayloadMismatch; the value is not changed. */
export type Encode = (value: unknown, prefix: Uint8Array) => Buffer;

/** Reads lead and value, which start at `offset` and end with the bytes. Throws PayloadMismatch, or Error for damaged bytes. */
export type Decode = (bytes: Buffer, offset: number) => unknown;

/** What the codec needs of a format. Pure: nothing is ever fetched. `S` is the format's own compiled schema. */
export interface PayloadFormat<S> {
  readonly type: SchemaType;
  /** Compiles a schema with what it references. Throws TidemarkError SCHEMA_INVALID. */
  compile(text: string, dependencies: readonly Dependency[]): S;
  /** `message`: the full name of the Protobuf message to write; default: the first one of the file. */
  encoder(schema: S, message?: string): Encode;
  /** What stands between the schema's id, or guid, and the value: Protobuf's message indexes. */
  lead(schema: S, message?: string): Uint8Array;
  /** Reads what `writer` wrote, as `reader` wants it (default: as it was written). Throws SCHEMA_INVALID if that cannot be. */
  decoder(writer: S, reader?: S): Decode;
  /** The full name of the type that is written: a record's, a message's, the title of a JSON schema. */
  recordName(schema: S, message?: string): string | undefined;
}
