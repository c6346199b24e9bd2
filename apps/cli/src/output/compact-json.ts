const SPACE = /\s+/y;

/**
 * JSON without the spaces between its parts, or undefined when the text is no JSON. Everything else stays as written:
 * parsing and writing again would round large numbers and drop repeated keys.
 */
export function compactJson(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  // A scan and not one regular expression, which runs out of stack on strings of some megabytes.
  const parts: string[] = [];
  let keptFrom = 0;
  let at = 0;
  while (at < text.length) {
    SPACE.lastIndex = at;
    if (text[at] === '"') at = endOfString(text, at);
    else if (SPACE.test(text)) {
      parts.push(text.slice(keptFrom, at));
      at = SPACE.lastIndex;
      keptFrom = at;
    } else at += 1;
  }
  return parts.join('') + text.slice(keptFrom);
}

/** Behind the closing quote of the string that opens at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    let escapes = 0;
    while (text[quote - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}
