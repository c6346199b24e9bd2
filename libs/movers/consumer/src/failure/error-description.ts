import { causesOf, read } from './error-rules.ts';
import { truncateUtf8 } from './truncate-utf8.ts';

/** An error as it is kept and sent with a message: well-formed text without NUL, within limits. */
export interface ErrorDescription {
  /** Name of the error's class. */
  readonly errorClass: string;
  /** The same of the innermost cause; null without one. */
  readonly causeClass: string | null;
  /** Begins with the error's `code` where it has one. At most 1 KB. */
  readonly message: string;
  /** At most 8 KB, without the frames of Node itself, with those of the causes; null for what is no Error. */
  readonly stack: string | null;
}

const CLASS_BYTES = 200;
const MESSAGE_BYTES = 1_024;
const STACK_BYTES = 8 * 1_024;
/** Characters that are looked at; what comes behind does not fit in any case. */
const TEXT_MAX = 64 * 1_024;

/** Describes whatever was thrown; never throws itself. */
export function describeFailure(error: unknown): ErrorDescription {
  const chain = causesOf(error);
  const cause = chain.length > 1 ? classOf(chain.at(-1)) : null;
  const stack = chain.map(stackOf).filter((text) => text !== null);
  return {
    errorClass: clean(classOf(error), CLASS_BYTES),
    causeClass: cause === null ? null : clean(cause, CLASS_BYTES),
    message: clean(messageOf(error), MESSAGE_BYTES),
    stack: stack.length === 0 ? null : clean(stack.join('\nCaused by: '), STACK_BYTES),
  };
}

function classOf(error: unknown): string {
  if (error === null || typeof error !== 'object') return typeof error;
  const own = read(read(error, 'constructor'), 'name');
  const name = read(error, 'name');
  // Classes that only set `name` are of class Error.
  if (typeof name === 'string' && name !== '' && (own === 'Error' || typeof own !== 'string' || own === ''))
    return name;
  return typeof own === 'string' && own !== '' ? own : 'Object';
}

function messageOf(error: unknown): string {
  const message = read(error, 'message');
  const code = read(error, 'code');
  const text = typeof message === 'string' ? message : printed(error);
  return typeof code === 'string' && code !== '' ? `${code}: ${text}` : text;
}

function printed(value: unknown): string {
  try {
    if (typeof value === 'object' && value !== null) return JSON.stringify(value) ?? 'an object';
    return String(value);
  } catch {
    // Rings, bigints, throwing getters: it was an object, and nothing more can be said.
    return 'a value that cannot be printed';
  }
}

function stackOf(error: unknown): string | null {
  const stack = read(error, 'stack');
  if (typeof stack !== 'string') return null;
  const lines = stack.slice(0, TEXT_MAX).split('\n');
  return lines.filter((line) => !/^\s+at .*\(?node:/.test(line)).join('\n');
}

function clean(text: string, maxBytes: number): string {
  // Through bytes, because half a character (a lone surrogate) has no place in a database.
  const wellFormed = Buffer.from(text.slice(0, TEXT_MAX)).toString();
  return truncateUtf8(wellFormed.replaceAll('\0', '\uFFFD'), maxBytes);
}
