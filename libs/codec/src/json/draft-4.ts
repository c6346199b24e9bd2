/** Keywords whose value is a schema, a list of schemas, or an object of schemas. */
const SCHEMAS = ['additionalItems', 'additionalProperties', 'not', 'items', 'allOf', 'anyOf', 'oneOf'];
const SCHEMAS_BY_NAME = ['properties', 'patternProperties', 'definitions', 'dependencies'];
const DEPTH_MAX = 500;

type Members = Record<string, unknown>;

/**
 * A schema of draft 4 as draft 6 writes it: `$id` for `id`, and numbers for the true of exclusiveMinimum and
 * exclusiveMaximum. Only schemas are changed, never what stands in enum, default or beside them; pointers stay valid.
 */
export function upgradeDraft4(schema: unknown, depth = 0): unknown {
  if (!isObject(schema)) return schema;
  if (depth > DEPTH_MAX) throw new RangeError('the schema is too deep');
  const { id, ...upgraded } = schema;
  if (typeof id === 'string' && upgraded['$id'] === undefined) upgraded['$id'] = id;
  exclusive(upgraded, 'minimum', 'exclusiveMinimum');
  exclusive(upgraded, 'maximum', 'exclusiveMaximum');
  for (const keyword of SCHEMAS) {
    const value = upgraded[keyword];
    if (value === undefined) continue;
    upgraded[keyword] = Array.isArray(value)
      ? value.map((part) => upgradeDraft4(part, depth + 1))
      : upgradeDraft4(value, depth + 1);
  }
  for (const keyword of SCHEMAS_BY_NAME) {
    const value = upgraded[keyword];
    if (!isObject(value)) continue;
    upgraded[keyword] = Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, upgradeDraft4(part, depth + 1)]),
    );
  }
  return upgraded;
}

function exclusive(schema: Members, bound: string, keyword: string): void {
  if (typeof schema[keyword] !== 'boolean') return;
  if (schema[keyword] && typeof schema[bound] === 'number') {
    schema[keyword] = schema[bound];
    delete schema[bound];
  } else {
    delete schema[keyword];
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
