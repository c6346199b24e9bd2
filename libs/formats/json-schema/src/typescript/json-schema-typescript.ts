import { type JsonNode, stringMember } from '#libs/formats/json-text';
import type { JsonSchema } from '../json-schema.ts';
import { docComment } from './doc-comment.ts';
import { TypeNames } from './type-names.ts';
import { TypeWriter } from './type-writer.ts';

/**
 * TypeScript source with an exported type of the values that a schema accepts, and of every schema that it refers to. It
 * compiles under `strict`. `rootName` defaults to the title, else `Value`. Where TypeScript cannot say what JSON Schema does
 * (limits, patterns, `not`, conditions) the type is wider, never narrower, with one exception: keywords of objects or arrays
 * without a `type` are taken as meaning objects or arrays, as authors do.
 */
export function jsonSchemaTypeScript(schema: JsonSchema, { rootName }: { readonly rootName?: string } = {}): string {
  const names = new TypeNames();
  names.of(schema.root, rootName ?? stringMember(schema.root, 'title') ?? 'Value');
  const declared: JsonNode[] = [schema.root];
  const writer = new TypeWriter(schema, (node, proposal) => {
    if (!declared.includes(node)) declared.push(node);
    return names.of(node, schema.dependencyName(node) ?? proposal);
  });
  const declarations: string[] = [];
  // Writing one declaration finds the next ones.
  for (const node of declared) {
    const type = writer.declaration(node);
    declarations.push(`${docComment(node, '')}export type ${names.of(node, 'Value')} = ${type};\n`);
  }
  return declarations.join('\n');
}
