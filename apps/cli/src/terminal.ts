import type { Environment } from '#libs/foundation/config';

/** Everything a command touches outside of itself, so that commands can be run without a process. */
export interface Terminal {
  readonly env: Environment;
  /** Width of standard output; undefined when it is no terminal, and nothing is cut then. */
  readonly columns: number | undefined;
  /** Whether standard output takes colours. */
  readonly colour: boolean;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** A line to standard output. Resolves when there is room for more. */
  print(text: string): Promise<void>;
  /** A line to standard error; nothing for ''. */
  note(text: string): void;
  /** Replaces the progress line on standard error; '' removes it. Without a terminal nothing is shown. */
  progress(text: string): void;
  /** The answer of the person, or undefined when nobody can be asked. */
  ask(question: string, options?: { readonly secret?: boolean }): Promise<string | undefined>;
}
