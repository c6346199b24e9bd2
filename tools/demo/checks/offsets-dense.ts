import type { Queryable } from '#libs/foundation/postgres';
import { type Check, count, finding } from './check.ts';

interface BatchRow {
  [column: string]: unknown;
  place: string;
  base_offset: string;
  records: number;
  first_position: string;
  last_position: string;
  ascending: boolean;
  positions: number;
}

/** Each partition's offsets begin at 0 and have no gap up to its end, and positions rise with them. */
export function offsetsDense(db: Queryable): Check {
  return {
    title: 'offsets have no gap',
    run: async () => {
      // Whole table, in the order of its primary key.
      const batches = await db.query<BatchRow>(
        `select t.name || '/' || b.partition as place, b.base_offset, b.records, cardinality(b.positions) as positions,
                b.positions[1] as first_position, b.positions[cardinality(b.positions)] as last_position,
                b.positions = (select array_agg(p order by p) from (select distinct p from unnest(b.positions) p) d) as ascending
         from log.batch b join outbox.topic t on t.id = b.topic_id order by b.topic_id, b.partition, b.base_offset`,
      );
      const heads = await db.query<{ place: string; next_offset: string }>(
        `select t.name || '/' || h.partition as place, h.next_offset from log.head h join outbox.topic t on t.id = h.topic_id`,
      );
      const ends = new Map<string, { offset: bigint; position: bigint }>();
      const differences: string[] = [];
      for (const batch of batches.rows) {
        const { place } = batch;
        const end = ends.get(place) ?? { offset: 0n, position: 0n };
        const base = BigInt(batch.base_offset);
        if (base !== end.offset) differences.push(`${place}: offset ${end.offset} is followed by ${base}`);
        if (batch.positions !== batch.records) {
          differences.push(
            `${place}: the batch at ${base} names ${batch.positions} messages for ${batch.records} records`,
          );
        }
        if (!batch.ascending || BigInt(batch.first_position) <= end.position) {
          differences.push(`${place}: positions do not rise in the batch at ${base}`);
        }
        ends.set(place, { offset: base + BigInt(batch.records), position: BigInt(batch.last_position) });
      }
      for (const { place, next_offset } of heads.rows) {
        const end = ends.get(place)?.offset ?? 0n;
        if (BigInt(next_offset) !== end)
          differences.push(`${place}: its end is ${next_offset}, its records go to ${end}`);
      }
      const records = heads.rows.reduce((sum, head) => sum + BigInt(head.next_offset), 0n);
      const figures = `${count(records)} offsets, ${count(heads.rows.length)} partitions, ${count(batches.rows.length)} batches`;
      return finding(figures, differences);
    },
  };
}
