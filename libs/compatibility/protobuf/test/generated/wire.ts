import protobuf from 'protobufjs';
import { type FieldModel, type FileModel, textOf } from './file-model.ts';
import type { Value } from './values.ts';

/** Message A of a file as protobufjs encodes and decodes it. */
export class Wire {
  private readonly file: FileModel;
  private readonly type: protobuf.Type;

  constructor(file: FileModel) {
    this.file = file;
    this.type = protobuf.parse(textOf(file), new protobuf.Root(), { keepCase: true }).root.lookupType('A');
  }

  encode(value: Record<string, Value>): Uint8Array {
    return this.type.encode(this.type.fromObject(this.toPlain(this.file.A, value))).finish();
  }

  /** Throws when the bytes cannot be read. */
  decode(bytes: Uint8Array): Record<string, Value> {
    const options = { longs: String, enums: Number, bytes: String, arrays: true, objects: true };
    return this.fromPlain(this.file.A, this.type.toObject(this.type.decode(bytes), options));
  }

  private toPlain(fields: readonly FieldModel[], value: Record<string, Value>): Record<string, unknown> {
    return this.mapped(fields, value, (field, one) => {
      if (field.kind === 'B' || field.kind === 'C')
        return this.toPlain(this.file[field.kind], one as Record<string, Value>);
      if (field.kind === 'bytes') return Buffer.from(one as string);
      if (field.kind === 'E') return Number(one);
      return typeof one === 'bigint' ? String(one) : one;
    });
  }

  private fromPlain(fields: readonly FieldModel[], value: Record<string, unknown>): Record<string, Value> {
    const plain = this.mapped(fields, value, (field, one) => {
      if (field.kind === 'B' || field.kind === 'C')
        return this.fromPlain(this.file[field.kind], one as Record<string, Value>);
      if (field.kind === 'bytes') return Buffer.from(one as string, 'base64').toString();
      return /^(u?int|s?fixed|sint|E)/.test(field.kind) ? BigInt(one as string) : one;
    });
    return lastOfOneofs(fields, plain as Record<string, Value>);
  }

  private mapped(
    fields: readonly FieldModel[],
    value: Record<string, unknown>,
    each: (field: FieldModel, one: unknown) => unknown,
  ): Record<string, unknown> {
    const entries = fields.flatMap((field): [string, unknown][] => {
      const given = value[field.name];
      if (given === undefined || given === null) return [];
      if (field.label === 'repeated') return [[field.name, (given as unknown[]).map((one) => each(field, one))]];
      if (field.mapKey === undefined) return [[field.name, each(field, given)]];
      const inside = Object.entries(given).map(([key, one]) => [key, each(field, one)] as const);
      return [[field.name, Object.fromEntries(inside)]];
    });
    return Object.fromEntries(entries);
  }
}

/** Of the members of a oneof a reader keeps the last that came, and they come in the order of their numbers. */
function lastOfOneofs(fields: readonly FieldModel[], value: Record<string, Value>): Record<string, Value> {
  const overwritten = (field: FieldModel): boolean =>
    field.oneof !== undefined &&
    fields.some(
      ({ oneof, number, name }) => oneof === field.oneof && number > field.number && value[name] !== undefined,
    );
  const names = new Set(fields.filter(overwritten).map(({ name }) => name));
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(name)));
}
