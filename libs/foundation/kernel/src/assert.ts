/** Ends the operation when something that must hold does not: a defect, not an operating error. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}
