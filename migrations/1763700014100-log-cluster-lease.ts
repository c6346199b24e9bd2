import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who publishes to a cluster. As for the sequencer it is a row with a term, because session locks break behind a pooler. One
 * call is one transaction.
 *
 * Whatever makes a cluster hold back retention that did not before takes log.retention_hold ROW EXCLUSIVE, on which drops are
 * decided: a later decision sees the cluster, and an earlier one has come out and shows in log.head.start_offset.
 */
export class LogClusterLease1763700014100 implements MigrationInterface {
  name = 'LogClusterLease1763700014100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LEASE);
    await runner.query(IDENTITY);
    await runner.query(REMOVE);
    await runner.query(`revoke all on function ${SIGNATURES} from public`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function ${SIGNATURES}`);
  }
}

const SIGNATURES = `log.acquire_cluster(text, boolean, text, jsonb, integer), log.renew_cluster(integer, bigint, integer),
  log.release_cluster(integer, bigint), log.hold_cluster(integer, bigint),
  log.save_cluster_identity(integer, bigint, text, bigint, integer, text, text), log.remove_cluster(text, text, text, text, text)`;

const LEASE = /* sql */ `
  -- Takes the lease when it is free, expired or already held under this name, and answers the new term with what is known of
  -- the cluster; else no row. Makes the row of a cluster that is new. SKIP LOCKED: a standby must not queue behind the
  -- publisher's own writes.
  create function log.acquire_cluster(p_name text, p_required boolean, p_holder text, p_info jsonb, p_lease_ms integer)
  returns table (id integer, term bigint, kafka_cluster_id text, producer_id bigint, producer_epoch integer, mode text, mode_reason text)
  language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    if p_required then
      lock table log.retention_hold in row exclusive mode;
    end if;
    insert into log.cluster (name, required) select p_name, p_required
    where not exists (select from log.cluster c where c.name = p_name) on conflict (name) do nothing;
    return query
    with free as (
      select c.id from log.cluster c
      where c.name = p_name and (c.holder is null or c.expires_at < clock_timestamp() or c.holder = p_holder)
      for update skip locked
    )
    update log.cluster c
    set required = p_required, term = c.term + 1, holder = p_holder, holder_info = p_info, acquired_at = clock_timestamp(),
        expires_at = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
    from free where c.id = free.id
    returning c.id, c.term, c.kafka_cluster_id, c.producer_id, c.producer_epoch, c.mode, c.mode_reason;
  end $$;

  -- Prolongs the lease; false when it belongs to another term.
  create function log.renew_cluster(p_id integer, p_term bigint, p_lease_ms integer)
  returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    update log.cluster c set expires_at = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
    where c.id = p_id and c.term = p_term and c.holder is not null;
    return found;
  end $$;

  -- Gives the lease back, so that a standby need not wait for it to expire.
  create function log.release_cluster(p_id integer, p_term bigint)
  returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    update log.cluster c set holder = null, holder_info = null, expires_at = null
    where c.id = p_id and c.term = p_term and c.holder is not null;
    return found;
  end $$;

  -- Whether the term is the newest, and if so it stays the newest until the transaction ends. Locks the cluster's row.
  create function log.hold_cluster(p_id integer, p_term bigint)
  returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    perform from log.cluster c where c.id = p_id and c.term = p_term and c.holder is not null for no key update;
    return found;
  end $$;
`;

const IDENTITY = /* sql */ `
  -- Notes what was learnt of the cluster; false when the term is over. A producer id stays for as long as the Kafka cluster does.
  create function log.save_cluster_identity(
    p_id integer, p_term bigint, p_kafka_cluster_id text, p_producer_id bigint, p_producer_epoch integer, p_mode text, p_mode_reason text
  ) returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
  declare
    was log.cluster;
  begin
    if not log.hold_cluster(p_id, p_term) then
      return false;
    end if;
    select c.* into was from log.cluster c where c.id = p_id;
    if was.producer_id is not null
       and (was.producer_id, was.producer_epoch) is distinct from (p_producer_id, p_producer_epoch)
       and (was.kafka_cluster_id is null or p_kafka_cluster_id is null or was.kafka_cluster_id = p_kafka_cluster_id) then
      raise exception 'cluster % publishes with producer id % and epoch %, and cannot go on with % and %',
        was.name, was.producer_id, was.producer_epoch, coalesce(p_producer_id::text, 'none'), coalesce(p_producer_epoch::text, 'none')
        using errcode = 'TM018';
    end if;
    update log.cluster c
    set kafka_cluster_id = p_kafka_cluster_id, producer_id = p_producer_id, producer_epoch = p_producer_epoch, mode = p_mode, mode_reason = p_mode_reason
    where c.id = p_id;
    return true;
  end $$;
`;

const REMOVE = /* sql */ `
  -- Forgets a cluster, so that it holds nothing any more, and answers what was known of it. Refused while somebody publishes
  -- to it. p_actor null: the caller writes the audit entry itself, in the same transaction, as the HTTP API does.
  create function log.remove_cluster(
    p_name text, p_actor text default session_user, p_role text default 'database', p_via text default 'sql', p_request_id text default ''
  ) returns jsonb language plpgsql set search_path = pg_catalog, pg_temp as $$
  declare
    was     log.cluster;
    removed jsonb;
  begin
    select c.* into was from log.cluster c where c.name = p_name for update;
    if not found then
      raise exception 'there is no cluster %', coalesce(quote_literal(p_name), 'null') using errcode = 'TM017';
    end if;
    if was.holder is not null and was.expires_at >= clock_timestamp() then
      raise exception 'cluster % is being published to by %', p_name, was.holder using errcode = 'TM016';
    end if;
    removed := jsonb_build_object(
      'kafkaClusterId', was.kafka_cluster_id, 'producerId', was.producer_id::text, 'producerEpoch', was.producer_epoch,
      'required', was.required, 'mode', was.mode,
      'partitions', (select count(*) from log.cluster_partition p where p.cluster_id = was.id),
      'ackedRecords', (select coalesce(sum(p.acked_offset), 0)::text from log.cluster_partition p where p.cluster_id = was.id));
    delete from log.cluster c where c.id = was.id;
    if p_actor is not null then
      insert into audit.entry (actor, role, via, action, target, detail, request_id)
      values (p_actor, p_role, p_via, 'cluster.remove', p_name, removed, p_request_id);
    end if;
    return removed;
  end $$;
  comment on function log.remove_cluster(text, text, text, text, text) is
    'Forgets a cluster that was taken out of the configuration. Publishing to it again starts anew: it would get every record once more.';
`;
