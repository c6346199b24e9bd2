import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where the next records of many partitions of several topics are, for one who reads them all: as log.locate_pages, which
 * says why it is a function, why the first batch is looked up by itself, and why positions are text.
 */
export class LogRuns1763700016000 implements MigrationInterface {
  name = 'LogRuns1763700016000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LOCATE_RUNS);
    await runner.query(`revoke all on function ${SIGNATURE} from public`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function ${SIGNATURE}`);
  }
}

const SIGNATURE = 'log.locate_runs(integer[], integer[], bigint[], bigint)';

/** Records of one partition that are worth a look-up of their own, however many partitions there are. */
const SHARE_MIN = 64;

const LOCATE_RUNS = /* sql */ `
  -- One row per batch with records of the given partitions from their offsets on (parallel arrays; "run" is the index from 1),
  -- the runs whose next record came in the earliest step first, until there are p_records. All runs get the same share of
  -- that, and what short ones leave goes to the others, so a read of many partitions moves along the outbox as one. Partitions
  -- without records there, or whose offset is before their start, have no row.
  create function log.locate_runs(p_topic_ids integer[], p_partitions integer[], p_offsets bigint[], p_records bigint)
  returns table (run integer, topic text, bytes bigint, records integer, placeholders integer, positions text)
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
  #variable_conflict use_column
  declare
    v_run   record;
    v_share bigint;
    v_end   bigint;
    v_left  bigint := p_records;
  begin
    -- The level at which vessels of these sizes hold p_records together: the highest of the levels at which the i smallest are full.
    select greatest(ceil(max((p_records - a.before) / a.others)), ${SHARE_MIN}) into v_share
    from (
      select coalesce(sum(h.next_offset - w."offset") over (order by h.next_offset - w."offset", w.run rows between unbounded preceding and 1 preceding), 0) as before,
             count(*) over (order by h.next_offset - w."offset" desc, w.run desc) as others
      from unnest(p_topic_ids, p_partitions, p_offsets) with ordinality as w(topic_id, partition, "offset", run)
      join log.head h on h.topic_id = w.topic_id and h.partition = w.partition
      where w."offset" >= h.start_offset and w."offset" < h.next_offset
    ) a;

    for v_run in
      select w.run::integer as run, w.topic_id, w.partition, w."offset", h.next_offset, t.name, f.base_offset as first
      from unnest(p_topic_ids, p_partitions, p_offsets) with ordinality as w(topic_id, partition, "offset", run)
      join log.head h on h.topic_id = w.topic_id and h.partition = w.partition
      join outbox.topic t on t.id = w.topic_id
      cross join lateral (
        select b.base_offset, b.step from log.batch b
        where b.topic_id = w.topic_id and b.partition = w.partition and b.base_offset <= w."offset"
        order by b.base_offset desc limit 1
      ) f
      where w."offset" >= h.start_offset and w."offset" < h.next_offset
      order by f.step, w.run
    loop
      exit when v_left <= 0;
      v_end := least(v_run."offset" + least(v_share, v_left), v_run.next_offset);
      return query
        select v_run.run, v_run.name, c.bytes, c.records, c.placeholders,
               array_to_string(c.positions[greatest(v_run."offset" - c.base_offset + 1, 1):least(v_end - c.base_offset, c.records)], ',')
        from log.batch c
        where c.topic_id = v_run.topic_id and c.partition = v_run.partition and c.base_offset >= v_run.first and c.base_offset < v_end
        order by c.base_offset;
      v_left := v_left - (v_end - v_run."offset");
    end loop;
  end $$`;
