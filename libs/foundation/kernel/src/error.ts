import { ERRORS, type ErrorCode, type ErrorSpec } from './error-catalogue.ts';

/** Facts about where an error happened. Values are printed to users: never put payloads or secrets here. */
export type ErrorContext = Readonly<Record<string, string | number | boolean | null>>;

/**
 * The one error type of the platform. `code` is stable and listed in docs/ERRORS.md; `message` says what happened and
 * where; `remedy` says what to do. Callers branch on `code` or `retryable`, never on the text.
 */
export class TidemarkError extends Error {
  override readonly name = 'TidemarkError';
  readonly code: ErrorCode;
  readonly context: ErrorContext;
  readonly #remedy: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { context?: ErrorContext; cause?: unknown; remedy?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.context = options.context ?? {};
    this.#remedy = options.remedy;
  }

  get spec(): ErrorSpec {
    return ERRORS[this.code];
  }

  /** True when the same call may succeed later without a change by the caller. */
  get retryable(): boolean {
    return this.spec.retryable;
  }

  /** What the reader should do about it: the catalogue's advice unless the place of the error knew better. */
  get remedy(): string {
    return this.#remedy ?? this.spec.remedy;
  }
}

/** The error as text with its remedy, for terminals and logs. Unknown values are described, never thrown. */
export function describeError(error: unknown): string {
  if (error instanceof TidemarkError) return `${error.code}: ${error.message}\n  ${error.remedy}`;
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  return String(error);
}
