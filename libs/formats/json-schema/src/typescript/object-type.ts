import { type JsonNode, member } from '#libs/formats/json-text';
import { docComment } from './doc-comment.ts';
import { propertyName, union } from './literal-type.ts';
import type { WriteType } from './write-type.ts';

/** An object with its properties, and an index signature for what else it may hold. */
export function objectType(node: JsonNode, indent: string, write: WriteType): string {
  const deeper = `${indent}  `;
  const properties = member(node, 'properties');
  const declared = properties?.kind === 'object' ? properties.members : [];
  const required = new Set(namesIn(member(node, 'required')));
  const lines: string[] = [];
  const types: string[] = [];
  for (const { name, value } of declared) {
    const type = write(value, deeper);
    const isOptional = !required.has(name);
    types.push(type, ...(isOptional ? ['undefined'] : []));
    lines.push(`${docComment(value, deeper)}${deeper}${propertyName(name)}${isOptional ? '?' : ''}: ${type};\n`);
  }
  const rest = restType(node, deeper, write);
  for (const name of required) {
    if (declared.some((each) => each.name === name)) continue;
    lines.push(`${deeper}${propertyName(name)}: ${rest ?? 'never'};\n`);
  }
  // An index signature has to admit the declared properties as well.
  if (rest !== undefined) lines.push(`${deeper}[name: string]: ${union([rest, ...types])};\n`);
  return lines.length === 0 ? '{ [name: string]: never }' : `{\n${lines.join('')}${indent}}`;
}

/** What properties that are not declared may hold; undefined when there can be none. */
function restType(node: JsonNode, indent: string, write: WriteType): string | undefined {
  const additional = member(node, 'additionalProperties');
  const patterns = member(node, 'patternProperties');
  const types = patterns?.kind === 'object' ? patterns.members.map(({ value }) => write(value, indent)) : [];
  if (additional === undefined) return 'unknown';
  if (additional.kind === 'boolean' && !additional.value) return types.length === 0 ? undefined : union(types);
  return union([write(additional, indent), ...types]);
}

function namesIn(node: JsonNode | undefined): string[] {
  return node?.kind === 'array' ? node.items.flatMap((each) => (each.kind === 'string' ? [each.value] : [])) : [];
}
