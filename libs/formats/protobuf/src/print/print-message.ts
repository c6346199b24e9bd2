import type { Enum, EnumValue } from '../ast/enum.ts';
import type { Field, FieldType, SingularType } from '../ast/field.ts';
import type { Extend, Group, Message, Oneof, TypeDeclaration } from '../ast/message.ts';
import type { Option } from '../ast/option.ts';
import { type Declaration, layoutOf } from '../ast/type-order.ts';
import { printExtensionRanges, printReserved } from './print-ranges.ts';
import { printOptionStatement, printWithOptions } from './print-option.ts';
import { sectionOf, type Section, type TextOutput, writeBlock, writeBody } from './text-output.ts';

/** All messages come before all enums, each kind in source order: the indexes of messages are what clients send. */
export function typeSection(
  out: TextOutput,
  declarations: readonly Declaration[],
  types: readonly TypeDeclaration[],
): Section[] {
  const enums = types.filter((type) => type.kind === 'enum');
  if (declarations.length + enums.length === 0) return [];
  return [
    (depth) => {
      for (const declaration of declarations) printDeclaration(out, depth, declaration);
      for (const type of enums) printEnum(out, depth, type);
    },
  ];
}

function printDeclaration(out: TextOutput, depth: number, declaration: Declaration): void {
  switch (declaration.kind) {
    case 'message':
      writeBlock(out, depth, `message ${declaration.message.name}`, messageSections(out, declaration.message));
      return;
    case 'group':
      printGroup(out, depth, declaration.group);
      return;
    case 'oneof':
      printOneof(out, depth, declaration.oneof);
      return;
    case 'extend':
      printExtend(out, depth, declaration.extend);
  }
}

export function printExtend(out: TextOutput, depth: number, extend: Extend): void {
  writeBlock(out, depth, `extend ${extend.name}`, [
    ...sectionOf(extend.fields, (field, at) => printField(out, at, field)),
    ...sectionOf(extend.groups, (group, at) => printGroup(out, at, group)),
  ]);
}

export function optionSection(out: TextOutput, options: readonly Option[]): Section[] {
  return sectionOf(options, (option, depth) => printOptionStatement(out, depth, option));
}

function messageSections(out: TextOutput, message: Message): Section[] {
  const { oneofs, groups, extends: blocks, declarations } = layoutOf(message);
  return [
    ...sectionOf(message.reserved, (reserved, depth) => printReserved(out, depth, reserved)),
    ...optionSection(out, message.options),
    ...sectionOf(message.fields, (field, depth) => printField(out, depth, field)),
    ...sectionOf(oneofs, (oneof, depth) => printOneof(out, depth, oneof)),
    ...sectionOf(groups, (group, depth) => printGroup(out, depth, group)),
    ...sectionOf(message.extensionRanges, (ranges, depth) => printExtensionRanges(out, depth, ranges)),
    ...sectionOf(blocks, (extend, depth) => printExtend(out, depth, extend)),
    ...typeSection(out, declarations, message.nestedTypes),
  ];
}

function printOneof(out: TextOutput, depth: number, oneof: Oneof): void {
  writeBlock(out, depth, `oneof ${oneof.name}`, [
    ...optionSection(out, oneof.options),
    ...sectionOf(oneof.fields, (field, at) => printField(out, at, field)),
    ...sectionOf(oneof.groups, (group, at) => printGroup(out, at, group)),
  ]);
}

function printGroup(out: TextOutput, depth: number, group: Group): void {
  const start = `${group.label === undefined ? '' : `${group.label} `}group ${group.message.name} = ${group.number}`;
  const sections = messageSections(out, group.message);
  if (group.options.length === 0) writeBlock(out, depth, start, sections);
  else {
    printWithOptions(out, depth, start, specialOptionsLast(group.options), ' {');
    writeBody(out, depth, sections);
  }
}

function printField(out: TextOutput, depth: number, field: Field): void {
  const label = field.label === undefined ? '' : `${field.label} `;
  const text = `${label}${typeText(field.type)} ${field.name} = ${field.number}`;
  printWithOptions(out, depth, text, specialOptionsLast(field.options));
}

/** `default` and `json_name` are no real options of a field: Confluent prints them after all others, in this order. */
function specialOptionsLast(options: readonly Option[]): Option[] {
  const rank = ({ name }: Option): number => {
    if (name.length !== 1 || name[0]?.extension) return 0;
    return ['default', 'json_name'].indexOf(name[0]?.name ?? '') + 1;
  };
  return [...options].sort((a, b) => rank(a) - rank(b));
}

export function typeText(type: FieldType | SingularType): string {
  return type.kind === 'map' ? `map<${type.key}, ${type.value.name}>` : type.name;
}

function printEnum(out: TextOutput, depth: number, type: Enum): void {
  const { reserved, options, values } = type;
  const sections =
    reserved.length + options.length + values.length === 0
      ? []
      : [
          (at: number): void => {
            for (const statement of reserved) printReserved(out, at, statement);
            for (const option of options) printOptionStatement(out, at, option);
            for (const value of values) printEnumValue(out, at, value);
          },
        ];
  writeBlock(out, depth, `enum ${type.name}`, sections);
}

function printEnumValue(out: TextOutput, depth: number, { name, number, options }: EnumValue): void {
  printWithOptions(out, depth, `${name} = ${number}`, options);
}
