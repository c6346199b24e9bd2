/**
 * The text with its `//` and `/* *\/` comments blanked out, line by line and column by column, so that places in messages stay
 * right. Java's Avro parser reads schemas with comments; they are no part of the schema.
 */
export function blankComments(text: string): string {
  if (!text.includes('//') && !text.includes('/*')) return text;
  return text.replace(STRING_OR_COMMENT, (match) => (match.startsWith('"') ? match : match.replace(/[^\r\n]/g, ' ')));
}

/** Strings come first, so that a slash inside one is no comment. An unclosed comment is left for the JSON reader to refuse. */
const STRING_OR_COMMENT = /"(?:[^"\\]|\\[\s\S])*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g;
