export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One event of the log with its fields already made plain. */
export interface LogLine {
  readonly atMs: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type LogFormat = 'json' | 'pretty';

/** One JSON object: `time` (ISO 8601), `level`, `message`, then the fields, which cannot replace these three. */
export function formatJson(line: LogLine): string {
  const { time: _time, level: _level, message: _message, ...fields } = line.fields;
  return JSON.stringify({
    time: new Date(line.atMs).toISOString(),
    level: line.level,
    message: line.message,
    ...fields,
  });
}

interface ShownError {
  readonly name?: string;
  readonly code?: string | number;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: ShownError;
}

function prettyError(error: ShownError, prefix: string): string[] {
  const head = `${prefix}${error.name ?? 'Error'}${error.code === undefined ? '' : ` ${error.code}`}: ${error.message ?? ''}`;
  const frames = (error.stack ?? '').split('\n').filter((frame) => frame.trimStart().startsWith('at '));
  return [head, ...frames, ...(error.cause === undefined ? [] : prettyError(error.cause, 'caused by '))];
}

function prettyValue(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value);
}

/** A line for people: local time of day, level, message, `name=value` pairs; errors indented below with their causes. */
export function formatPretty(line: LogLine): string {
  const { error, ...fields } = line.fields;
  const at = new Date(line.atMs);
  const time = `${at.toTimeString().slice(0, 8)}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${prettyValue(value)}`);
  const head = `${time} ${line.level.toUpperCase().padEnd(5)} ${line.message}${pairs.join('')}`;
  if (typeof error !== 'object' || error === null)
    return error === undefined ? head : `${head} error=${prettyValue(error)}`;
  const below = prettyError(error, '').flatMap((text) => text.split('\n'));
  return [head, ...below.map((text) => `    ${text.trimStart()}`)].join('\n');
}
