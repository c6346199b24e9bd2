import { type JsonNode, member } from '#libs/formats/json-text';
import { TidemarkError } from '#libs/foundation/kernel';
import { isMetaSchema } from './draft.ts';
import type { Place, SchemaIndex } from './schema-index.ts';
import { resolveUri, splitFragment } from './uri.ts';

/** Stands for a published meta-schema: schemas are objects or booleans, and more is not compared. */
const ANY_SCHEMA: JsonNode = {
  kind: 'object',
  members: [
    {
      name: 'type',
      value: {
        kind: 'array',
        items: [
          { kind: 'string', value: 'object' },
          { kind: 'string', value: 'boolean' },
        ],
      },
    },
  ],
};

/**
 * The schema that a reference means, from the texts at hand alone: by `$id`, by the name of a registered reference, by
 * anchor or by JSON pointer. Nothing is ever fetched. Throws SCHEMA_INVALID when nothing at hand has that name.
 */
export function resolveReference(reference: string, from: Place, index: SchemaIndex, at: string): JsonNode {
  const uri = resolveUri(reference, from.base);
  const { document, fragment } = splitFragment(uri);
  // A reference may also repeat the name under which the registry knows a schema, whatever $id stands around it.
  const name = splitFragment(reference).document;
  const root = index.named(document) ?? (name === '' ? undefined : index.named(name));
  if (root === undefined && isMetaSchema(uri)) return ANY_SCHEMA;
  if (root === undefined) throw unresolved(reference, at, document);
  if (fragment === '') return root;
  const base = index.place(root)?.base ?? document;
  const anchored = index.named(`${base}#${fragment}`);
  if (anchored !== undefined) return anchored;
  const found = fragment.startsWith('/') ? walk(root, fragment, index) : undefined;
  if (found === undefined) {
    throw new TidemarkError(
      'SCHEMA_INVALID',
      `Invalid JSON Schema at ${at}: the reference "${reference}" points at nothing: there is no "#${fragment}" in ${
        root === from.document ? 'the schema' : `"${document}"`
      }.`,
    );
  }
  return found;
}

function walk(root: JsonNode, pointer: string, index: SchemaIndex): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  let place = index.place(root);
  for (const step of pointer.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (node.kind === 'array') node = /^(0|[1-9][0-9]*)$/.test(key) ? node.items[Number(key)] : undefined;
    else node = member(node, key);
    if (node === undefined) return undefined;
    place = index.place(node) ?? place;
  }
  if (place !== undefined) index.visit(node, place);
  return node;
}

function unresolved(reference: string, at: string, document: string): TidemarkError {
  return new TidemarkError(
    'SCHEMA_INVALID',
    `Invalid JSON Schema at ${at}: the reference "${reference}" is not resolved: no schema given with the request is named "${
      document
    }", and remote schemas are never fetched.`,
    { remedy: 'Register the referenced schema and name it in "references", or move it into "$defs".' },
  );
}
