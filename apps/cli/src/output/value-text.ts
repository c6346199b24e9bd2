import type { RecordAnswer } from '../relay/answers.ts';
import { bytesText } from './bytes-text.ts';
import { printable } from './printable.ts';

/** A value for people: what it says where the relay decoded it, why not where it could not, else its bytes. */
export function valueText({ value, decoded }: RecordAnswer): string {
  if (value === null) return '(tombstone)';
  if (decoded === undefined) return bytesText(value);
  if (decoded.error === undefined) return printable(JSON.stringify(decoded.value));
  return `(${decoded.error.code}: ${printable(decoded.error.message)}) ${bytesText(value)}`;
}
