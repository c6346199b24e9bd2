import { define } from './error-spec.ts';

/** Requests and configuration. */
export const REQUEST_ERRORS = define({
  INTERNAL: {
    status: 500,
    retryable: false,
    title: 'Internal error',
    remedy: 'This is a defect: report it with the request id from the response and the log lines that carry it.',
  },
  REQUEST_INVALID: {
    status: 400,
    retryable: false,
    title: 'Invalid request',
    remedy: 'Correct the fields named in the message and send the request again; nothing was changed.',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    retryable: false,
    title: 'Request too large',
    remedy: 'Send a smaller body, or raise TIDEMARK_HTTP_BODY_MAX_BYTES.',
  },
  REQUEST_TIMEOUT: {
    status: 503,
    retryable: true,
    title: 'Request took too long',
    remedy: 'Ask for less at a time, or try again later.',
  },
  ROUTE_UNKNOWN: {
    status: 404,
    retryable: false,
    title: 'No such route',
    remedy: 'See /openapi.json for the routes of this service.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    retryable: false,
    title: 'Method not allowed',
    remedy: 'Use one of the methods that the Allow header lists.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    retryable: false,
    title: 'Unsupported media type',
    remedy: 'Send JSON with content-type: application/json.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    retryable: false,
    title: 'No media type of the answer is acceptable',
    remedy: 'Send an Accept header that allows one of the media types that the message lists, or none.',
  },
  UNAUTHENTICATED: {
    status: 401,
    retryable: false,
    title: 'Not authenticated',
    remedy: 'Send Basic or Bearer credentials that the credentials file lists.',
  },
  AUTHENTICATION_BUSY: {
    status: 503,
    retryable: true,
    title: 'Too many requests wait to be authenticated',
    remedy: 'Try again later; if it repeats, look for a client that sends wrong credentials.',
  },
  FORBIDDEN: {
    status: 403,
    retryable: false,
    title: 'Not allowed',
    remedy: 'Use credentials with the role that the message names.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    retryable: false,
    title: 'Idempotency key reused for another request',
    remedy: 'Use a new Idempotency-Key for a new request.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    retryable: true,
    title: 'A request with this idempotency key is still running',
    remedy: 'Wait for the first request, then send it again to get its answer.',
  },
  OUTCOME_NOT_RECORDED: {
    status: 503,
    retryable: true,
    title: 'Carried out, but not recorded',
    remedy:
      'It was done: the audit has what was intended, not that it was done. Send the same request again when Postgres is back; it ends in the same state.',
  },
  CONFIG_INVALID: {
    status: 500,
    retryable: false,
    title: 'Invalid configuration',
    remedy: 'Correct the settings named in the message; docs/CONFIG.md lists all of them.',
  },
  SECRET_UNAVAILABLE: {
    status: 503,
    retryable: true,
    title: 'A password, key or token cannot be obtained now',
    remedy:
      'Make the file, variable or token endpoint that the message names give it again; it is asked for at the next connection.',
  },
  PORT_UNAVAILABLE: {
    status: 500,
    retryable: false,
    title: 'The service cannot listen there',
    remedy: 'Stop what uses the port, or choose another one with the setting that the message names.',
  },
  SHUTTING_DOWN: {
    status: 503,
    retryable: true,
    title: 'Shutting down',
    remedy: 'Send the request to another instance, or again after the restart.',
  },
  STOP_DEADLINE_EXCEEDED: {
    status: 500,
    retryable: false,
    title: 'Work was not drained in time',
    remedy: 'Nothing is lost: unfinished work is done again after the start. Raise TIDEMARK_DRAIN_MS if this repeats.',
  },
});
