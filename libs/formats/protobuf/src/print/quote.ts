const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
};

/** A string value as Confluent prints it: both quotes escaped, other characters beyond ASCII as they are. */
export function quote(text: string): string {
  return `"${Array.from(text, (character) => ESCAPES[character] ?? character).join('')}"`;
}

/** The path of an import or a reserved name: as it is wherever that can be read back. */
export function quoteName(text: string): string {
  return quote(text).replaceAll("\\'", "'");
}

/** Bytes (one character each) with octal escapes for all that is not printable ASCII. */
export function quoteBytes(latin1: string): string {
  const escaped = latin1.replace(
    /[^\x20-\x7e]|[\\'"]/g,
    (character) => ESCAPES[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `"${escaped}"`;
}
