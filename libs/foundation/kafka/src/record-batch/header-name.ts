/** Few names are used again and again: what is kept is bounded, in number and in length. */
const MAX_NAMES = 1_000;
const MAX_NAME_CHARS = 200;

const kept = new Map<string, Buffer>();

/** A header's name as bytes. */
export function headerName(name: string): Buffer {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const bytes = Buffer.from(name);
  if (kept.size < MAX_NAMES && name.length <= MAX_NAME_CHARS) kept.set(name, bytes);
  return bytes;
}
