import type { Placed } from './position.ts';

/** One part of an option's name: `deprecated` or, as an extension, `(foo.bar)`, whose name is kept as written. */
export interface OptionNamePart {
  readonly name: string;
  readonly extension: boolean;
}

/** `option (foo).bar = 1;` at a declaration of its own, or `[(foo).bar = 1]` behind a field. Custom options are not interpreted. */
export interface Option extends Placed {
  readonly name: readonly OptionNamePart[];
  readonly value: OptionValue;
}

export type OptionValue =
  /** A string literal, or several that follow each other, with escapes resolved. */
  | { readonly kind: 'string'; readonly value: string }
  /** A string literal whose bytes are not UTF-8: one character (U+0000 to U+00FF) per byte. */
  | { readonly kind: 'bytes'; readonly latin1: string }
  /** As written, with its sign: `1`, `-0x1F`, `1e3`, `-inf`. Without a sign `inf` and `nan` are identifiers. */
  | { readonly kind: 'number'; readonly text: string }
  /** `true`, `false`, the name of an enum value, `inf`, `nan`. */
  | { readonly kind: 'identifier'; readonly name: string }
  /** An aggregate value in protobuf's text format: `{ a: 1 b { c: 2 } }`. */
  | { readonly kind: 'message'; readonly fields: readonly AggregateField[] }
  | { readonly kind: 'list'; readonly values: readonly OptionValue[] };

/** One entry of an aggregate value. `name` is what stands before the colon: `foo`, `[foo.bar]`, `[type.googleapis.com/foo.Bar]`. */
export interface AggregateField {
  readonly name: string;
  readonly value: OptionValue;
}

/** The name of an option as text: `(foo.bar).baz`. */
export function optionName(option: Option): string {
  return option.name.map(({ name, extension }) => (extension ? `(${name})` : name)).join('.');
}

/** The first option with a plain (not custom) name of one part, such as `deprecated`. */
export function findOption(options: readonly Option[], name: string): Option | undefined {
  return options.find(
    (option) => option.name.length === 1 && !option.name[0]?.extension && option.name[0]?.name === name,
  );
}
