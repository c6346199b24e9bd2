/** The numbers of both sides, each once, from the lowest. */
export function ascending(...sides: readonly Iterable<number>[]): number[] {
  return [...new Set(sides.flatMap((side) => [...side]))].sort((a, b) => a - b);
}
