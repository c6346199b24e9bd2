import { quoteIdentifier } from './quote.ts';
import type { TableShape } from './table-shape.ts';

/** How the rows that are in the table already are emitted. */
export interface ExistingPlan {
  readonly orderBy: string;
  /** Notes the rows, in order, under the lock of the adoption. $1: adoption id. */
  readonly noteSql: string;
  /** Emits the noted rows after place $2 up to place $3 of adoption $1, in order, and answers one row for each. */
  readonly emitSql: string;
}

/**
 * A row is found again by its primary key, kept as JSON, whose text depends on no setting. Rows updated since are emitted
 * as they are now; deleted ones are passed over.
 */
export function existingPlan(
  existing: { readonly orderBy: string },
  shape: TableShape,
  table: string,
  appendCall: string,
  problems: string[],
): ExistingPlan | undefined {
  if (!shape.columns.some((column) => column.name === existing.orderBy)) {
    problems.push(`existing rows: there is no column ${quoteIdentifier(existing.orderBy)} to order by`);
    return undefined;
  }
  const key = shape.primaryKey.map((name) => shape.columns.find((column) => column.name === name));
  if (key.length === 0) {
    problems.push(
      'existing rows: the table needs a primary key, so that each row is emitted once; add one, or adopt without the existing rows',
    );
    return undefined;
  }
  const columns = key.map((column) => `r.${quoteIdentifier(column?.name ?? '')}`);
  const matches = key.map(
    (column, index) => `${columns[index]} = (b.row_key ->> ${index})::${column?.sqlType ?? 'text'}`,
  );
  return {
    orderBy: existing.orderBy,
    noteSql: `insert into outbox.adoption_backlog (adoption_id, place, row_key)
select $1::integer, row_number() over (order by r.${quoteIdentifier(existing.orderBy)}, ${columns.join(', ')}), jsonb_build_array(${columns.join(', ')})
from ${table} r`,
    emitSql: `select ${appendCall} as id
from outbox.adoption_backlog b join ${table} r on ${matches.join(' and ')}
where b.adoption_id = $1::integer and b.place > $2::bigint and b.place <= $3::bigint
order by b.place`,
  };
}
