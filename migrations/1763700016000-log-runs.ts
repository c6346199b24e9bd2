import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where the next records of many partitions of several topics are, for the statement that reads them: positions never leave
 * Postgres, as texts on their way to the reader and back they would be a good part of the work of publishing.
 */
export class LogRuns1763700016000 implements MigrationInterface {
  name = 'LogRuns1763700016000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PLAN_RUNS);
    await runner.query(`revoke all on function ${SIGNATURE} from public`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function ${SIGNATURE}`);
  }
}

const SIGNATURE = 'log.plan_runs(integer[], integer[], bigint[], bigint, bigint)';

/** Records of one partition that are worth a look-up of their own, however many partitions there are. */
const SHARE_MIN = 64;

const PLAN_RUNS = /* sql */ `
  -- Slices of batches with records of the given partitions from their offsets on (parallel arrays): those of a run follow each
  -- other, the runs whose next record came in the earliest step first, until there are p_records with about p_bytes, by the
  -- mean of their batches; the first record comes in any case. All runs get the same share of the records, and what short ones
  -- leave goes to the others, so a read of many partitions moves along the outbox as one. Partitions without records there, or
  -- whose offset is before their start, have no slice. "slice" is: index of the run from 1, records, placeholders of the batch, topic.
  -- A function, so that its statements are planned once per session; the first batch is looked up by itself, because the planner of
  -- Postgres 18 would evaluate that look-up for each batch of the partition.
  create function log.plan_runs(p_topic_ids integer[], p_partitions integer[], p_offsets bigint[], p_records bigint, p_bytes bigint)
  returns table (slice text, positions bigint[])
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
  declare
    v_run   record;
    v_batch record;
    v_share bigint;
    v_end   bigint;
    v_take  bigint;
    v_left  bigint := p_records;
    v_bytes float8 := p_bytes;
    v_some  boolean := false;
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
      select w.run, w.topic_id, w.partition, w."offset", h.next_offset, t.name, f.base_offset as first_batch
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
      exit when v_left <= 0 or (v_bytes <= 0 and v_some);
      v_end := least(v_run."offset" + least(v_share, v_left), v_run.next_offset);
      for v_batch in
        select greatest(c.bytes, 1)::float8 / c.records as mean, c.placeholders,
               c.positions[greatest(v_run."offset" - c.base_offset + 1, 1):least(v_end - c.base_offset, c.records)] as slice
        from log.batch c
        where c.topic_id = v_run.topic_id and c.partition = v_run.partition and c.base_offset >= v_run.first_batch and c.base_offset < v_end
        order by c.base_offset
      loop
        v_take := cardinality(v_batch.slice);
        -- The first batch may lack the offset in a log with a gap.
        continue when v_take = 0;
        if v_take * v_batch.mean > v_bytes then
          v_take := greatest(floor(v_bytes / v_batch.mean), case when v_some then 0 else 1 end);
        end if;
        exit when v_take = 0;
        slice := concat_ws(',', v_run.run, v_take, v_batch.placeholders, v_run.name);
        positions := v_batch.slice[1:v_take];
        return next;
        v_some := true;
        v_left := v_left - v_take;
        v_bytes := v_bytes - v_take * v_batch.mean;
        exit when v_take < cardinality(v_batch.slice);
      end loop;
    end loop;
  end $$`;
