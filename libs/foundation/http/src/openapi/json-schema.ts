import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Collects the schemas that have a name (`.meta({ id })`), so that a document holds each of them once. */
export class SchemaComponents {
  readonly #named = new Map<string, JsonSchema>();

  /** The JSON schema of what is sent (`input`) or answered (`output`), with named parts as references. */
  schemaOf(schema: z.ZodType, direction: 'input' | 'output'): JsonSchema {
    const {
      $schema: _dialect,
      $defs,
      ...root
    } = z.toJSONSchema(schema, { io: direction, unrepresentable: 'any' }) as JsonSchema;
    for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>)) {
      this.#add(name, withComponentReferences(definition) as JsonSchema);
    }
    const placed = withComponentReferences(root) as JsonSchema;
    const id = schema.meta()?.id;
    if (id === undefined) return withoutId(placed);
    if (!('$ref' in placed)) this.#add(id, placed);
    return { $ref: `#/components/schemas/${id}` };
  }

  all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#named].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #add(name: string, definition: JsonSchema): void {
    const schema = withoutId(definition);
    const known = this.#named.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(
        `two different schemas are named ${name}; a named schema must not differ between request and answer`,
      );
    }
    this.#named.set(name, schema);
  }
}

// zod writes the name as `id`, which JSON Schema does not know as a keyword.
function withoutId(schema: JsonSchema): JsonSchema {
  const { id: _id, ...rest } = schema;
  return typeof schema['id'] === 'string' ? rest : schema;
}

function withComponentReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withComponentReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) =>
      key === '$ref' && typeof entry === 'string'
        ? [key, entry.replace(/^#\/\$defs\//, '#/components/schemas/')]
        : [key, withComponentReferences(entry)],
    ),
  );
}
