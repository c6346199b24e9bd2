/** A subject with its context. `context` is `.` or `.name`; `subject` is empty where the context itself is meant. */
export interface QualifiedSubject {
  readonly context: string;
  readonly subject: string;
}

export const DEFAULT_CONTEXT = '.';
/** Settings of this context apply to every other one. */
export const GLOBAL_CONTEXT = '.__GLOBAL';

/**
 * Bytes of a context and a subject together: an index entry of Postgres holds about 2,700, and names are in the keys of
 * several indexes.
 */
export const NAME_BYTES_MAX = 2_000;

/**
 * Reads `s`, `:.ctx:s`, `:.ctx:` and `:.ctx`; `:.:s` is `s`. Total: what does not start with `:.` is a subject of the context
 * given (default: the default one).
 */
export function parseSubject(name: string, within: string = DEFAULT_CONTEXT): QualifiedSubject {
  if (!name.startsWith(':.')) return { context: within, subject: name };
  const end = name.indexOf(':', 1);
  if (end === -1) return { context: name.slice(1), subject: '' };
  return { context: name.slice(1, end), subject: name.slice(end + 1) };
}

/** The name as clients see it: without a prefix in the default context. */
export function printSubject({ context, subject }: QualifiedSubject): string {
  return context === DEFAULT_CONTEXT ? subject : `:${context}:${subject}`;
}

/** Whether schemas can be registered under the name. The empty subject is legal. */
export function isValidSubject({ context, subject }: QualifiedSubject): boolean {
  return (
    isValidContext(context) &&
    context !== GLOBAL_CONTEXT &&
    subject !== '__GLOBAL' &&
    subject !== '__EMPTY' &&
    !subject.startsWith(':.') &&
    !hasControlCharacter(subject) &&
    Buffer.byteLength(context) + Buffer.byteLength(subject) <= NAME_BYTES_MAX
  );
}

/** Whether the name can be that of a context: a dot, anything but colons and control characters, of bounded length. */
export function isValidContext(context: string): boolean {
  return (
    context.startsWith('.') &&
    !context.includes(':') &&
    !hasControlCharacter(context) &&
    Buffer.byteLength(context) <= NAME_BYTES_MAX
  );
}

/** Java's ISO control characters: those below space, and from DEL to APC. */
function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return true;
  }
  return false;
}
