/** What a code means. `status` is the HTTP status; `sqlstate` is set where Postgres functions raise it (class TM). */
export interface ErrorSpec {
  readonly status: number;
  readonly retryable: boolean;
  readonly title: string;
  readonly remedy: string;
  readonly sqlstate?: string;
}

/** Keeps the names of the codes as types. */
export const define = <const T extends Record<string, ErrorSpec>>(specs: T): Readonly<Record<keyof T, ErrorSpec>> =>
  specs;
