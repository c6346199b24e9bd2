import { type Option, optionName, type OptionValue } from '../ast/option.ts';
import { type OptionsMessage, type OptionStep, optionTarget } from '../options/option-target.ts';
import type { ProtobufSchema } from '../protobuf-schema.ts';
import type { ResolvedType } from '../resolve/field-type.ts';
import { resolveExtension } from '../resolve/resolve-name.ts';
import { ascending } from './ascending.ts';
import { mergeValues, normalValue } from './normal-value.ts';

/**
 * Options in normal form: by name, custom ones under their full name. What several statements set within one custom option
 * becomes a single aggregate. Options whose extension no visible file declares stay as they are, for nothing says how to merge.
 */
export function normalOptions(
  schema: ProtobufSchema,
  message: OptionsMessage,
  options: readonly Option[],
  scope: string,
): Option[] {
  const at = { schema, scope };
  const normal: Option[] = [];
  const parts = new Map<string, CustomOption>();
  for (const option of options) {
    const target = option.name[0]?.extension ? optionTarget(schema, message, option, scope) : undefined;
    const [first] = target ?? [];
    if (target === undefined || first === undefined) {
      normal.push({ ...option, value: normalValue(at, option.value) });
      continue;
    }
    const name = extensionName(schema, option, scope);
    const value = normalValue(at, nestedValue(schema, target, option, scope));
    const earlier = parts.get(name);
    if (first.place.field.label === 'repeated') {
      normal.push({ ...option, name: [{ name, extension: true }], value });
    } else if (earlier === undefined) parts.set(name, { option, type: first.type, values: [value] });
    else earlier.values.push(value);
  }
  for (const [name, { option, type, values }] of parts) {
    const value = normalValue(at, mergeValues(at, type, false, values));
    normal.push({ ...option, name: [{ name, extension: true }], value });
  }
  return normal.sort((a, b) => ascending(sortKey(a), sortKey(b)));
}

/** What all statements that set parts of one custom option say. */
interface CustomOption {
  readonly option: Option;
  readonly type: ResolvedType;
  readonly values: [OptionValue, ...OptionValue[]];
}

/** The full name, with a leading dot only where it would stand for something else without. */
function extensionName(schema: ProtobufSchema, option: Option, scope: string): string {
  const written = option.name[0]?.name ?? '';
  const symbol = resolveExtension(schema, written, scope);
  if (symbol === undefined) return written;
  return resolveExtension(schema, symbol.fullName, scope) === symbol ? symbol.fullName : `.${symbol.fullName}`;
}

/** `(a).b.c = v` as the value that `(a)` has: `{ b: { c: v } }`. */
function nestedValue(
  schema: ProtobufSchema,
  target: readonly OptionStep[],
  option: Option,
  scope: string,
): OptionValue {
  return target.slice(1).reduceRight<OptionValue>((value, _step, index) => {
    const part = option.name[index + 1];
    if (part === undefined) return value;
    const symbol = part.extension ? resolveExtension(schema, part.name, scope) : undefined;
    const name = part.extension ? `[${symbol?.fullName ?? part.name}]` : part.name;
    return { kind: 'message', fields: [{ name, value }] };
  }, option.value);
}

/** Without parentheses, as the reference implementation sorts. */
function sortKey(option: Option): string {
  return option.name[0]?.extension ? option.name[0].name : optionName(option);
}
