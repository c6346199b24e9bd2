import { TidemarkError } from '#libs/foundation/kernel';
import type { Dependency } from '#libs/formats/schema';
import { parseJson } from '../lossless-json.ts';
import { PayloadMismatch } from '../payload-mismatch.ts';
import type { Decode, Encode, PayloadFormat } from '../payload-format.ts';
import { Scratch } from '../scratch.ts';
import type { AvroType, Path } from './avsc-internals.ts';
import { avroType } from './avro-type.ts';
import { describeType } from './describe-type.ts';

const scratch = new Scratch();

const NOTHING = Buffer.alloc(0);

/** Avro's binary encoding by avsc, with the types of this folder in place of those that would lose something. */
export const avroFormat: PayloadFormat<AvroType> = {
  type: 'AVRO',

  compile(text: string, dependencies: readonly Dependency[]): AvroType {
    try {
      return avroType(
        parseJson(text),
        dependencies.map((dependency) => parseJson(dependency.text)),
      );
    } catch (error) {
      throw new TidemarkError('SCHEMA_INVALID', `the Avro schema cannot be used: ${(error as Error).message}`, {
        cause: error,
      });
    }
  },

  encoder(type: AvroType): Encode {
    if (isPlainBytes(type)) return encodeBytes;
    return (value, prefix) => {
      try {
        return scratch.write(prefix, (buffer, position) => type.encode(value, buffer, position));
      } catch (error) {
        throw mismatchOf(type, value, error);
      }
    };
  },

  lead: (): Uint8Array => NOTHING,

  decoder(writer: AvroType, reader: AvroType = writer): Decode {
    const resolver = reader === writer ? undefined : resolverFor(reader, writer);
    if (isPlainBytes(writer)) {
      if (isPlainBytes(reader)) return (bytes, offset) => bytes.subarray(offset);
      return (bytes, offset) => {
        const written = scratch.write(NOTHING, (buffer) => writer.encode(bytes.subarray(offset), buffer, 0));
        return reader.decode(written, 0, resolver).value;
      };
    }
    return (bytes, offset) => {
      const { value, offset: end } = reader.decode(bytes, offset, resolver);
      if (end < 0) throw new RangeError('the payload ends too early');
      if (end !== bytes.length) throw new RangeError(`${bytes.length - end} bytes are left over behind the value`);
      return value;
    };
  },

  recordName: (type: AvroType): string | undefined => type.name,
};

/** Confluent's clients put values of the schema "bytes" behind the id as they are, without Avro's length. */
function isPlainBytes(type: AvroType): boolean {
  return type.typeName === 'bytes' && !('isDecimal' in type);
}

const encodeBytes: Encode = (value, prefix) => {
  if (value instanceof Uint8Array) return Buffer.concat([prefix, value]);
  throw new PayloadMismatch([], 'bytes (a Uint8Array) expected', value);
};

function resolverFor(reader: AvroType, writer: AvroType) {
  try {
    return reader.createResolver(writer);
  } catch (error) {
    throw new TidemarkError(
      'SCHEMA_INVALID',
      `the reader's schema cannot read what the writer's wrote: ${(error as Error).message}`,
      { cause: error, remedy: 'Read with a schema that is compatible with the one that the record was written with.' },
    );
  }
}

/** Writing stops at the first wrong value and does not know where it is; checking finds it. */
function mismatchOf(type: AvroType, value: unknown, cause: unknown): PayloadMismatch {
  const path: Path = [];
  let found: PayloadMismatch | undefined;
  type._check(
    value,
    0,
    (part, wanted) => (found ??= new PayloadMismatch([...path], `${describeType(wanted)} expected`, part, cause)),
    path,
  );
  return found ?? new PayloadMismatch([], `cannot be written: ${(cause as Error).message}`, value, cause);
}
