const SANE = /^[\w.:/+=@-]{1,128}$/;

/** The id under which a request appears in logs, audit and problem documents: the caller's if it is sane, else a new one. */
export function requestIdOf(header: string | string[] | undefined, generate: () => string): string {
  return typeof header === 'string' && SANE.test(header) ? header : generate();
}
