import { parseSchema, type ProtobufSchema } from '../src/index.ts';

/** Parses a text with the texts that it imports, by path; built-in imports need none. A text without a syntax is proto3. */
export function schemaOf(text: string, imports: Readonly<Record<string, string>> = {}): ProtobufSchema {
  const whole = (part: string): string => (/^\s*(syntax|edition)/.test(part) ? part : `syntax = "proto3"; ${part}`);
  return parseSchema(
    whole(text),
    Object.entries(imports).map(([name, imported]) => ({ name, text: whole(imported) })),
  );
}
