import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a publisher writes down of its work. Each function changes nothing and answers false unless the term is the newest
 * (log.hold_cluster), and one call is one transaction, so a publisher that is stopped midway holds no lock.
 */
export class LogClusterProgress1763700014200 implements MigrationInterface {
  name = 'LogClusterProgress1763700014200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PROGRESS);
    await runner.query(TOPICS);
    await runner.query(PARTITIONS);
    await runner.query(`revoke all on function ${SIGNATURES} from public`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function ${SIGNATURES}`);
  }
}

const SIGNATURES = `log.save_cluster_progress(integer, bigint, integer, integer[], integer[], bigint[], bigint[], text[]),
  log.save_cluster_topics(integer, bigint, jsonb), log.mark_cluster_opened(integer, bigint, integer[], integer[]),
  log.save_cluster_segments(integer, bigint, integer, integer, bigint[], bigint[], bigint[], text[]),
  log.save_cluster_placeholder(integer, bigint, integer, integer, bigint, text, text)`;

const PROGRESS = /* sql */ `
  -- Also prolongs the lease. Partitions come as parallel arrays, each once; an empty text is no trouble. A partition that moves
  -- back, because the cluster has lost records, holds messages again that it had let go: see log.acquire_cluster. Locks the
  -- rows of the cluster and of the partitions that change.
  create function log.save_cluster_progress(
    p_id integer, p_term bigint, p_lease_ms integer,
    p_topic_ids integer[], p_partitions integer[], p_offsets bigint[], p_positions bigint[], p_troubles text[]
  ) returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    if not log.renew_cluster(p_id, p_term, p_lease_ms) then
      return false;
    end if;
    if exists (
      select from unnest(p_topic_ids, p_partitions, p_offsets) as w(topic_id, partition, "offset")
      join log.cluster_partition p on p.cluster_id = p_id and p.topic_id = w.topic_id and p.partition = w.partition
      where w."offset" < p.acked_offset
    ) then
      lock table log.retention_hold in row exclusive mode;
    end if;
    insert into log.cluster_partition as p (cluster_id, topic_id, partition, acked_offset, acked_position, trouble)
    select p_id, w.topic_id, w.partition, w."offset", w.position, nullif(w.trouble, '')
    from unnest(p_topic_ids, p_partitions, p_offsets, p_positions, p_troubles) as w(topic_id, partition, "offset", position, trouble)
    on conflict (cluster_id, topic_id, partition) do update
      set acked_offset = excluded.acked_offset, acked_position = excluded.acked_position, trouble = excluded.trouble,
          updated_at = clock_timestamp()
      where (p.acked_offset, p.acked_position, p.trouble) is distinct from (excluded.acked_offset, excluded.acked_position, excluded.trouble);
    return true;
  end $$;
`;

const TOPICS = /* sql */ `
  -- A topic that was not routed may hold messages from now on: see log.acquire_cluster. Locks the rows of the cluster and the topics.
  create function log.save_cluster_topics(p_id integer, p_term bigint, p_topics jsonb)
  returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    if not log.hold_cluster(p_id, p_term) then
      return false;
    end if;
    lock table log.retention_hold in row exclusive mode;
    insert into log.cluster_topic (cluster_id, topic_id, name, kafka_topic_id, state, detail)
    select p_id, w.topic_id, w.name, w.kafka_topic_id, w.state, w.detail
    from jsonb_to_recordset(p_topics) as w(topic_id integer, name text, kafka_topic_id text, state text, detail text)
    on conflict (cluster_id, topic_id) do update
      set name = excluded.name, kafka_topic_id = excluded.kafka_topic_id, state = excluded.state, detail = excluded.detail,
          updated_at = clock_timestamp();
    return true;
  end $$;
`;

const PARTITIONS = /* sql */ `
  -- Notes that batches will be sent to partitions. The first term stays. Locks the rows of the cluster and the partitions.
  create function log.mark_cluster_opened(p_id integer, p_term bigint, p_topic_ids integer[], p_partitions integer[])
  returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    if not log.hold_cluster(p_id, p_term) then
      return false;
    end if;
    insert into log.cluster_partition as p (cluster_id, topic_id, partition, opened_term)
    select p_id, w.topic_id, w.partition, p_term from unnest(p_topic_ids, p_partitions) as w(topic_id, partition)
    on conflict (cluster_id, topic_id, partition) do update
      set opened_term = excluded.opened_term, updated_at = clock_timestamp() where p.opened_term is null;
    return true;
  end $$;

  -- Replaces the segments of a partition from the lowest of the given offsets on. Locks the rows of the cluster and the segments.
  create function log.save_cluster_segments(
    p_id integer, p_term bigint, p_topic_id integer, p_partition integer,
    p_from_offsets bigint[], p_deltas bigint[], p_sequence_deltas bigint[], p_reasons text[]
  ) returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    if not log.hold_cluster(p_id, p_term) then
      return false;
    end if;
    delete from log.cluster_segment s
    where s.cluster_id = p_id and s.topic_id = p_topic_id and s.partition = p_partition
      and s.from_offset >= (select min(f) from unnest(p_from_offsets) as f);
    insert into log.cluster_segment (cluster_id, topic_id, partition, from_offset, delta, sequence_delta, reason)
    select p_id, p_topic_id, p_partition, w.from_offset, w.delta, w.sequence_delta, w.reason
    from unnest(p_from_offsets, p_deltas, p_sequence_deltas, p_reasons) as w(from_offset, delta, sequence_delta, reason);
    insert into log.cluster_partition (cluster_id, topic_id, partition) values (p_id, p_topic_id, p_partition)
    on conflict (cluster_id, topic_id, partition) do nothing;
    return true;
  end $$;

  -- The first note of an offset stays, because the cluster may have it already. Locks the rows of the cluster and the placeholder.
  create function log.save_cluster_placeholder(
    p_id integer, p_term bigint, p_topic_id integer, p_partition integer, p_offset bigint, p_reason text, p_detail text
  ) returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    if not log.hold_cluster(p_id, p_term) then
      return false;
    end if;
    insert into log.cluster_placeholder (cluster_id, topic_id, partition, "offset", reason, detail)
    values (p_id, p_topic_id, p_partition, p_offset, p_reason, p_detail)
    on conflict (cluster_id, topic_id, partition, "offset") do nothing;
    return true;
  end $$;
`;
