/**
 * What the registry refuses, in Confluent's numbers: `errorCode` is the HTTP status (404) or the status followed by two digits
 * (40401). The message is what clients show. Nothing was changed.
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly errorCode: number;
  /** Further fields of the answer's body, for details of our own; clients ignore them. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    errorCode: number,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.errorCode = errorCode;
    this.details = options.details ?? {};
  }

  /** The HTTP status: the first three digits of the code. */
  get status(): number {
    return this.errorCode < 1_000 ? this.errorCode : Math.floor(this.errorCode / 100);
  }
}
