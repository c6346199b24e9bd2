import { HttpException } from '@nestjs/common';
import { z } from 'zod';
import { type ErrorCode, TidemarkError } from '#libs/foundation/kernel';
import { fieldProblems, requestInvalid } from './field-problems.ts';

/** What clients see of a defect: nothing about its cause, which stands in the log under the request id. */
export function internalError(cause: unknown): TidemarkError {
  return new TidemarkError('INTERNAL', 'An unexpected error ended the request.', { cause });
}

// Errors of Fastify that are the caller's, by their code (fastify/docs/Reference/Errors.md).
const FASTIFY: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'REQUEST_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'REQUEST_INVALID',
  FST_ERR_CTP_INVALID_JSON_BODY: 'REQUEST_INVALID',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'REQUEST_INVALID',
  FST_ERR_BAD_URL: 'REQUEST_INVALID',
  FST_ERR_MAX_PARAM_LENGTH: 'REQUEST_INVALID',
};

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'REQUEST_INVALID',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'ROUTE_UNKNOWN',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  413: 'REQUEST_TOO_LARGE',
  414: 'REQUEST_INVALID',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'REQUEST_INVALID',
  431: 'REQUEST_TOO_LARGE',
  503: 'SHUTTING_DOWN',
};

function codeOf(error: Error): string | undefined {
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

function ofHttpException(error: HttpException): TidemarkError {
  // Nest wraps what Fastify throws; the code of the original says more than the status.
  const fastifyCode = error.cause instanceof Error ? FASTIFY[codeOf(error.cause) ?? ''] : undefined;
  const code = fastifyCode ?? BY_STATUS[error.getStatus()];
  return code === undefined ? internalError(error) : new TidemarkError(code, error.message, { cause: error });
}

/**
 * Any thrown value as the error that the caller is told: our own as they are; zod's, NestJS' and Fastify's with the code
 * that fits; all else as INTERNAL with the original as its cause.
 */
export function knownErrorOf(error: unknown): TidemarkError {
  if (error instanceof TidemarkError) return error;
  if (error instanceof z.ZodError) return requestInvalid(fieldProblems('', error.issues));
  if (error instanceof HttpException) return ofHttpException(error);
  const code = error instanceof Error ? FASTIFY[codeOf(error) ?? ''] : undefined;
  return code === undefined
    ? internalError(error)
    : new TidemarkError(code, (error as Error).message, { cause: error });
}
