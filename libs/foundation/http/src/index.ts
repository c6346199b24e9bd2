export { type Actor, ANONYMOUS } from './auth/actor.ts';
export type { AuthenticationRequest, Authenticator } from './auth/authenticator.ts';
export { createAuthenticator } from './auth/create-authenticator.ts';
export { closeHttpApp } from './close-http-app.ts';
export { createHttpApp, type HttpAppOptions } from './create-http-app.ts';
export { Endpoint, endpoint, type EndpointSpec } from './endpoint.ts';
export type { EndpointInput, InputOf, Respond } from './endpoint-input.ts';
export type { RawRequest, RequestRefusal } from './check-request.ts';
export type { EarlyAnswer, EarlyAnswers } from './early-answers.ts';
export { type FieldProblem, requestInvalid } from './field-problems.ts';
export type { HttpRouting } from './http-adapter.ts';
export { preferredType } from './media-types.ts';
export { Input } from './input.decorator.ts';
export { knownErrorOf } from './known-error.ts';
export { buildOpenApi, type OpenApiDialect, type OpenApiDocument, type OpenApiInfo } from './openapi/build-open-api.ts';
export { createResponseChecker, type ObservedResponse, type ResponseChecker } from './openapi/response-checker.ts';
export { type OperationsOptions } from './operations/operations-options.ts';
export { OperationsModule } from './operations/operations.module.ts';
export { decodeCursor, encodeCursor } from './page-cursor.ts';
export { type AuditEntry, insertAuditEntry } from './postgres/insert-audit-entry.sql.ts';
export { IDEMPOTENCY_LOCK_CLASS } from './postgres/lock-idempotency-key.sql.ts';
export { purgeAnswers, type PurgeOptions } from './postgres/purge-answers.ts';
export type { WriteRequest } from './postgres/write-request.ts';
export type { OutsideResult, OutsideWrite } from './postgres/outside-write.ts';
export type { AuditedAction } from './postgres/audited-action.ts';
export { Writes, type WriteTransaction } from './postgres/writes.ts';
export { listen, type ListenOptions } from './listen.ts';
export {
  type DomainErrorRenderer,
  type ErrorAnswer,
  type ErrorRenderer,
  type Problem,
  problemAnswer,
  type ProblemPlace,
  zProblem,
} from './problem.ts';
export { serverSentEvents, type ServerSentEvent, type ServerSentEventsOptions } from './server-sent-events.ts';
export {
  zCursor,
  zInt64Text,
  zLimit,
  zOffset,
  zPage,
  zPartition,
  zQueryFlag,
  zQueryInteger,
  zTimestamp,
  zTimestampText,
} from './wire-types.ts';
