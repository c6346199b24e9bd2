import type { Queryable } from '#libs/foundation/postgres';
import { type Check, count, finding } from './check.ts';
import type { SeenRecord } from './read-all-records.ts';

/**
 * Within a topic a key has one partition, in which its versions rise with the offsets. Taken together by position, the
 * records of an order or article are its versions 1, 2, 3 … up to the one in its table.
 */
export function keyOrder(db: Queryable, records: () => Promise<readonly SeenRecord[]>): Check {
  return {
    title: 'each key has the order of its commits',
    run: async () => {
      const { rows } = await db.query<{ key: string; version: number }>(
        'select id::text as key, version from orders.orders union all select sku, version from orders.stock',
      );
      const seen = await records();
      const differences = [
        ...withinTopics(seen),
        ...acrossTopics(seen, new Map(rows.map((row) => [row.key, row.version]))),
      ];
      const longest = Math.max(0, ...rows.map((row) => row.version));
      const figures = `${count(rows.length)} orders and articles = keys, of up to ${count(longest)} versions`;
      return finding(figures, differences);
    },
  };
}

function withinTopics(records: readonly SeenRecord[]): string[] {
  const differences: string[] = [];
  const last = new Map<string, SeenRecord>();
  for (const record of records) {
    const id = `${record.topic} ${record.key}`;
    const before = last.get(id);
    if (before !== undefined && before.partition !== record.partition) {
      differences.push(`${id}: in partition ${before.partition} and in ${record.partition}`);
    } else if (before !== undefined && before.version >= record.version) {
      differences.push(
        `${id}: version ${record.version} at offset ${record.offset} comes after version ${before.version}`,
      );
    }
    last.set(id, record);
  }
  return differences;
}

function acrossTopics(records: readonly SeenRecord[], versions: ReadonlyMap<string, number>): string[] {
  const differences: string[] = [];
  const next = new Map<string, number>();
  for (const { key, version, topic, position } of [...records].sort((a, b) => (a.position < b.position ? -1 : 1))) {
    const expected = next.get(key) ?? 1;
    if (version !== expected) {
      differences.push(`${key}: version ${version} (${topic}, position ${position}) where ${expected} should be`);
    }
    next.set(key, version + 1);
  }
  for (const [key, version] of versions) {
    const reached = (next.get(key) ?? 1) - 1;
    if (reached !== version) differences.push(`${key}: version ${version} in its table, ${reached} in the topics`);
    next.delete(key);
  }
  for (const key of next.keys()) differences.push(`${key}: in the topics, but in no table`);
  return differences;
}
