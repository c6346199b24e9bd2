import { z } from 'zod';
import type { EndpointSpec } from './endpoint.ts';
import { type FieldProblem, fieldProblems, requestInvalid } from './field-problems.ts';

/** A request as it came, after JSON and query parsing. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface CheckedRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly headers: unknown;
}

const DEPTH_MAX = 200;
const NOTHING = z.strictObject({});

/** A plain object schema with unknown keys refused; schemas that say themselves what to do with them are kept. */
export function strictly<T extends z.ZodType>(schema: T): T {
  return schema instanceof z.ZodObject && schema.def.catchall === undefined
    ? (schema.strict() as unknown as T)
    : schema;
}

// Postgres stores neither in text nor in jsonb, so that they would fail later, as an error that names no field.
function nulProblem(value: unknown, path: string, depth = 0): FieldProblem | undefined {
  if (typeof value === 'string') {
    return value.includes('\u0000') ? { field: path, message: 'contains the character U+0000' } : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > DEPTH_MAX) return { field: path.split('.', 1)[0]!, message: `nested deeper than ${DEPTH_MAX} levels` };
  for (const [key, entry] of Object.entries(value)) {
    if (key.includes('\u0000')) return { field: path, message: 'a name contains the character U+0000' };
    const problem = nulProblem(entry, `${path}.${key}`, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const empty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/**
 * Checks each part of a request against the spec and gives the typed values. Unknown query parameters and body fields
 * are errors, so that a misspelt one is not silently ignored. Throws REQUEST_INVALID with all problems at once.
 */
export function checkRequest(spec: EndpointSpec, raw: RawRequest): CheckedRequest {
  const nul = nulProblem(raw.params, 'path') ?? nulProblem(raw.query, 'query') ?? nulProblem(raw.body, 'body');
  if (nul !== undefined) throw requestInvalid([nul]);
  const problems: FieldProblem[] = [];
  const check = (root: string, schema: z.ZodType, value: unknown): unknown => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) problems.push(...fieldProblems(root, parsed.error.issues));
    return parsed.data;
  };
  const params = check('path', strictly(spec.params ?? NOTHING), raw.params ?? {});
  const query = check('query', strictly(spec.query ?? NOTHING), raw.query ?? {});
  // Headers belong to many parties: those that the endpoint does not read are none of its business.
  const headers = spec.headers && check('header', spec.headers.strip(), raw.headers);
  let body: unknown;
  if (spec.body !== undefined) body = check('body', strictly(spec.body), raw.body ?? undefined);
  else if (!empty(raw.body)) problems.push({ field: 'body', message: 'this endpoint takes no body' });
  if (problems.length > 0) throw requestInvalid(problems);
  return { params: spec.params && params, query: spec.query && query, headers, body };
}
