/** Characters as people count them, near enough: code points. */
export function widthOf(text: string): number {
  let width = 0;
  for (const _character of text) width += 1;
  return width;
}

/** The text, at most `width` characters wide; what is cut off is marked. */
export function cut(text: string, width: number): string {
  if (text.length <= width || widthOf(text) <= width) return text;
  if (width < 1) return '';
  return `${Array.from(text)
    .slice(0, width - 1)
    .join('')}…`;
}
