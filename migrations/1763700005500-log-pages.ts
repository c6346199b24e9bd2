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

/**
 * Batches of a partition with records from an offset (inclusive) to an end (exclusive). The first of them is looked up by
 * a statement of its own: in one statement with the rest, the planner of Postgres 18 evaluates that look-up for each batch
 * of the partition (4.7 ms against 0.3 at a million messages).
 */
const firstBatch = (topicId: string, partition: string, offset: string): string => /* sql */ `
      select d.base_offset into v_first from log.batch d
      where d.topic_id = ${topicId} and d.partition = ${partition} and d.base_offset <= ${offset}
      order by d.base_offset desc limit 1`;
const batchColumns = (offset: string, end: string): string => /* sql */ `c.bytes, c.records, c.placeholders,
             array_to_string(c.positions[least(greatest(${offset} - c.base_offset + 1, 1), c.records + 1):least(${end} - c.base_offset, c.records)], ',')`;
const batchesFromFirst = (topicId: string, partition: string, end: string): string => /* sql */ `log.batch c
      where c.topic_id = ${topicId} and c.partition = ${partition} and c.base_offset >= coalesce(v_first, 0) and c.base_offset < ${end}
      order by c.base_offset`;

const LOCATE_PAGE = /* sql */ `
  -- One row per batch, in order; one without a batch when there are no records; none when there is no such topic.
  create function log.locate_page(p_topic text, p_partition integer, p_offset bigint, p_end bigint)
  returns table (
    topic_id integer, partitions integer, start_offset bigint, next_offset bigint,
    bytes bigint, records integer, placeholders integer, positions text
  ) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
  #variable_conflict use_column
  declare
    v_topic record;
    v_first bigint;
  begin
    select t.id, t.partitions, coalesce(h.start_offset, 0) as start_offset, coalesce(h.next_offset, 0) as next_offset into v_topic
    from outbox.topic t
    left join log.head h on h.topic_id = t.id and h.partition = p_partition
    where t.name = p_topic;
    if not found then
      return;
    end if;
    ${firstBatch('v_topic.id', 'p_partition', 'p_offset')};
    return query
      select v_topic.id, v_topic.partitions, v_topic.start_offset, v_topic.next_offset, ${batchColumns('p_offset', 'p_end')}
      from ${batchesFromFirst('v_topic.id', 'p_partition', 'p_end')};
    if not found then
      return query select v_topic.id, v_topic.partitions, v_topic.start_offset, v_topic.next_offset,
        null::bigint, null::integer, null::integer, null::text;
    end if;
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
  #variable_conflict use_column
  declare
    v_topic integer;
    v_page  record;
    v_first bigint;
    v_some  boolean := false;
  begin
    select t.id into v_topic from outbox.topic t where t.name = p_topic;
    if not found then
      return;
    end if;
    for v_page in
      select h.partition, coalesce(o."offset", h.start_offset) as "offset", h.start_offset, h.next_offset,
             least(coalesce(o."offset", h.start_offset), h.next_offset) + p_limit as "end"
      from log.head h
      left join unnest(p_partitions, p_offsets) as o(partition, "offset") on o.partition = h.partition
      where h.topic_id = v_topic and coalesce(o."offset", h.start_offset) < h.next_offset
      order by h.partition
    loop
      ${firstBatch('v_topic', 'v_page.partition', 'v_page."offset"')};
      return query
        select v_topic, v_page.partition, v_page."offset", v_page.start_offset, v_page.next_offset, ${batchColumns('v_page."offset"', 'v_page."end"')}
        from ${batchesFromFirst('v_topic', 'v_page.partition', 'v_page."end"')};
      v_some := v_some or found;
    end loop;
    if not v_some then
      return query select v_topic, null::integer, null::bigint, null::bigint, null::bigint,
        null::bigint, null::integer, null::integer, null::text;
    end if;
  end $$`;
