import { parseSubject } from '../names/qualified-subject.ts';

/** Where a listing looks: in one context or, with `:*:`, in all of them; and how the subjects begin. */
export interface SubjectPrefix {
  readonly context: string | undefined;
  readonly subject: string;
}

/** Reads `s`, `:.ctx:s`, `:*:` and `:*:s`. */
export function parsePrefix(prefix: string): SubjectPrefix {
  if (prefix.startsWith(':*:')) return { context: undefined, subject: prefix.slice(3) };
  return parseSubject(prefix);
}
