/** An error as it is kept and sent with a message: text only, within limits. */
export interface ErrorDescription {
  /** Name of the error's class, or its `code` behind a slash when it has one: `TidemarkError/PAYLOAD_INVALID`. */
  readonly errorClass: string;
  /** The same of the innermost cause; null without one. */
  readonly causeClass: string | null;
  /** At most 1 KB. */
  readonly message: string;
  /** At most 8 KB, with those of the causes; null for what is no Error. */
  readonly stack: string | null;
}
