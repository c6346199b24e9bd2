/** Fits an error by its class, its name or `code`, or by asking. */
export type ErrorMatcher = string | (abstract new (...args: never[]) => Error) | ((error: unknown) => boolean);

/** Which errors are worth another try. A FatalError is always fatal; `fatal` comes before `retryable`. */
export interface ErrorRules {
  /** Straight to the dlq. Classes and names are looked for among the causes of the error, too. */
  readonly fatal?: readonly ErrorMatcher[];
  readonly retryable?: readonly ErrorMatcher[];
  /** What fits neither; default retryable. */
  readonly otherwise?: 'retryable' | 'fatal';
}

/** For handlers to throw: the message will never be handled as it is. It goes to the dlq at once. */
export class FatalError extends Error {
  override readonly name: string = 'FatalError';
}

/** Causes of causes that are looked at: a chain may be a ring. */
const CAUSES_MAX = 8;

/** Whether another try is worth it. A predicate that throws fits nothing. */
export function classifyError(error: unknown, rules: Required<ErrorRules>): 'retryable' | 'fatal' {
  const chain = causesOf(error);
  if (chain.some((link) => fitsName(link, 'FatalError'))) return 'fatal';
  if (rules.fatal.some((matcher) => fits(matcher, error, chain))) return 'fatal';
  if (rules.retryable.some((matcher) => fits(matcher, error, chain))) return 'retryable';
  return rules.otherwise;
}

/** The error, its cause, the cause of that, and so on. */
export function causesOf(error: unknown): unknown[] {
  const chain = [error];
  for (let link = error; chain.length < CAUSES_MAX; chain.push(link)) {
    link = read(link, 'cause');
    if (link === undefined || link === null || chain.includes(link)) break;
  }
  return chain;
}

/** A property of whatever was thrown; undefined where there is none, or where reading it throws. */
export function read(value: unknown, property: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[property];
  } catch {
    // A getter of a foreign error: what it would say is not known, and the error is still one.
    return undefined;
  }
}

function fits(matcher: ErrorMatcher, error: unknown, chain: readonly unknown[]): boolean {
  if (typeof matcher === 'string') return chain.some((link) => fitsName(link, matcher));
  if (isErrorClass(matcher)) return chain.some((link) => link instanceof matcher);
  try {
    return matcher(error);
  } catch {
    // The rule is broken, not the message: as if it were not there.
    return false;
  }
}

function fitsName(error: unknown, name: string): boolean {
  return read(error, 'name') === name || read(error, 'code') === name || classNames(error).includes(name);
}

/** Names of its class and of those above, without looking for the class itself: libraries may be loaded twice. */
function classNames(error: unknown): string[] {
  const names: string[] = [];
  if (typeof error !== 'object' || error === null) return names;
  for (let proto: unknown = Object.getPrototypeOf(error); proto !== null; proto = Object.getPrototypeOf(proto)) {
    const name = read(read(proto, 'constructor'), 'name');
    if (typeof name === 'string') names.push(name);
    if (names.length > CAUSES_MAX) break;
  }
  return names;
}

/** Classes of errors have a prototype with a message; arrow functions have none, other functions one without. */
function isErrorClass(matcher: unknown): matcher is abstract new (...args: never[]) => Error {
  const prototype = read(matcher, 'prototype');
  return typeof prototype === 'object' && prototype !== null && 'message' in prototype;
}
