/** False for text with half of a surrogate pair, which UTF-8 cannot carry. (String.isWellFormed, for the ES2023 library.) */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
