import { type JsonNode, stringMember } from '#libs/formats/json-text';

/** The description of a schema as a comment that ends with a line break; empty when there is none. */
export function docComment(node: JsonNode, indent: string): string {
  const text = stringMember(node, 'description')?.trim() ?? '';
  if (text === '') return '';
  const lines = text.replaceAll('*/', '*\\/').split(/\r\n|[\n\r\u2028\u2029]/);
  if (lines.length === 1) return `${indent}/** ${lines[0]!} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}
