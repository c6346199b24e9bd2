import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What each cluster lacks: a function, so that it need not be compiled (JIT). With 10,000 partitions behind that takes ten
 * times as long as the work; so it did for the floors of retention, which are read while a drop is decided under a lock.
 */
export class LogClusterLag1763700016100 implements MigrationInterface {
  name = 'LogClusterLag1763700016100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      -- One row per partition that lacks records, and one of nulls for a cluster that lacks none; in order of cluster, topic and
      -- partition. behind_ms is the age of the oldest record that is lacking, by the batch that it is in.
      create function log.cluster_lag()
      returns table (
        cluster_id integer, cluster text, topic_id integer, topic text, partition integer, messages bigint, behind_ms double precision, trouble text
      ) language sql stable set search_path = pg_catalog, pg_temp set jit = off as $$
        select c.id, c.name, l.topic_id, l.topic, l.partition, l.messages, l.behind_ms, l.trouble
        from log.cluster c
        left join lateral (
          select t.topic_id, o.name as topic, h.partition, h.next_offset - n.next_offset as messages, p.trouble,
                 (select extract(epoch from clock_timestamp() - b.first_time)::float8 * 1000 from log.batch b
                  where b.topic_id = h.topic_id and b.partition = h.partition and b.base_offset <= n.next_offset
                  order by b.base_offset desc limit 1) as behind_ms
          from log.cluster_topic t
          join outbox.topic o on o.id = t.topic_id
          join log.head h on h.topic_id = t.topic_id
          left join log.cluster_partition p on p.cluster_id = c.id and p.topic_id = h.topic_id and p.partition = h.partition
          cross join lateral (select greatest(coalesce(p.acked_offset, 0), h.start_offset) as next_offset) n
          where t.cluster_id = c.id and t.state <> 'not routed' and n.next_offset < h.next_offset
        ) l on true
        order by c.name, l.topic_id, l.partition
      $$;
      revoke all on function log.cluster_lag() from public;

      alter function log.cluster_floors() set jit = off;
      alter function log.required_position() set jit = off;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      alter function log.required_position() reset jit;
      alter function log.cluster_floors() reset jit;
      drop function log.cluster_lag();
    `);
  }
}
