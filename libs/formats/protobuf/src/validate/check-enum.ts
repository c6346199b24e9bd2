import type { Enum } from '../ast/enum.ts';
import { findOption, type Option } from '../ast/option.ts';
import { type ProtoFile, syntaxOf } from '../ast/proto-file.ts';
import type { NumberRange } from '../ast/ranges.ts';
import { schemaInvalid } from '../errors.ts';
import { NumberRanges, placedRanges } from './number-ranges.ts';

const INT32_MAX = 2_147_483_647;

/** Checks the values of an enum: zero first where enums are open, no number twice without aliases, nothing reserved. */
export function checkEnum(type: Enum, fullName: string, file: ProtoFile): void {
  const [first] = type.values;
  if (first === undefined) throw schemaInvalid(`Enum "${fullName}" has no value`, type.at);
  if (first.number !== 0 && isOpen(type, file)) {
    throw schemaInvalid(`The first value of enum "${fullName}" has to be 0, not ${first.number}`, first.at);
  }
  const reserved = reservedNumbers(type, fullName);
  const reservedNames = new Set(
    type.reserved.flatMap(({ values }) => values.filter((value) => typeof value === 'string')),
  );
  const aliases = isTrue(type, 'allow_alias');
  const byNumber = new Map<number, string>();
  for (const { name, number, at } of type.values) {
    const other = byNumber.get(number);
    if (other !== undefined && !aliases) {
      throw schemaInvalid(
        `"${other}" and "${name}" of enum "${fullName}" are both ${number}, without option allow_alias`,
        at,
      );
    }
    byNumber.set(number, name);
    if (reserved.has(number))
      throw schemaInvalid(`Value "${name}" uses number ${number}, which "${fullName}" reserves`, at);
    if (reservedNames.has(name)) throw schemaInvalid(`Value "${name}" has a name that "${fullName}" reserves`, at);
  }
}

/** Whether an enum takes numbers that it does not know: in proto3 always, in editions unless a feature closes it. */
export function isOpen(type: Enum, file: ProtoFile): boolean {
  const syntax = syntaxOf(file);
  if (syntax !== 'editions') return syntax === 'proto3';
  return (openness(type.options) ?? fileOpenness(file)) !== 'CLOSED';
}

const opennessByFile = new WeakMap<ProtoFile, string>();

function fileOpenness(file: ProtoFile): string {
  const known = opennessByFile.get(file) ?? openness(file.options) ?? 'OPEN';
  opennessByFile.set(file, known);
  return known;
}

function openness(options: readonly Option[]): string | undefined {
  const feature = options.find(
    ({ name }) => name.length === 2 && name[0]?.name === 'features' && name[1]?.name === 'enum_type',
  );
  return feature?.value.kind === 'identifier' ? feature.value.name : undefined;
}

function isTrue(type: Enum, name: string): boolean {
  const value = findOption(type.options, name)?.value;
  return value?.kind === 'identifier' && value.name === 'true';
}

function reservedNumbers(type: Enum, fullName: string): NumberRanges {
  const statements = type.reserved.map(({ values, at }) => ({
    ranges: values.filter((value): value is NumberRange => typeof value !== 'string'),
    at,
  }));
  const placed = placedRanges(statements, INT32_MAX);
  for (const { from, to, at } of placed) {
    if (from > to) throw schemaInvalid(`${from} to ${to} is no range of numbers in enum "${fullName}"`, at);
  }
  const ranges = new NumberRanges(placed);
  const overlap = ranges.overlap();
  if (overlap !== undefined)
    throw schemaInvalid(`The range from ${overlap.from} in "${fullName}" overlaps another one`, overlap.at);
  return ranges;
}
