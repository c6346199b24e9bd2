import { CommanderError } from 'commander';
import { redactUrls, TidemarkError } from '#libs/foundation/kernel';
import { CommandError, Interrupted } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { createProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command and answers the exit code. What went wrong is written to standard error, never thrown. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    await createProgram(terminal).parseAsync(args, { from: 'user' });
    return terminal.interrupted.aborted ? EXIT.INTERRUPTED : EXIT.OK;
  } catch (error) {
    terminal.progress('');
    return explain(error, terminal);
  }
}

function explain(error: unknown, terminal: Terminal): ExitCode {
  // Commander has written its message already. Help that was asked for, and the version, are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
  if (error instanceof CommandError) {
    if (error instanceof Interrupted) terminal.note(error.message);
    else note(terminal, error);
    return error.exitCode;
  }
  if (error instanceof TidemarkError) {
    note(terminal, error);
    if (error.code === 'DATABASE_UNAVAILABLE') return EXIT.UNREACHABLE;
    return error.code === 'CONFIG_INVALID' ? EXIT.USAGE : EXIT.FAILED;
  }
  // A defect, or a failure nobody has given a name yet: the stack says where.
  terminal.note(redactUrls(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  return EXIT.FAILED;
}

function note(terminal: Terminal, error: { code?: string | undefined; message: string; remedy?: string | undefined }) {
  const head = error.code === undefined ? `error: ${error.message}` : `error: ${error.code}: ${error.message}`;
  terminal.note(redactUrls(error.remedy === undefined ? head : `${head}\n  ${error.remedy}`));
}
