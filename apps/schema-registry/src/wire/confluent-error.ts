import { z } from 'zod';
import {
  type DomainErrorRenderer,
  type ErrorAnswer,
  type ErrorRenderer,
  preferredType,
  type ProblemPlace,
  type RequestRefusal,
} from '#libs/foundation/http';
import type { ErrorCode } from '#libs/foundation/kernel';
import { RegistryError } from '#libs/stores/schemas';
import { misnamedContext } from './context-path.ts';
import { ANSWER_TYPES } from './media-types.ts';
import type { Profile } from './profile.ts';

/** The body of every error. */
export const zConfluentError = z
  .strictObject({
    error_code: z.int().describe('The HTTP status, or the status and two digits that say more.'),
    message: z.string(),
  })
  .meta({ id: 'Error' });

interface Rendering {
  readonly errorCode: number;
  /** In place of the error's own words. */
  readonly message?: string;
}

// Confluent's words where clients and people know them by heart. 50001 and 50002 are tried again by all clients.
const RENDERINGS: Partial<Record<ErrorCode, Rendering>> = {
  ROUTE_UNKNOWN: { errorCode: 404, message: 'HTTP 404 Not Found' },
  METHOD_NOT_ALLOWED: { errorCode: 405, message: 'HTTP 405 Method Not Allowed' },
  NOT_ACCEPTABLE: { errorCode: 406, message: 'HTTP 406 Not Acceptable' },
  UNSUPPORTED_MEDIA_TYPE: { errorCode: 415, message: 'HTTP 415 Unsupported Media Type' },
  REQUEST_TOO_LARGE: {
    errorCode: 413,
    message:
      'The request is too large: TIDEMARK_REGISTRY_BODY_MAX_BYTES bounds its body, 16 KiB its URL and headers together',
  },
  FORBIDDEN: { errorCode: 40301 },
  SCHEMA_INVALID: { errorCode: 42201 },
  SCHEMA_TOO_COMPLEX: { errorCode: 42201 },
  DATABASE_UNAVAILABLE: { errorCode: 50001 },
  DATABASE_BUSY: { errorCode: 50001 },
  REQUEST_TIMEOUT: { errorCode: 50002 },
};

function answer(errorCode: number, message: string, place: ProblemPlace): ErrorAnswer {
  return {
    status: errorCode < 1_000 ? errorCode : Math.floor(errorCode / 100),
    contentType: preferredType(place.accept, ANSWER_TYPES) ?? ANSWER_TYPES[0],
    body: { error_code: errorCode, message },
  };
}

/** Our own errors in Confluent's shape. */
export const confluentAnswer: ErrorRenderer = (error, place) => {
  const misnamed = error.code === 'ROUTE_UNKNOWN' ? misnamedContext(place.path) : undefined;
  if (misnamed !== undefined) return answer(400, `Context name cannot contain a colon: ${misnamed}`, place);
  const rendering = RENDERINGS[error.code];
  return answer(rendering?.errorCode ?? error.spec.status, rendering?.message ?? error.message, place);
};

/** What the registry refuses. Profile 7 has 409 for an incompatible schema, as all versions before 8.0.4 had. */
export function registryAnswer(profile: Profile): DomainErrorRenderer {
  return (error, place) => {
    if (!(error instanceof RegistryError)) return undefined;
    const errorCode = profile === 7 && error.errorCode === 40901 ? 409 : error.errorCode;
    return answer(errorCode, error.message, place);
  };
}

/**
 * Requests that do not fit their endpoint: a body that is missing or null is 422; a parameter that is no number is no route,
 * as in JAX-RS; a subject with a NUL is no subject; the rest is 400.
 */
export const refuseRequest: RequestRefusal = (problems, raw) => {
  const [{ field, message }] = problems as [(typeof problems)[number]];
  if (field === 'path.subject') {
    return new RegistryError(42208, 'The specified subject is not a valid subject: it contains the character U+0000.');
  }
  if (field.startsWith('path') || field.startsWith('query')) return new RegistryError(404, 'HTTP 404 Not Found');
  if (field === 'body' && (raw.body === undefined || raw.body === null)) {
    return new RegistryError(422, 'The request body must not be null');
  }
  const named = problems.map((problem) => `${problem.field}: ${problem.message}`).join('; ');
  return new RegistryError(400, problems.length === 1 ? `${field}: ${message}` : named);
};
