import { TidemarkError } from '#libs/foundation/kernel';

/** An EMBEDDED_POSTGRES_FAILED. `details` is what a program or Postgres's log said about it; it becomes part of the message. */
export function embeddedFailure(
  message: string,
  options: { details?: string; remedy?: string; cause?: unknown } = {},
): TidemarkError {
  const details = options.details?.trim() ?? '';
  return new TidemarkError('EMBEDDED_POSTGRES_FAILED', details === '' ? message : `${message}\n${indent(details)}`, {
    cause: options.cause,
    remedy: options.remedy,
  });
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
