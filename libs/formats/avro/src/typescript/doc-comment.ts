/** A documentation comment of the texts that are there, line by line, or nothing. No text can end the comment early. */
export function docComment(texts: readonly (string | undefined)[], indent: string): string {
  const lines = texts
    .filter((text): text is string => text !== undefined && text.trim() !== '')
    .flatMap((text) => text.replaceAll('*/', '*\\/').split(/\r\n|[\r\n\u2028\u2029]/))
    .map((line) => line.trimEnd());
  if (lines.length === 0) return '';
  if (lines.length === 1) return `${indent}/** ${lines[0]?.trim()} */\n`;
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`, ''].join('\n');
}
