/** One text for equal JSON values: members sorted, absent, null and empty ones left out, as registries do when they answer. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(tidy(value)) ?? 'null';
}

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([name, each]) => [name, tidy(each)] as const)
    .filter(([, each]) => !isEmpty(each));
  if (entries.length === 0) return null;
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
