/** The drafts of JSON Schema by what reads them: 2019-09 and 2020-12 have an ajv of their own, the older ones share one. */
export type Dialect = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12';

const DRAFTS: readonly Dialect[] = ['draft-04', 'draft-06', '2019-09', '2020-12'];

/** What `$schema` says; draft 7, as Confluent's clients have it, where it says nothing that is known. */
export function dialectOf(schema: unknown): Dialect {
  const uri = typeof schema === 'object' && schema !== null ? (schema as { $schema?: unknown }).$schema : undefined;
  if (typeof uri !== 'string') return 'draft-07';
  return DRAFTS.find((draft) => uri.includes(draft)) ?? 'draft-07';
}
