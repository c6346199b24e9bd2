import { type Clock, systemClock } from '#libs/foundation/kernel';
import { type LogFields, plainFields } from './log-fields.ts';
import { formatJson, type LogFormat, formatPretty, type LogLevel } from './log-format.ts';

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * Writes events as short phrases in the past tense with their facts as fields: `published batch`, `{ topic, count }`.
 * A field named `error` is shown with its code, stack and causes.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose lines also carry these fields. */
  child(fields: LogFields): Logger;
  /** Whether lines of the level are written; ask before computing costly fields. */
  enabled(level: LogLevel): boolean;
}

export interface LoggerOptions {
  /** The least important level that is written. Default 'info'. */
  readonly level?: LogLevel;
  /** Default 'json'. */
  readonly format?: LogFormat;
  /** Takes one line without its line break. Default: standard output. */
  readonly write?: (line: string) => void;
  readonly clock?: Clock;
  /** On every line; for instance `{ service: 'relay' }`. */
  readonly fields?: LogFields;
}

/** A logger with nothing behind it but `write`. Logging never throws because of what is logged. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const least = RANK[options.level ?? 'info'];
  const write = options.write ?? ((line: string): void => void process.stdout.write(`${line}\n`));
  const clock = options.clock ?? systemClock;
  const format = options.format === 'pretty' ? formatPretty : formatJson;
  const enabled = (level: LogLevel): boolean => RANK[level] >= least;

  const scoped = (bound: Readonly<Record<string, unknown>>): Logger => {
    const log = (level: LogLevel, message: string, fields: LogFields | undefined): void => {
      if (!enabled(level)) return;
      write(format({ atMs: clock.now(), level, message, fields: { ...bound, ...(fields && plainFields(fields)) } }));
    };
    return {
      debug: (message, fields) => log('debug', message, fields),
      info: (message, fields) => log('info', message, fields),
      warn: (message, fields) => log('warn', message, fields),
      error: (message, fields) => log('error', message, fields),
      child: (fields) => scoped({ ...bound, ...plainFields(fields) }),
      enabled,
    };
  };
  return scoped(plainFields(options.fields ?? {}));
}

/** A logger that writes nothing. */
export const silentLogger: Logger = createLogger({ level: 'error', write: () => undefined });
