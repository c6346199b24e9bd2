import avro from 'avsc';

/*
 * The parts of avsc that its type declarations leave out and that its documentation names for own types. avsc is pinned to
 * one version; the tests of this library would show a change of them.
 */

/** A position in a buffer. Reads and writes beyond the end do nothing but move the position: see isValid. */
export interface Tap {
  buf: Buffer;
  pos: number;
  readLong(): number;
  skipLong(): void;
  writeLong(value: number): void;
  readString(): string;
  skipString(): void;
  writeString(value: string): void;
  readFixed(length: number): Buffer | undefined;
  writeFixed(value: Uint8Array, length?: number): void;
  readBytes(): Buffer | undefined;
  writeBytes(value: Uint8Array): void;
}

export type Hook = (value: unknown, type: AvroType) => void;
export type Path = (string | number)[];
/** `coerce` 2 and `wrap` 2: the value is a default in the notation of schemas. */
export interface CopyOptions {
  readonly coerce?: number;
  readonly wrap?: number;
}

export interface Resolver {
  _read(tap: Tap): unknown;
}

export interface AvroType {
  readonly typeName: string;
  readonly branchName: string | undefined;
  readonly name: string | undefined;
  _read(tap: Tap): unknown;
  _skip(tap: Tap): void;
  _write(tap: Tap, value: unknown): void;
  _check(value: unknown, flags: number | undefined, hook?: Hook, path?: Path): boolean;
  _copy(value: unknown, options?: CopyOptions): unknown;
  _update(resolver: Resolver, writer: AvroType, options: object): void;
  createResolver(writer: AvroType, options?: object): Resolver;
  decode(buffer: Buffer, position: number, resolver?: Resolver): { value: unknown; offset: number };
  encode(value: unknown, buffer: Buffer, position: number): number;
}

export interface AvroField {
  readonly name: string;
  readonly type: AvroType;
  /** A fresh copy of the default; undefined: none. */
  readonly defaultValue: (this: void) => unknown;
}

/** Names in scope; without a prototype, so that a type may be called toString. */
export type Registry = Record<string, AvroType>;
export interface ForSchemaOptions {
  registry: Registry;
  namespace?: string;
  typeHook(schema: unknown, options: ForSchemaOptions): AvroType | undefined;
}

type Constructor<T> = new (schema?: unknown, options?: ForSchemaOptions) => T;

const types = avro.types as unknown as Record<string, Constructor<AvroType>>;

export const StringType = types['StringType']!;
export const BytesType = types['BytesType']!;
export const LongType = types['LongType']!;
export const FixedType = types['FixedType']! as Constructor<AvroType & { readonly size: number }>;
export const EnumType = types['EnumType']! as Constructor<
  AvroType & { readonly symbols: readonly string[]; readonly _indices: Record<string, number> }
>;
export const ArrayType = types['ArrayType']! as Constructor<AvroType & { readonly itemsType: AvroType }>;
export const MapType = types['MapType']! as Constructor<AvroType & { readonly valuesType: AvroType }>;
export const RecordType = types['RecordType']! as Constructor<
  AvroType & {
    readonly fields: readonly AvroField[];
    _createConstructor(): unknown;
    _createWriter(): (this: unknown, tap: Tap, value: unknown) => void;
    _createChecker(): AvroType['_check'];
  }
>;

/** The base of avsc's own two kinds of unions, which refuse or wrap more than is needed with bigints. */
export const UnionType = Object.getPrototypeOf(avro.types.UnwrappedUnionType.prototype).constructor as Constructor<
  AvroType & { readonly types: readonly AvroType[]; readonly _branchIndices: Record<string, number> }
>;

const { Type } = avro as unknown as { Type: { forSchema(schema: unknown, options: ForSchemaOptions): AvroType } };

export function forSchema(schema: unknown, options: ForSchemaOptions): AvroType {
  return Type.forSchema(schema, options);
}

/** Makes a value of the wrong kind an error; the caller finds out where it is. */
export function invalid(value: unknown, type: AvroType): never {
  throw new TypeError(`a ${typeof value} is not a value of type ${type.branchName ?? type.typeName}`);
}
