/** The name of a field in JSON: without underscores, the letter after each in upper case. */
export function jsonNameOf(name: string): string {
  return name.replace(/_+([a-z]?)/g, (_, letter: string) => letter.toUpperCase());
}

/** The name of the type of the entries of a map field. */
export function mapEntryName(name: string): string {
  return `${name.replace(/(?:^|_+)([a-z]?)/g, (_, letter: string) => letter.toUpperCase())}Entry`;
}
