import type { Type } from '@nestjs/common';
import type { z } from 'zod';
import { type ErrorCode, ERRORS } from '#libs/foundation/kernel';
import { requestSchema } from '../check-request.ts';
import { type EndpointSpec, mediaTypeOf, statusOf } from '../endpoint.ts';
import { PROBLEM_CONTENT_TYPE, zProblem } from '../problem.ts';
import { type EndpointRoute, endpointRoutes } from './endpoint-routes.ts';
import { type JsonSchema, SchemaComponents } from './json-schema.ts';

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

/** How a service with a foreign API differs from our own: in its errors, and in what its writes promise. */
export interface OpenApiDialect {
  /** The body of every error. */
  readonly error: z.ZodType;
  readonly errorMediaType: string;
  readonly requestMediaType: string;
}

/** An OpenAPI 3.1 document; typed as far as we read it ourselves. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: OpenApiInfo;
  readonly security: readonly JsonSchema[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly securitySchemes: JsonSchema };
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
  readonly [member: string]: unknown;
}

export interface OpenApiResponse {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

/** What any endpoint can answer, whatever it does. */
const ALWAYS: readonly ErrorCode[] = ['REQUEST_INVALID', 'REQUEST_TIMEOUT', 'SHUTTING_DOWN', 'INTERNAL'];
const AUTHENTICATED: readonly ErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'AUTHENTICATION_BUSY'];
const WITH_BODY: readonly ErrorCode[] = ['REQUEST_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
const WRITES: readonly ErrorCode[] = ['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_IN_USE'];

const isWrite = ({ method, spec }: EndpointRoute): boolean =>
  method !== 'get' && method !== 'head' && spec.role !== 'public';

const IDEMPOTENCY_KEY: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A repeat with the same key and request within 24 hours is answered with the stored answer of the first.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function parametersOf(
  route: EndpointRoute,
  components: SchemaComponents,
  dialect: OpenApiDialect | undefined,
): JsonSchema[] {
  const { spec } = route;
  const parts = [
    ['path', spec.params],
    ['query', spec.query],
    ['header', spec.headers],
  ] as const;
  const parameters = parts.flatMap(([place, schema]) =>
    Object.entries(schema?.shape ?? {}).map(([name, field]) => {
      const { description, ...json } = components.schemaOf(field, 'input');
      const required = place === 'path' || !field.safeParse(undefined).success;
      return { name, in: place, required, ...(description !== undefined && { description }), schema: json };
    }),
  );
  return isWrite(route) && dialect === undefined ? [...parameters, IDEMPOTENCY_KEY] : parameters;
}

function errorCodesOf(route: EndpointRoute): ErrorCode[] {
  const { spec } = route;
  const codes = [...ALWAYS, ...(spec.errors ?? [])];
  if (spec.role !== 'public') codes.push(...AUTHENTICATED);
  if (spec.body !== undefined) codes.push(...WITH_BODY);
  if (isWrite(route)) codes.push(...WRITES);
  return [...new Set(codes)];
}

function responsesOf(
  route: EndpointRoute,
  components: SchemaComponents,
  dialect: OpenApiDialect | undefined,
): Record<string, OpenApiResponse> {
  const { spec } = route;
  const mediaType = mediaTypeOf(spec).split(';')[0]!;
  const response = spec.response && { [mediaType]: { schema: components.schemaOf(spec.response, 'output') } };
  const content = response ?? (spec.stream === true ? { [mediaType]: { schema: { type: 'string' } } } : undefined);
  const responses: Record<string, OpenApiResponse> = {
    [statusOf(spec)]: { description: spec.summary, ...(content && { content }) },
  };
  for (const [status, schema] of Object.entries(spec.responses ?? {})) {
    responses[status] = {
      description: schema.description ?? spec.summary,
      content: { [mediaType]: { schema: components.schemaOf(schema, 'output') } },
    };
  }
  if (dialect !== undefined) {
    const error = { [dialect.errorMediaType]: { schema: components.schemaOf(dialect.error, 'output') } };
    return { ...responses, default: { description: 'Why the request was refused.', content: error } };
  }
  const problem = components.schemaOf(zProblem, 'output');
  const codes = errorCodesOf(route);
  for (const status of new Set(codes.map((code) => ERRORS[code].status))) {
    const same = codes.filter((code) => ERRORS[code].status === status);
    const described = same.map((code) => `${code}: ${ERRORS[code].title}`).join('. ');
    const known = responses[status];
    responses[status] = {
      description: known === undefined ? described : `${known.description}. ${described}`,
      content: { ...known?.content, [PROBLEM_CONTENT_TYPE]: { schema: problem } },
    };
  }
  return responses;
}

function tagOf(path: string, spec: EndpointSpec): string {
  return spec.tag ?? path.split('/').find((part) => part !== '' && !/^v\d+$/.test(part)) ?? 'root';
}

function operationOf(
  route: EndpointRoute,
  components: SchemaComponents,
  dialect: OpenApiDialect | undefined,
): OpenApiOperation {
  const { spec, path, handlerName } = route;
  const needed = spec.role === 'public' ? 'Needs no credentials.' : `Needs the role ${spec.role}.`;
  return {
    operationId: spec.operationId ?? handlerName,
    summary: spec.summary,
    description: spec.description === undefined ? needed : `${spec.description}\n\n${needed}`,
    tags: [tagOf(path, spec)],
    parameters: parametersOf(route, components, dialect),
    ...(spec.body && {
      requestBody: {
        required: !spec.body.safeParse(undefined).success,
        content: {
          [dialect?.requestMediaType ?? 'application/json']: {
            schema: components.schemaOf(requestSchema(spec, spec.body), 'input'),
          },
        },
      },
    }),
    responses: responsesOf(route, components, dialect),
    ...(spec.role === 'public' && { security: [] }),
  };
}

/** The OpenAPI 3.1 document of all endpoints of the controllers. Throws when two of them have the same operation id. */
export function buildOpenApi(
  controllers: readonly Type[],
  info: OpenApiInfo,
  dialect?: OpenApiDialect,
): OpenApiDocument {
  const components = new SchemaComponents();
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  const ids = new Set<string>();
  for (const route of endpointRoutes(controllers)) {
    const operation = operationOf(route, components, dialect);
    if (ids.has(operation.operationId)) throw new Error(`two endpoints have the operation id ${operation.operationId}`);
    ids.add(operation.operationId);
    const path = route.path.replace(/(^|\/):([A-Za-z_]\w*)/g, '$1{$2}').replaceAll('::', ':');
    (paths[path] ??= {})[route.method] = operation;
  }
  return {
    openapi: '3.1.0',
    info,
    security: [{ basic: [] }, { bearer: [] }],
    paths,
    components: {
      schemas: components.all(),
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic' },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'name.secret' },
      },
    },
  };
}
