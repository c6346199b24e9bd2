import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { OpenApiDocument, OpenApiOperation } from './build-open-api.ts';

/** An answer as a client sees it; `body` is parsed JSON, or the text of another media type, or undefined. */
export interface ObservedResponse {
  readonly method: string;
  /** With or without a query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly body: unknown;
}

/** Compares an answer with the document: what deviates, in words; empty when the document describes it. */
export type ResponseChecker = (response: ObservedResponse) => string[];

function matches(template: string, path: string): boolean {
  const expected = template.split('/');
  const actual = path.split('/');
  return (
    expected.length === actual.length && expected.every((part, index) => part.startsWith('{') || part === actual[index])
  );
}

// A template without parameters is the more specific one.
function operationAt(document: OpenApiDocument, method: string, path: string): [string, OpenApiOperation] | undefined {
  const candidates = Object.entries(document.paths)
    .filter(([template, operations]) => matches(template, path) && operations[method] !== undefined)
    .sort(([a], [b]) => a.split('{').length - b.split('{').length);
  const found = candidates[0];
  return found === undefined ? undefined : [found[0], found[1][method]!];
}

const pointer = (part: string): string => part.replace(/~/g, '~0').replace(/\//g, '~1');

/** For tests: holds a service to its own OpenAPI document. */
export function createResponseChecker(document: OpenApiDocument): ResponseChecker {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, 'document');
  const validatorAt = (...parts: string[]): ValidateFunction | undefined =>
    ajv.getSchema(`document#/${parts.map((part) => encodeURIComponent(pointer(part))).join('/')}`);

  return ({ method, path, status, contentType, body }) => {
    const lower = method.toLowerCase();
    const found = operationAt(document, lower, path.split('?', 1)[0]!);
    if (found === undefined) return [`${method} ${path} is not documented`];
    const [template, operation] = found;
    const key = operation.responses[status] === undefined ? 'default' : String(status);
    const response = operation.responses[key];
    if (response === undefined) return [`${method} ${template}: status ${status} is not documented`];
    if (response.content === undefined)
      return body === undefined || body === '' ? [] : [`${method} ${template}: ${status} has a body`];
    const mediaType = contentType?.split(';')[0]?.trim() ?? '';
    if (response.content[mediaType] === undefined)
      return [`${method} ${template}: ${status} as '${mediaType}' is not documented`];
    const validate = validatorAt('paths', template, lower, 'responses', key, 'content', mediaType, 'schema');
    if (validate === undefined) return [`${method} ${template}: the schema of ${status} cannot be resolved`];
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      (error) => `${method} ${template} ${status}: ${error.instancePath || '/'} ${error.message ?? ''}`,
    );
  };
}
