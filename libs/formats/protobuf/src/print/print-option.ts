import { type AggregateField, type Option, optionName, type OptionValue } from '../ast/option.ts';
import { quote, quoteBytes } from './quote.ts';
import type { TextOutput } from './text-output.ts';

/** `option name = value;` */
export function printOptionStatement(out: TextOutput, depth: number, option: Option): void {
  printOption(out, depth, 'option ', option, ';');
}

/** A declaration with options in brackets behind it: one on the same line, several on a line each. */
export function printWithOptions(
  out: TextOutput,
  depth: number,
  text: string,
  options: readonly Option[],
  end = ';',
): void {
  const [first, ...more] = options;
  if (first === undefined) out.line(depth, text + end);
  else if (more.length === 0) printOption(out, depth, `${text} [`, first, `]${end}`);
  else {
    out.line(depth, `${text} [`);
    for (const [index, option] of options.entries()) {
      printOption(out, depth + 1, '', option, index < options.length - 1 ? ',' : '');
    }
    out.line(depth, `]${end}`);
  }
}

function printOption(out: TextOutput, depth: number, prefix: string, option: Option, suffix: string): void {
  const start = `${prefix}${optionName(option)} = `;
  const { value } = option;
  const [only, ...others] = value.kind === 'list' ? value.values : [];
  // Within an aggregate a list of one keeps its lines; as the value of an option it does not.
  if (only !== undefined && others.length === 0) printValue(out, depth, `${start}[`, only, `]${suffix}`);
  else printValue(out, depth, start, value, suffix);
}

function printValue(out: TextOutput, depth: number, prefix: string, value: OptionValue, suffix: string): void {
  if (value.kind === 'message') {
    const fields = groupByName(value.fields);
    out.line(depth, `${prefix}{`);
    for (const [index, field] of fields.entries()) {
      printValue(out, depth + 1, `${field.name}: `, field.value, index < fields.length - 1 ? ',' : '');
    }
    out.line(depth, `}${suffix}`);
  } else if (value.kind === 'list') {
    out.line(depth, `${prefix}[`);
    for (const [index, element] of value.values.entries()) {
      printValue(out, depth + 1, '', element, index < value.values.length - 1 ? ',' : '');
    }
    out.line(depth, `]${suffix}`);
  } else out.line(depth, prefix + scalarText(value) + suffix);
}

function scalarText(value: Exclude<OptionValue, { kind: 'message' | 'list' }>): string {
  switch (value.kind) {
    case 'string':
      return quote(value.value);
    case 'bytes':
      return quoteBytes(value.latin1);
    case 'number':
      return value.text;
    default:
      return value.name;
  }
}

/** Several entries of one name are one list in the place of the first, which means the same: only a repeated field may have them. */
export function groupByName(fields: readonly AggregateField[]): AggregateField[] {
  const byName = new Map<string, OptionValue[]>();
  for (const { name, value } of fields) {
    const values = byName.get(name);
    if (values === undefined) byName.set(name, [value]);
    else values.push(value);
  }
  return [...byName].map(([name, [first, ...more]]) => ({
    name,
    value:
      more.length === 0
        ? (first as OptionValue)
        : { kind: 'list', values: [first as OptionValue, ...more].flatMap(elements) },
  }));
}

function elements(value: OptionValue): readonly OptionValue[] {
  return value.kind === 'list' ? value.values : [value];
}
