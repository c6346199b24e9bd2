/** A subject with its context: `.` is the default one. `subject` is empty where the context itself is meant. */
export interface SubjectName {
  readonly context: string;
  readonly subject: string;
}

export const DEFAULT_CONTEXT = '.';

/** Reads `s`, `:.ctx:s` and `:.ctx:`. Names without a context are of the one given. */
export function parseSubjectName(name: string, within: string = DEFAULT_CONTEXT): SubjectName {
  const match = /^:(\.[^:]*):([^]*)$/.exec(name);
  if (match === null) return { context: within, subject: name };
  return { context: match[1]!, subject: match[2]! };
}

/** The name as registries write it: with its context unless that is the default one. */
export function printSubjectName({ context, subject }: SubjectName): string {
  return context === DEFAULT_CONTEXT ? subject : `:${context}:${subject}`;
}

/** The path of a subject: `/subjects/…`. */
export function subjectPath(subject: string): string {
  return `/subjects/${encodeURIComponent(subject)}`;
}

/** A context as people write it, with or without its dot and colons. */
export function contextName(text: string): string {
  const bare = text.replace(/^:/, '').replace(/:$/, '');
  return bare.startsWith('.') ? bare : `.${bare}`;
}
