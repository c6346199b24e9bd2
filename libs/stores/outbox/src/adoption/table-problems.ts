import type { TableShape } from './table-shape.ts';

const KINDS: Readonly<Record<string, string>> = {
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
  S: 'a sequence',
  i: 'an index',
  I: 'an index',
  c: 'a composite type',
  t: 'a TOAST table',
};
const OWN_SCHEMAS = new Set(['outbox', 'log', 'registry', 'inbox', 'dlq', 'audit', 'pg_catalog', 'information_schema']);

/**
 * Ordinary tables, and partitioned tables as a whole, can be adopted. Postgres gives the trigger of a partitioned table to
 * each partition, also to future ones; under INHERITS it does not, so such tables would lose rows and are refused.
 */
export function tableProblems(shape: TableShape): string[] {
  const problems: string[] = [];
  const kind = KINDS[shape.kind];
  if (kind !== undefined) problems.push(`it is ${kind}; only tables can be adopted`);
  if (OWN_SCHEMAS.has(shape.schema))
    problems.push(`it is in schema ${shape.schema}, which belongs to Tidemark or to Postgres`);
  if (shape.temporary) problems.push('it is a temporary table, which only its own session sees');
  if (shape.isPartition) problems.push('it is a partition; adopt the partitioned table that it belongs to');
  else if (shape.inherits)
    problems.push(
      'it takes part in INHERITS, where a trigger covers only rows of the table itself; use declarative partitioning',
    );
  if (shape.adopted) problems.push('it is adopted already; undo that first to change the mapping');
  else if (shape.hasTriggerOfOurName)
    problems.push('it has a trigger named tidemark_adoption that is not ours; rename that trigger');
  return problems;
}
