import type { JsonNode } from './json-node.ts';
import { javaNumber } from './java-number.ts';

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};
// A surrogate without its partner has no UTF-8 form, so it stays an escape: the bytes read back as what was written.
const ESCAPED = /[^ !#-[\]-\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * The value as minified text: members in order, strings escaped as Jackson does (control characters, quote and backslash
 * only), numbers through `number`, which defaults to `javaNumber`: what Jackson prints with exact BigDecimals.
 * Printing what was parsed from a printed text yields the same text.
 */
export function printJson(node: JsonNode, number: (text: string) => string = javaNumber): string {
  const out: string[] = [];
  print(node, out, number);
  return out.join('');
}

/** A string in quotes and escaped, as `printJson` prints it. */
export function printString(value: string): string {
  return `"${value.replace(ESCAPED, escape)}"`;
}

function print(node: JsonNode, out: string[], number: (text: string) => string): void {
  switch (node.kind) {
    case 'null':
      out.push('null');
      return;
    case 'boolean':
      out.push(String(node.value));
      return;
    case 'number':
      out.push(number(node.text));
      return;
    case 'string':
      out.push(printString(node.value));
      return;
    case 'array':
      node.items.forEach((item, index) => {
        out.push(index === 0 ? '[' : ',');
        print(item, out, number);
      });
      out.push(node.items.length === 0 ? '[]' : ']');
      return;
    case 'object':
      node.members.forEach(({ name, value }, index) => {
        out.push(index === 0 ? '{' : ',', printString(name), ':');
        print(value, out, number);
      });
      out.push(node.members.length === 0 ? '{}' : '}');
  }
}

function escape(character: string): string {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return SHORT[character] ?? `\\u${code}`;
}
