/** Fits an error by its class, its name or `code`, or by asking. */
export type ErrorMatcher = string | (abstract new (...args: never[]) => Error) | ((error: unknown) => boolean);

/** Which errors are worth another try. A FatalError is always fatal; `fatal` comes before `retryable`. */
export interface ErrorRules {
  /** Straight to the dlq. */
  readonly fatal?: readonly ErrorMatcher[];
  readonly retryable?: readonly ErrorMatcher[];
  /** What fits neither; default retryable. */
  readonly otherwise?: 'retryable' | 'fatal';
}

/** For handlers to throw: the message will never be handled as it is. It goes to the dlq at once. */
export class FatalError extends Error {
  override readonly name: string = 'FatalError';
}
