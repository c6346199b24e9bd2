import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Required clusters hold back retention.
 *
 * By the first record that a partition lacks and not by the last one that it has: a topic that is written once a day has its
 * last record far back, and would hold everything since for the moment in which the next one is on its way.
 */
export class LogClusterRetention1763700014300 implements MigrationInterface {
  name = 'LogClusterRetention1763700014300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create function log.cluster_floors() returns table (cluster text, "position" bigint)
      language sql stable set search_path = pg_catalog, pg_temp as $$
        select c.name, min(b.positions[(n.next_offset - b.base_offset + 1)::integer]) - 1
        from log.cluster c
        cross join log.head h
        left join log.cluster_topic t on t.cluster_id = c.id and t.topic_id = h.topic_id
        left join log.cluster_partition p on p.cluster_id = c.id and p.topic_id = h.topic_id and p.partition = h.partition
        cross join lateral (select greatest(coalesce(p.acked_offset, 0), h.start_offset) as next_offset) n
        cross join lateral (
          select b.base_offset, b.positions from log.batch b
          where b.topic_id = h.topic_id and b.partition = h.partition and b.base_offset <= n.next_offset
          order by b.base_offset desc limit 1
        ) b
        where c.required and t.state is distinct from 'not routed' and n.next_offset < h.next_offset
        group by c.name
      $$;
      comment on function log.cluster_floors() is
        'Of each required cluster that lacks records: it has every message up to this position that it shall have. A topic whose routing is not decided, or that is refused, counts like one that is published.';
      revoke all on function log.cluster_floors() from public;

      create or replace view log.retention_floor as
        ${HOLDS_AND_GROUPS}
        union all
        select 'cluster ' || c.cluster, c."position", 'up to the first record that the required cluster lacks' from log.cluster_floors() c;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create or replace view log.retention_floor as ${HOLDS_AND_GROUPS}; drop function log.cluster_floors()`,
    );
  }
}

/** As it was before. */
const HOLDS_AND_GROUPS = /* sql */ `
        select h.reader, h.position, h.description from log.retention_hold h
        union all
        select 'required consumer groups', g.position - 1, 'the slowest of the groups with required = true'
        from log.required_position() g(position) where g.position is not null`;
