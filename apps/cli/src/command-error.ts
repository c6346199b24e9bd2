import { EXIT, type ExitCode } from './exit-codes.ts';

/** Ends a command. What people read is `code: message`, and below it what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;
  /** A code of docs/ERRORS.md where the service answered with one. */
  readonly code: string | undefined;
  readonly remedy: string | undefined;

  constructor(exitCode: ExitCode, message: string, options: { code?: string; remedy?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.exitCode = exitCode;
    this.code = options.code;
    this.remedy = options.remedy;
  }
}

/** Ctrl-C: nothing is said, because the person knows. */
export class Interrupted extends CommandError {
  constructor(message = '') {
    super(EXIT.INTERRUPTED, message);
  }
}

export function usageError(message: string, remedy?: string): CommandError {
  return new CommandError(EXIT.USAGE, message, { remedy });
}
