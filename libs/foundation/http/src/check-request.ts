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
const ANYTHING = z.object({});
const nothingOf = (spec: EndpointSpec): z.ZodObject => (spec.lenient === true ? ANYTHING : NOTHING);

/** A plain object schema with unknown keys refused; schemas that say themselves what to do with them are kept. */
export function strictly<T extends z.ZodType>(schema: T): T {
  return schema instanceof z.ZodObject && schema.def.catchall === undefined
    ? (schema.strict() as unknown as T)
    : schema;
}

/** What Postgres stores neither in text nor in jsonb, so that it would fail later as an error that names no field, or change. */
function unstorable(text: string): string | undefined {
  if (text.includes('\u0000')) return 'contains the character U+0000';
  return /\p{Surrogate}/u.test(text) ? 'contains half of a surrogate pair' : undefined;
}

function textProblem(value: unknown, path: string, depth = 0): FieldProblem | undefined {
  if (typeof value === 'string') {
    const message = unstorable(value);
    return message === undefined ? undefined : { field: path, message };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > DEPTH_MAX) return { field: path.split('.', 1)[0]!, message: `nested deeper than ${DEPTH_MAX} levels` };
  for (const [key, entry] of Object.entries(value)) {
    const message = unstorable(key);
    if (message !== undefined) return { field: path, message: `a name ${message}` };
    const problem = textProblem(entry, `${path}.${key}`, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** How a schema of a request treats keys that it does not know. */
export function requestSchema<T extends z.ZodType>(spec: EndpointSpec, schema: T): T {
  return spec.lenient === true ? schema : strictly(schema);
}

/** Makes the error that tells a caller what is wrong with the request. */
export type RequestRefusal = (problems: readonly FieldProblem[], raw: RawRequest) => Error;

const empty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/**
 * Checks each part of a request against the spec and gives the typed values. Unknown query parameters and body fields
 * are errors unless the endpoint is lenient, so that a misspelt one is not silently ignored. Throws what `refuse` makes of
 * all problems at once, by default REQUEST_INVALID.
 */
export function checkRequest(
  spec: EndpointSpec,
  raw: RawRequest,
  refuse: RequestRefusal = requestInvalid,
): CheckedRequest {
  const text = textProblem(raw.params, 'path') ?? textProblem(raw.query, 'query') ?? textProblem(raw.body, 'body');
  if (text !== undefined) throw refuse([text], raw);
  const problems: FieldProblem[] = [];
  const check = (root: string, schema: z.ZodType, value: unknown): unknown => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) problems.push(...fieldProblems(root, parsed.error.issues));
    return parsed.data;
  };
  const params = check('path', requestSchema(spec, spec.params ?? nothingOf(spec)), raw.params ?? {});
  const query = check('query', requestSchema(spec, spec.query ?? nothingOf(spec)), raw.query ?? {});
  // Headers belong to many parties: those that the endpoint does not read are none of its business.
  const headers = spec.headers && check('header', spec.headers.strip(), raw.headers);
  let body: unknown;
  if (spec.body !== undefined) body = check('body', requestSchema(spec, spec.body), raw.body ?? undefined);
  else if (spec.lenient !== true && !empty(raw.body))
    problems.push({ field: 'body', message: 'this endpoint takes no body' });
  if (problems.length > 0) throw refuse(problems, raw);
  return { params: spec.params && params, query: spec.query && query, headers, body };
}
