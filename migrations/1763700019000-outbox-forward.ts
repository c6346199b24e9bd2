import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What consumers write: messages that a group could not handle, on their way to retry topics and dlqs, and those topics. A
 * role of its own (outbox.grant_consumer), because such a message keeps its id and carries headers by which Tidemark knows
 * where it came from; applications emit with neither.
 */
export class OutboxForward1763700019000 implements MigrationInterface {
  name = 'OutboxForward1763700019000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FORWARD);
    await runner.query(ENSURE_SIDE_TOPIC);
    await runner.query(GRANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      drop function outbox.grant_consumer(name);
      drop function outbox.ensure_side_topic(text, text, integer, integer);
      drop function outbox.forward(text, bytea, bytea, jsonb, uuid, integer);
    `);
  }
}

/** headers_of refuses the names that Tidemark sets itself, so it checks the pairs under other names. */
const FORWARD = /* sql */ `
  create function outbox.forward(
    topic text, key bytea, payload bytea, headers jsonb, message_id uuid, schema_id integer default null
  ) returns uuid language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
  begin
    if $4 is not null and jsonb_typeof($4) <> 'array' then
      raise exception 'headers of a forwarded message must be an array of [name, value] pairs, not a %', jsonb_typeof($4) using errcode = 'TM006';
    end if;
    if $4 <> '[]' then
      perform outbox.headers_of(jsonb_agg(
        case when jsonb_typeof(h.pair -> 0) = 'string' then jsonb_set(h.pair, '{0}', to_jsonb('x-' || (h.pair ->> 0))) else h.pair end))
      from jsonb_array_elements($4) h(pair);
    end if;
    return outbox.append($1, $2, $3, nullif($4, '[]'), null, $5, $6);
  end $$;
  comment on function outbox.forward(text, bytea, bytea, jsonb, uuid, integer) is
    'For consumers: writes a message that was read from a topic to another one, under the id it had and with headers of Tidemark.';
  revoke all on function outbox.forward(text, bytea, bytea, jsonb, uuid, integer) from public`;

/**
 * Names say what such a topic is for, so that the right to make one is not the right to make any. Room for 16 KiB of headers
 * more than the source allows (where that is only on a cluster: than Kafka's default, unless told); a dlq keeps its messages for
 * ever, since nobody has handled them.
 */
const ENSURE_SIDE_TOPIC = /* sql */ `
  create function outbox.ensure_side_topic(
    topic text, source text, partitions integer default null, max_message_bytes integer default null
  ) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
  declare
    found_source outbox.topic;
    bytes        integer;
  begin
    if $1 is null or $1 !~ '[.](retry([.][2-9])?|dlq)$' or not starts_with($1, left($2, 200)) then
      raise exception 'topic % is no retry topic or dlq of %', coalesce(quote_literal($1), 'null'), coalesce(quote_literal($2), 'null')
        using errcode = 'TM003', hint = 'It has to begin with the name of its source and end in .retry, .retry.2 to .retry.9 or .dlq.';
    end if;
    select * into found_source from outbox.topic t where t.name = $2;
    if not found then
      if $3 is null then
        return false;
      end if;
      found_source.partitions := $3;
      found_source.max_message_bytes := least(104857600, coalesce($4, 1048588));
    end if;
    bytes := least(104857600, found_source.max_message_bytes + 16384);
    perform outbox.check_topic($1, found_source.partitions, 'key', bytes, found_source.retention_ms);
    insert into outbox.topic (name, partitions, ordering, max_message_bytes, retention_ms)
    values ($1, found_source.partitions, 'key', bytes, case when $1 like '%.dlq' then null else found_source.retention_ms end)
    on conflict (name) do nothing;
    return found;
  end $$;
  comment on function outbox.ensure_side_topic(text, text, integer, integer) is
    'For consumers: makes the retry topic or dlq of a topic unless it is there; false when it was. Where the source is no topic of this database, with as many partitions as given; false without that.';
  revoke all on function outbox.ensure_side_topic(text, text, integer, integer) from public`;

const GRANTS = /* sql */ `
  create function outbox.grant_consumer(p_role name) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    execute format('grant usage on schema outbox to %I', p_role);
    execute format('grant execute on function outbox.forward(text, bytea, bytea, jsonb, uuid, integer), '
      || 'outbox.ensure_side_topic(text, text, integer, integer) to %I', p_role);
    execute format('grant select on outbox.topic to %I', p_role);
  end $$;
  comment on function outbox.grant_consumer(name) is
    'Lets a role send on what its groups could not handle, and see the topics. Beside it: log.grant_consumer, inbox.grant_consumer.';
  revoke all on function outbox.grant_consumer(name) from public`;
