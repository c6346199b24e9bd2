import type { Readable } from 'node:stream';
import { applyDecorators, HttpCode } from '@nestjs/common';
import type { z } from 'zod';
import type { Role } from '#libs/foundation/credentials';
import type { ErrorCode } from '#libs/foundation/kernel';

/** Everything about an endpoint except its method and path: the checks and the documentation follow from it. */
export interface EndpointSpec {
  /** A few words, in the imperative. */
  readonly summary: string;
  readonly description?: string;
  /** The least role that may call it; 'public' needs no credentials. */
  readonly role: Role | 'public';
  /** Schemas of the request. A plain `z.object` is taken as strict; a part without a schema must be absent. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Headers that the endpoint reads, in lower case. Other headers are ignored. */
  readonly headers?: z.ZodObject;
  /** The body of the answer as it is sent (64-bit numbers as strings). Leave out for an answer without a body. */
  readonly response?: z.ZodType;
  /** The status of the answer. Default 200, or 204 without a response schema. */
  readonly status?: number;
  /** Answers of other statuses that are no problem documents. */
  readonly responses?: Readonly<Record<number, z.ZodType>>;
  /** Error codes beyond those that every endpoint can answer. */
  readonly errors?: readonly ErrorCode[];
  /** The handler returns a stream, which has no time limit and ends when the service stops. */
  readonly stream?: boolean;
  /** Default application/json; for streams text/event-stream. */
  readonly mediaType?: string;
  /** JSON media types that the answer can have, best first; the request's Accept chooses, else NOT_ACCEPTABLE. */
  readonly mediaTypes?: readonly string[];
  /** Unknown parameters and fields, and a body where none belongs, are ignored, as the clients of a foreign API expect. */
  readonly lenient?: boolean;
  /** For tools that generate clients; default: the name of the handler. */
  readonly operationId?: string;
  /** The group in the documentation; default: the first part of the path after the version. */
  readonly tag?: string;
}

/** Keeps the exact types of a spec, so that its input and its answer are known to the compiler. */
export function endpoint<const S extends EndpointSpec>(spec: S): S {
  return spec;
}

type Answer<S extends EndpointSpec> = S extends { readonly stream: true }
  ? Readable
  : S extends { readonly response: infer R extends z.ZodType }
    ? z.input<R>
    : void;

const SPEC = Symbol('tidemark.endpoint');

/** The status of an endpoint's ordinary answer. */
export function statusOf(spec: EndpointSpec): number {
  return spec.status ?? (spec.response === undefined && spec.stream !== true ? 204 : 200);
}

export function mediaTypeOf(spec: EndpointSpec): string {
  return spec.mediaType ?? spec.mediaTypes?.[0] ?? (spec.stream === true ? 'text/event-stream' : 'application/json');
}

/**
 * Makes a handler an endpoint, beside Nest's `@Get(path)` and its like. The request is checked against the spec before
 * the handler runs, which takes it through `@Input()`; the compiler compares what the handler returns with `response`.
 */
export function Endpoint<const S extends EndpointSpec>(spec: S) {
  return <H extends (...input: never[]) => Answer<S> | Promise<Answer<S>>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    applyDecorators(HttpCode(statusOf(spec)))(target, key, descriptor as PropertyDescriptor);
    Object.defineProperty(descriptor.value, SPEC, { value: spec });
  };
}

/** The spec of a handler that `@Endpoint` decorates. */
export function endpointSpecOf(handler: unknown): EndpointSpec | undefined {
  return typeof handler === 'function' ? (handler as { [SPEC]?: EndpointSpec })[SPEC] : undefined;
}
