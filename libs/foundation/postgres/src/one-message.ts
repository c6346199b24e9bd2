import pg from 'pg';

/** What can stand in the text of a statement: a list becomes an array. */
export type SqlLiteral = string | number | bigint | null | readonly (string | number | bigint)[];

/**
 * The statement with its values ($1, $2, …) written into the text, so that it reaches the server as one message.
 *
 * For short transactions on rows that everybody needs. Bound values take five messages (Parse to Sync): the server works at
 * the fourth and commits at the fifth, so a client that falls silent in between leaves a transaction that holds its locks
 * until TCP gives up, which takes hours. One message is carried out whole, or has not arrived.
 */
export function inOneMessage(text: string, values: readonly SqlLiteral[]): string {
  return text.replace(/\$(\d+)/g, (_, number: string) => {
    const value = values[Number(number) - 1];
    if (value === undefined) throw new RangeError(`the statement has $${number}, but ${values.length} values`);
    return literalOf(value);
  });
}

function literalOf(value: SqlLiteral): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return pg.escapeLiteral(value);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError(`${value} is no number for a statement`);
  }
  // In brackets, because two minus signs in a row begin a comment.
  if (typeof value === 'number' || typeof value === 'bigint') return value < 0 ? `(${value})` : value.toString();
  const elements = value.map((element) =>
    typeof element === 'string' ? `"${element.replace(/["\\]/g, '\\$&')}"` : element.toString(),
  );
  return pg.escapeLiteral(`{${elements.join(',')}}`);
}
