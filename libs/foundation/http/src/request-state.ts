import type { FastifyRequest } from 'fastify';
import type { Actor } from './auth/actor.ts';
import type { EndpointInput } from './endpoint-input.ts';

/** What the edge knows about a request while it lasts. */
export interface RequestState {
  readonly requestId: string;
  readonly startedAtMs: number;
  /** Aborted when the client leaves, the time is over, or, for streams, the service stops. */
  readonly abort: AbortController;
  actor?: Actor;
  input?: EndpointInput;
  /** Overrides the documented status of the answer. */
  status?: number;
  /** The media type that the request's Accept has chosen. */
  contentType?: string;
}

const STATE = Symbol('tidemark.request');

type WithState = FastifyRequest & { [STATE]?: RequestState };

export function setRequestState(request: FastifyRequest, state: RequestState): void {
  (request as WithState)[STATE] = state;
}

/** Undefined only for requests that were refused before any hook ran. */
export function requestStateOf(request: FastifyRequest): RequestState | undefined {
  return (request as WithState)[STATE];
}

/** The path as it was sent, without the query. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}
