const ELLIPSIS = '…';
const ELLIPSIS_BYTES = 3;

/** The text in at most so many bytes of UTF-8 (3 at least), cut between characters, with an ellipsis when it was cut. */
export function truncateUtf8(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes - ELLIPSIS_BYTES;
  // Bytes of the form 10xxxxxx continue a character.
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end) + ELLIPSIS;
}
