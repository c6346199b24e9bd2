import type { RecordAnswer } from '../relay/answers.ts';
import { bytesText } from './bytes-text.ts';
import { cut } from './cut.ts';
import { valueText } from './value-text.ts';

export interface RecordLineOptions {
  /** Cut at this width; undefined: not at all. */
  readonly columns?: number;
  readonly keyOnly?: boolean;
  readonly headers?: boolean;
}

/** A record on one line: `partition:offset  time  key  value`, with `-` for no key and `(tombstone)` for no value. */
export function recordLine(record: RecordAnswer, options: RecordLineOptions = {}): string {
  const parts = [
    `${record.partition}:${record.offset}`,
    record.time,
    record.key === null ? '-' : bytesText(record.key),
  ];
  if (options.keyOnly !== true) parts.push(valueText(record));
  if (options.headers === true && record.headers.length > 0) {
    const headers = record.headers.map(({ name, value }) => `${name}=${value === null ? '' : bytesText(value)}`);
    parts.push(`[${headers.join(', ')}]`);
  }
  const line = parts.join('  ');
  return options.columns === undefined ? line : cut(line, options.columns);
}
