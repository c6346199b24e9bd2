import { redactUrls, TidemarkError } from '#libs/foundation/kernel';

/** What a log line carries beside its message. Never payloads: they belong to the user. */
export type LogFields = Readonly<Record<string, unknown>>;

const SECRET_NAME = /password|passwd|secret|authorization|cookie|credential|private.?key|(^|[^a-z])token$|Token$/i;
/** TIDEMARK_CREDENTIALS_FILE is the path of a file, which people need to see. */
const NAMES_A_FILE = /_FILE$|File$/;
const TEXT_MAX = 4_000;
const LIST_MAX = 50;
const FIELDS_MAX = 100;
const DEPTH_MAX = 5;
const CAUSES_MAX = 5;

function text(value: string): string {
  const shown = redactUrls(value);
  return shown.length > TEXT_MAX ? `${shown.slice(0, TEXT_MAX)}… (${shown.length} characters)` : shown;
}

/** An error as data: type, code, message, context, stack, and the chain of what caused it, at most five deep. */
export function errorFields(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: text(String(error)) };
  const code = (error as Error & { code?: unknown }).code;
  const cause = error.cause;
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: text(error.message),
    ...(error instanceof TidemarkError && Object.keys(error.context).length > 0
      ? { context: plain(error.context, 1) }
      : {}),
    ...(depth === 0 && error.stack !== undefined ? { stack: text(error.stack) } : {}),
    ...(cause !== undefined && depth < CAUSES_MAX ? { cause: errorFields(cause, depth + 1) } : {}),
  };
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return errorFields(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= DEPTH_MAX) return '[…]';
  if (Array.isArray(value)) {
    const shown: unknown[] = value.slice(0, LIST_MAX).map((entry) => plain(entry, depth + 1));
    return value.length > LIST_MAX ? [...shown, `… ${value.length - LIST_MAX} more`] : shown;
  }
  return plainFields(value as LogFields, depth + 1);
}

/**
 * Fields fit for one log line: secrets by their names and passwords in URLs are replaced, bytes are counted rather than
 * shown, bigints are text, and size and depth are bounded, whatever the caller passed. Never throws for plain data.
 */
export function plainFields(fields: LogFields, depth = 0): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields).slice(0, FIELDS_MAX)) {
    if (value === undefined) continue;
    result[name] = SECRET_NAME.test(name) && !NAMES_A_FILE.test(name) ? '[redacted]' : plain(value, depth);
  }
  return result;
}
