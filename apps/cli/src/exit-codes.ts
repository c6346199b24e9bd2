/** What a script can tell from the exit code. Never changed: scripts depend on them. */
export const EXIT = {
  OK: 0,
  /** The command was understood and refused or failed; standard error says why. */
  FAILED: 1,
  /** The command was not understood: unknown option, wrong value, missing confirmation. */
  USAGE: 2,
  /** Neither the relay nor the database could be reached, or it stopped answering. */
  UNREACHABLE: 3,
  /** Ctrl-C, as shells count it: 128 + SIGINT. */
  INTERRUPTED: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
