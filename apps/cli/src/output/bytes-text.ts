import type { BytesAnswer } from '../relay/answers.ts';
import { compactJson } from './compact-json.ts';
import { printable } from './printable.ts';

const EXCERPT_BYTES = 24;

/** Bytes for people: JSON compactly on one line, other text with its control characters escaped, the rest in hex. */
export function bytesText(bytes: BytesAnswer): string {
  if (bytes.encoding === 'utf8') return printable(compactJson(bytes.data) ?? bytes.data);
  const raw = Buffer.from(bytes.data, 'base64');
  const shown = raw.subarray(0, EXCERPT_BYTES).toString('hex');
  return `0x${shown}${raw.length > EXCERPT_BYTES ? '…' : ''} (${raw.length} bytes)`;
}
