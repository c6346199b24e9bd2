/** The order of texts by UTF-16 code unit, which is Java's. */
export function ascending(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
