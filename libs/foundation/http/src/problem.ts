import { z } from 'zod';
import type { ErrorCode, TidemarkError } from '#libs/foundation/kernel';

/** An RFC 9457 problem document; `context` fields of the error stand beside these members. */
export const zProblem = z
  .looseObject({
    type: z.string().describe('urn:tidemark:error:<code>'),
    title: z.string().describe('What the code means, the same for each occurrence.'),
    status: z.int().describe('The HTTP status.'),
    detail: z.string().describe('What happened, and where.'),
    instance: z.string().describe('The path of the request.'),
    code: z.string().describe('Stable; docs/ERRORS.md lists all codes.'),
    remedy: z.string().describe('What to do about it.'),
    retryable: z.boolean().describe('Whether the same request may succeed later.'),
    requestId: z.string().describe('Stands in the log lines of this request.'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem document.' });

export type Problem = z.infer<typeof zProblem>;

/** Which request a problem belongs to. */
export interface ProblemPlace {
  /** Path without the query, which could carry what should not be repeated. */
  readonly path: string;
  readonly requestId: string;
  /** The Accept header, for services whose errors have several media types. */
  readonly accept?: string;
}

/** How a service writes an error; the default is `problemAnswer`. */
export interface ErrorAnswer {
  readonly status: number;
  /** Sent as it is. */
  readonly contentType: string;
  readonly body: unknown;
}

export type ErrorRenderer = (error: TidemarkError, place: ProblemPlace) => ErrorAnswer;

/** Answers for errors that a service's domain throws beside TidemarkError; undefined for all others. */
export type DomainErrorRenderer = (error: unknown, place: ProblemPlace) => ErrorAnswer | undefined;

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** The `type` of a code's problem documents. */
export function problemType(code: ErrorCode): string {
  return `urn:tidemark:error:${code}`;
}

/** The problem document of an error. Members of the standard win over context fields of the same name. */
export function problemOf(error: TidemarkError, place: ProblemPlace): Problem {
  return {
    ...error.context,
    type: problemType(error.code),
    title: error.spec.title,
    status: error.spec.status,
    detail: error.message,
    instance: place.path,
    code: error.code,
    remedy: error.remedy,
    retryable: error.retryable,
    requestId: place.requestId,
  };
}

export const problemAnswer: ErrorRenderer = (error, place) => ({
  status: error.spec.status,
  contentType: `${PROBLEM_CONTENT_TYPE}; charset=utf-8`,
  body: problemOf(error, place),
});
