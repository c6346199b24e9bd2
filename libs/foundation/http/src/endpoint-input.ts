import type { z } from 'zod';
import type { EndpointSpec } from './endpoint.ts';
import type { WriteRequest } from './postgres/write-request.ts';

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

/** How a handler adds to its answer. */
export interface Respond {
  header(name: string, value: string): void;
  /** Another status than the documented one of the ordinary answer; list it in `responses`. */
  status(code: number): void;
}

/** A checked request. It is also what `Writes.run` needs to know about a write. */
export interface EndpointInput<P = unknown, Q = unknown, B = unknown, H = unknown> extends WriteRequest {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly headers: H;
  /** Path and query as they were sent. */
  readonly url: string;
  /** Aborted when the client leaves, the time is over, or, for streams, the service stops. */
  readonly signal: AbortSignal;
  readonly respond: Respond;
}

/** The input of a handler from its spec: `@Input() input: InputOf<typeof spec>`. */
export type InputOf<S extends EndpointSpec> = EndpointInput<
  Parsed<S['params']>,
  Parsed<S['query']>,
  Parsed<S['body']>,
  Parsed<S['headers']>
>;
