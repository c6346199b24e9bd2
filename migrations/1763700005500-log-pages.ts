import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where the records of a page are: the ends of the partition, and of each batch the positions that the page needs. Functions,
 * because planning these statements costs a page of few records more than running them (1 ms against 0.4), and a function
 * keeps its plans in the session, with a pooler in between too, where prepared statements of clients may not live.
 *
 * Offsets are dense, so the batches of a page are known without counting, and so is the slice of their positions. A slice
 * stays within its batch, because a subscript overflows 2^31 past it. Positions are text: parsing an array costs a
 * reader more than all the rest of its page.
 */
export class LogPages1763700005500 implements MigrationInterface {
  name = 'LogPages1763700005500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LOCATE_PAGE);
    await runner.query(LOCATE_PAGES);
    await runner.query(`revoke all on function ${SIGNATURES} from public`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function ${SIGNATURES}`);
  }
}

const SIGNATURES =
  'log.locate_page(text, integer, bigint, bigint), log.locate_pages(text, integer[], bigint[], bigint)';

/** Batches of a partition with records from an offset (inclusive) to an end (exclusive). */
const batchesFrom = (topicId: string, partition: string, offset: string, end: string): string => /* sql */ `
      select c.base_offset, c.bytes, c.records, c.placeholders,
             array_to_string(c.positions[least(greatest(${offset} - c.base_offset + 1, 1), c.records + 1):least(${end} - c.base_offset, c.records)], ',') as positions
      from log.batch c
      where c.topic_id = ${topicId} and c.partition = ${partition} and c.base_offset < ${end}
        and c.base_offset >= coalesce((select d.base_offset from log.batch d
                                       where d.topic_id = ${topicId} and d.partition = ${partition} and d.base_offset <= ${offset}
                                       order by d.base_offset desc limit 1), 0)`;

const LOCATE_PAGE = /* sql */ `
  -- One row per batch, in order; one without a batch when there are no records; none when there is no such topic.
  create function log.locate_page(p_topic text, p_partition integer, p_offset bigint, p_end bigint)
  returns table (
    topic_id integer, partitions integer, start_offset bigint, next_offset bigint,
    bytes bigint, records integer, placeholders integer, positions text
  ) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
  begin
    return query
    select t.id, t.partitions, coalesce(h.start_offset, 0), coalesce(h.next_offset, 0), b.bytes, b.records, b.placeholders, b.positions
    from outbox.topic t
    left join log.head h on h.topic_id = t.id and h.partition = p_partition
    left join lateral (${batchesFrom('t.id', 'p_partition', 'p_offset', 'p_end')}) b on true
    where t.name = p_topic
    order by b.base_offset;
  end $$`;

const LOCATE_PAGES = /* sql */ `
  -- For each partition with records from its offset on (p_partitions and p_offsets in parallel; a partition that is not
  -- named begins at its start) one row per batch of its next p_limit records. One row of nulls when there are none at all; none
  -- when there is no such topic.
  create function log.locate_pages(p_topic text, p_partitions integer[], p_offsets bigint[], p_limit bigint)
  returns table (
    topic_id integer, partition integer, "offset" bigint, start_offset bigint, next_offset bigint,
    bytes bigint, records integer, placeholders integer, positions text
  ) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
  begin
    return query
    select t.id, p.partition, p."offset", p.start_offset, p.next_offset, p.bytes, p.records, p.placeholders, p.positions
    from outbox.topic t
    left join lateral (
      select h.partition, w."offset", h.start_offset, h.next_offset, b.base_offset, b.bytes, b.records, b.placeholders, b.positions
      from log.head h
      left join unnest(p_partitions, p_offsets) as o(partition, "offset") on o.partition = h.partition
      cross join lateral (select coalesce(o."offset", h.start_offset) as "offset",
                                 least(coalesce(o."offset", h.start_offset), h.next_offset) + p_limit as "end") w
      cross join lateral (${batchesFrom('h.topic_id', 'h.partition', 'w."offset"', 'w."end"')}) b
      where h.topic_id = t.id and w."offset" < h.next_offset
    ) p on true
    where t.name = p_topic
    order by p.partition, p.base_offset;
  end $$`;
