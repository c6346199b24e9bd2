import type { AvroType, PrimitiveKind } from '#libs/formats/avro';

type Kind = AvroType['kind'];

/** What a reader of a primitive type reads beside that type. */
const PROMOTIONS: Readonly<Record<PrimitiveKind, readonly PrimitiveKind[]>> = {
  null: [],
  boolean: [],
  int: [],
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  bytes: ['string'],
  string: ['bytes'],
};

/** Whether a reader of one primitive type reads another. False for anything that is not primitive. */
export function readsPrimitive(reader: Kind, writer: Kind): boolean {
  const promotions: readonly Kind[] | undefined = (PROMOTIONS as Partial<Record<Kind, readonly Kind[]>>)[reader];
  return promotions !== undefined && (reader === writer || promotions.includes(writer));
}

/** The types that a reader may have for data of this type, itself first. */
export function readersOf(writer: Kind): readonly Kind[] {
  const readers = (Object.keys(PROMOTIONS) as PrimitiveKind[]).filter((reader) => readsPrimitive(reader, writer));
  return [writer, ...readers.filter((reader) => reader !== writer)];
}

/** The types of data that a reader of this type reads, itself first. */
export function writersOf(reader: Kind): readonly Kind[] {
  const writers = (Object.keys(PROMOTIONS) as PrimitiveKind[]).filter((writer) => readsPrimitive(reader, writer));
  return [reader, ...writers.filter((writer) => writer !== reader)];
}
