import { SCALAR_TYPES, type ScalarType } from '#libs/formats/protobuf';

/** A generated file: message A, which can hold B, C and the enum E; B and C hold scalars. */
export interface FileModel {
  readonly syntax: 'proto2' | 'proto3';
  readonly A: readonly FieldModel[];
  readonly B: readonly FieldModel[];
  readonly C: readonly FieldModel[];
}

export type Kind = ScalarType | 'E' | 'B' | 'C';

export interface FieldModel {
  readonly number: number;
  readonly name: string;
  readonly kind: Kind;
  /** The kind of a map's keys; absent on fields that are none. */
  readonly mapKey?: ScalarType;
  readonly label?: 'optional' | 'required' | 'repeated';
  readonly oneof?: 'x' | 'y';
}

export const SCALAR_KINDS: readonly Kind[] = [...SCALAR_TYPES, 'E'];
export const MAP_KEYS: readonly ScalarType[] = ['string', 'int32', 'uint64', 'bool', 'sint64', 'fixed32'];

/** The kinds that are read as each other, the given one among them. */
export function kindsReadAs(kind: Kind): readonly Kind[] {
  const groups: readonly (readonly Kind[])[] = [
    ['int32', 'int64', 'uint32', 'uint64', 'bool', 'E'],
    ['sint32', 'sint64'],
    ['fixed32', 'sfixed32'],
    ['fixed64', 'sfixed64'],
    ['string', 'bytes'],
  ];
  return groups.find((group) => group.includes(kind)) ?? [kind];
}

/** The same field with what its place in this syntax does not allow taken out. */
export function allowed(field: FieldModel, syntax: FileModel['syntax']): FieldModel {
  const { number, name, kind, mapKey, label, oneof } = field;
  if (mapKey !== undefined) return { number, name, kind, mapKey };
  if (oneof !== undefined) return { number, name, kind, oneof };
  if (syntax === 'proto2') return { number, name, kind, label: label ?? 'optional' };
  return { number, name, kind, ...(label !== undefined && label !== 'required' && { label }) };
}

export function textOf({ syntax, A, B, C }: FileModel): string {
  const field = ({ label, mapKey, kind, name, number }: FieldModel): string =>
    `${label === undefined ? '' : `${label} `}${mapKey === undefined ? kind : `map<${mapKey}, ${kind}>`} ${name} = ${number};`;
  const message = (name: string, fields: readonly FieldModel[]): string => {
    const free = fields.filter(({ oneof }) => oneof === undefined).map(field);
    const oneofs = (['x', 'y'] as const).flatMap((oneof) => {
      const members = fields.filter((one) => one.oneof === oneof).map(field);
      return members.length === 0 ? [] : [`oneof ${oneof} { ${members.join(' ')} }`];
    });
    return `message ${name} { ${[...free, ...oneofs].join(' ')} }`;
  };
  const messages = [message('A', A), message('B', B), message('C', C)];
  return `syntax = "${syntax}";\n${messages.join('\n')}\nenum E { E0 = 0; E1 = 1; E2 = 2; }\n`;
}
