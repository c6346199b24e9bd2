/** Characters of an explanation that are kept. */
const LENGTH_MAX = 2_000;

/**
 * Text of another system as Postgres can store it: not longer than a page, without NUL, which no text of Postgres holds, and
 * without half characters, which its JSON refuses.
 */
export function storableText(text: string): string {
  const short = text.length <= LENGTH_MAX ? text : `${text.slice(0, LENGTH_MAX - 1)}…`;
  return Buffer.from(short.replaceAll('\0', '')).toString('utf8');
}
