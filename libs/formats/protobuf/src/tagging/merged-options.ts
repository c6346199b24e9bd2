import { type Option, optionName, type OptionValue } from '../ast/option.ts';
import { inHashMapOrder } from './hash-map-order.ts';

/** Options that Confluent keeps apart from the others, and prints after them. */
const SPECIAL: readonly string[] = ['default', 'json_name'];

/**
 * The options of a part whose tags are changed, as Confluent writes them back: all statements of one custom option as a single
 * aggregate, in the order of a HashMap. What Confluent would lose stays apart instead: values of a repeated option, and two
 * statements of one field.
 */
export function mergedOptions(options: readonly Option[]): Option[] {
  const isSpecial = (option: Option): boolean => SPECIAL.includes(optionName(option));
  const groups = new Map<string, Option[]>();
  for (const option of options.filter((each) => !isSpecial(each))) {
    const key = keyOf(option);
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [option]);
    else same.push(option);
  }
  const ordered = inHashMapOrder([...groups], ([key]) => key);
  return [...ordered.flatMap(([, same]) => asOne(same)), ...options.filter(isSpecial)];
}

/** The name by which Confluent tells options apart: of a custom one that of its extension, without a leading dot. */
function keyOf(option: Option): string {
  const [head] = option.name;
  return head?.extension === true ? head.name.replace(/^\./, '') : optionName(option);
}

function asOne(options: readonly Option[]): readonly Option[] {
  const aggregates = options.map(asAggregate);
  const [first] = aggregates;
  if (first === undefined || aggregates.length === 1) return aggregates;
  const fields = aggregates.flatMap(({ name, value }) =>
    name.length === 1 && value.kind === 'message' ? [value.fields] : [],
  );
  const names = fields.flat().map(({ name }) => name);
  if (fields.length < options.length || new Set(names).size < names.length) return options;
  return [{ ...first, value: { kind: 'message', fields: fields.flat() } }];
}

/** `(a).b.c = v` as `(a) = { b: { c: v } }`; another option as it is, also one with an extension within its name. */
function asAggregate(option: Option): Option {
  const [head, ...parts] = option.name;
  if (head?.extension !== true || parts.some(({ extension }) => extension)) return option;
  const value = parts.reduceRight<OptionValue>(
    (inner, { name }) => ({ kind: 'message', fields: [{ name, value: inner }] }),
    option.value,
  );
  return { ...option, name: [head], value };
}
