import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people ask of whoever publishes to a cluster: any instance may be asked, one of them holds the lease. And what the
 * canary of a cluster last measured, so that each instance can show it.
 */
export class LogClusterRequests1763700015000 implements MigrationInterface {
  name = 'LogClusterRequests1763700015000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(FUNCTIONS);
    await runner.query(`revoke all on function ${SIGNATURES} from public`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function ${SIGNATURES}; drop table log.cluster_canary, log.cluster_request`);
  }
}

const SIGNATURES = `log.request_cluster(text, text, integer, text, bigint), log.take_cluster_requests(integer, bigint)`;

const TABLES = /* sql */ `
  create table log.cluster_request (
    cluster_id   integer not null references log.cluster (id) on delete cascade,
    topic_id     integer not null,
    partition    integer not null,
    action       text    not null check (action in ('locate', 'accept')),
    from_offset  bigint  check (from_offset >= 0),
    requested_at timestamptz not null default clock_timestamp(),
    primary key (cluster_id, topic_id, partition),
    check ((action = 'accept') = (from_offset is not null))
  );
  comment on table log.cluster_request is 'What the publisher of a cluster is asked to do with a partition; it takes the rows within a second. A newer request replaces an older one.';
  comment on column log.cluster_request.action is
    'locate: ask the cluster again where the partition ends, and put back what is missing there. accept: leave what the cluster holds as it is, and go on behind it with from_offset.';

  create table log.cluster_canary (
    cluster_id  integer primary key references log.cluster (id) on delete cascade,
    sent_at     timestamptz not null,
    readable_ms double precision,
    failure     text,
    check ((readable_ms is null) <> (failure is null))
  ) with (fillfactor = 50);
  comment on table log.cluster_canary is 'The last synthetic message of each cluster: ms from its commit until it could be read there, or why it could not.';
`;

const FUNCTIONS = /* sql */ `
  -- Asks for work on the partitions of one topic or of all topics that are published to a cluster, and answers on how many.
  create function log.request_cluster(p_cluster text, p_topic text, p_partition integer, p_action text, p_from_offset bigint)
  returns bigint language plpgsql set search_path = pg_catalog, pg_temp as $$
  declare
    v_cluster integer;
    v_count   bigint;
  begin
    select c.id into v_cluster from log.cluster c where c.name = p_cluster;
    if not found then
      raise exception 'there is no cluster %', coalesce(quote_literal(p_cluster), 'null') using errcode = 'TM017';
    end if;
    insert into log.cluster_request as r (cluster_id, topic_id, partition, action, from_offset)
    select v_cluster, t.topic_id, p.partition, p_action, p_from_offset
    from log.cluster_topic t
    join outbox.topic o on o.id = t.topic_id
    cross join lateral generate_series(0, o.partitions - 1) as p(partition)
    where t.cluster_id = v_cluster and t.state = 'publishing'
      and (p_topic is null or o.name = p_topic) and (p_partition is null or p.partition = p_partition)
    on conflict (cluster_id, topic_id, partition) do update
      set action = excluded.action, from_offset = excluded.from_offset, requested_at = clock_timestamp();
    get diagnostics v_count = row_count;
    return v_count;
  end $$;

  -- The requests that nobody has taken yet; none when the term is over. Locks the cluster's row and the requests.
  create function log.take_cluster_requests(p_id integer, p_term bigint)
  returns setof log.cluster_request language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    -- The usual answer is none, and takes no lock.
    if not exists (select from log.cluster_request r where r.cluster_id = p_id) or not log.hold_cluster(p_id, p_term) then
      return;
    end if;
    return query delete from log.cluster_request r where r.cluster_id = p_id returning r.*;
  end $$;
`;
