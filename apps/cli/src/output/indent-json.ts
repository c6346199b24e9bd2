import { type JsonNode, parseJson, printJson, printString } from '#libs/formats/json-text';

/**
 * A JSON text with one member or item on a line, or undefined when the text is no JSON. Nothing else changes: members keep
 * their order and numbers their digits. Short arrays of plain values stay on one line.
 */
export function indentJson(text: string): string | undefined {
  let node: JsonNode;
  try {
    node = parseJson(text);
  } catch {
    return undefined;
  }
  return print(node, '');
}

const LINE_MAX = 100;
const asWritten = (number: string): string => number;

function print(node: JsonNode, indent: string): string {
  const inner = `${indent}  `;
  if (node.kind === 'object' && node.members.length > 0) {
    const members = node.members.map(({ name, value }) => `${inner}${printString(name)}: ${print(value, inner)}`);
    return `{\n${members.join(',\n')}\n${indent}}`;
  }
  if (node.kind === 'array' && node.items.length > 0) {
    const plain = node.items.every(({ kind }) => kind !== 'object' && kind !== 'array');
    const line = plain ? `[${node.items.map((item) => printJson(item, asWritten)).join(', ')}]` : undefined;
    if (line !== undefined && indent.length + line.length <= LINE_MAX) return line;
    return `[\n${node.items.map((item) => `${inner}${print(item, inner)}`).join(',\n')}\n${indent}]`;
  }
  return printJson(node, asWritten);
}
