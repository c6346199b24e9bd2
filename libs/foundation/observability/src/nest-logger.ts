import type { LoggerService } from '@nestjs/common';
import type { LogFields } from './log-fields.ts';
import type { Logger } from './logger.ts';

/**
 * Lets NestJS report through our logger. What Nest says at its ordinary level (routes mapped, modules initialised) is
 * of interest only when looking for a fault, so that it appears at debug.
 */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#logger.debug(...lineOf(message, rest));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#logger.debug(...lineOf(message, rest));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#logger.debug(...lineOf(message, rest));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#logger.warn(...lineOf(message, rest));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#logger.error(...lineOf(message, rest));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#logger.error(...lineOf(message, rest));
  }
}

// Nest appends the context (a class name) as the last argument, before it, for errors, a stack.
function lineOf(message: unknown, rest: readonly unknown[]): [string, LogFields] {
  const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
  const more = context === undefined ? rest : rest.slice(0, -1);
  const error = message instanceof Error ? message : more.find((entry) => entry instanceof Error);
  const stack =
    error === undefined ? more.find((entry) => typeof entry === 'string' && entry.includes('\n    at ')) : undefined;
  const text =
    message instanceof Error ? message.message : typeof message === 'string' ? message : JSON.stringify(message);
  return [text, { context, error, stack }];
}
