/**
 * Text that Postgres can store, of at most `bytesMax` bytes of UTF-8: cut between two characters, with U+FFFD for NUL and for
 * half of a surrogate pair. Text of an error comes from anywhere, and must not fail the transaction that records it.
 */
export function clipText(text: string, bytesMax: number): string {
  // No character needs less than a byte, so that a text of many megabytes is not encoded whole.
  const bytes = Buffer.from(text.slice(0, bytesMax).replaceAll('\0', '\u{fffd}'));
  let end = Math.min(bytes.length, bytesMax);
  while (end > 0 && end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
