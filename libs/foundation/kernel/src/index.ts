export { assert } from './assert.ts';
export { backoffMs, type BackoffOptions } from './backoff.ts';
export { type Clock, systemClock } from './clock.ts';
export { errorCodeOfSqlState, type ErrorCode, ERRORS, type ErrorSpec } from './error-catalogue.ts';
export { describeError, type ErrorContext, TidemarkError } from './error.ts';
export { type DependencyOrder, orderByDependencies } from './order-by-dependencies.ts';
export { redactUrls } from './redact-url.ts';
export { renderErrorDocs } from './render-error-docs.ts';
export { VERSION } from './version.ts';
