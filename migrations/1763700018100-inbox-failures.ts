import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FAILURE_FUNCTIONS, grantConsumer, HANDLED_FUNCTIONS } from './inbox-grants.sql.ts';

/**
 * What a group could not handle: a row per failed message, by where it first came from. It leaves the main flow for a retry
 * topic or for the dead letters in the transaction that records it, and may fail again there: each delivery that moved it on is
 * noted in its row, so that one that comes again (a crash before the offset was committed) moves nothing.
 */
export class InboxFailures1763700018100 implements MigrationInterface {
  name = 'InboxFailures1763700018100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    await runner.query(FUNCTIONS);
    for (const signature of FAILURE_FUNCTIONS)
      await runner.query(`revoke all on function inbox.${signature} from public`);
    await runner.query(grantConsumer([...HANDLED_FUNCTIONS, ...FAILURE_FUNCTIONS]));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(grantConsumer(HANDLED_FUNCTIONS));
    for (const signature of FAILURE_FUNCTIONS) await runner.query(`drop function inbox.${signature}`);
    await runner.query('drop table inbox.failure; alter table inbox.settings drop column failures_keep_ms');
  }
}

const TABLE = /* sql */ `
  alter table inbox.settings add column failures_keep_ms bigint not null default 2592000000 check (failures_keep_ms >= 60000);
  comment on column inbox.settings.failures_keep_ms is
    'Failures that are resolved or dead are forgotten this long after their last change; default 30 days.';

  create table inbox.failure (
    id                bigint generated always as identity primary key,
    group_name        text collate "C" not null check (length(group_name) between 1 and 249),
    topic             text collate "C" not null,
    partition         integer     not null,
    "offset"          bigint      not null,
    message_id        uuid        not null,
    dlq_id            text        not null check (octet_length(dlq_id) <= 64),
    key               bytea,
    handler           text        not null check (octet_length(handler) <= 256),
    app_version       text        check (octet_length(app_version) <= 128),
    attempts          integer     not null check (attempts >= 1),
    error_class       text        not null check (octet_length(error_class) <= 256),
    error_cause_class text        check (octet_length(error_cause_class) <= 256),
    error_message     text        not null check (octet_length(error_message) <= 1024),
    error_stack       text        check (octet_length(error_stack) <= 8192),
    first_failed_at   timestamptz not null,
    last_failed_at    timestamptz not null,
    state             text        not null check (state in ('retrying', 'dead', 'resolved')),
    sent_to           text        not null,
    due_at            timestamptz,
    resolution        text        check ((state = 'resolved') = (resolution is not null)),
    moved             text[]      not null,
    changed_at        timestamptz not null default clock_timestamp(),
    unique (group_name, topic, partition, "offset", message_id)
  ) with (fillfactor = 80);
  create index failure_by_group on inbox.failure (group_name, id);
  create index failure_by_age on inbox.failure (changed_at) where state <> 'retrying';
  comment on table inbox.failure is
    'Messages that a group could not handle, by where they were first published. The message id tells records apart that had the same offset: on another cluster, or before their topic was created again.';
  comment on column inbox.failure.attempts is 'How often the handler has been tried, over all retries.';
  comment on column inbox.failure.sent_to is 'Where the message was last sent: a retry topic, or that of the dead letters.';
  comment on column inbox.failure.first_failed_at is 'By the clock of the consumer, as last_failed_at.';
  comment on column inbox.failure.resolution is 'handled, or by hand with the reason.';
  comment on column inbox.failure.moved is 'The last 32 deliveries (topic/partition/offset) that sent the message on.';
`;

const FUNCTIONS = /* sql */ `
  -- Records that a delivery has failed and its message is sent on; false when this delivery has sent it on before. p_failure has
  -- the columns of the row. Waits for a transaction that is recording a failure of the same message. Locks its row.
  create function inbox.record_failure(p_failure jsonb, p_delivery text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
  declare
    v_new   constant inbox.failure := jsonb_populate_record(null::inbox.failure, p_failure);
    v_known inbox.failure;
  begin
    if v_new.state is null or v_new.state not in ('retrying', 'dead') then
      raise exception 'group %: a message that fails is retrying or dead, not %', v_new.group_name, coalesce(v_new.state, 'null') using errcode = 'TM021';
    end if;
    insert into inbox.failure (
      group_name, topic, partition, "offset", message_id, dlq_id, key, handler, app_version, attempts, error_class, error_cause_class,
      error_message, error_stack, first_failed_at, last_failed_at, state, sent_to, due_at, moved)
    values (
      v_new.group_name, v_new.topic, v_new.partition, v_new."offset", v_new.message_id, v_new.dlq_id, v_new.key, v_new.handler, v_new.app_version,
      v_new.attempts, v_new.error_class, v_new.error_cause_class, v_new.error_message, v_new.error_stack,
      coalesce(v_new.first_failed_at, clock_timestamp()), coalesce(v_new.last_failed_at, clock_timestamp()), v_new.state, v_new.sent_to, v_new.due_at, array[p_delivery])
    on conflict (group_name, topic, partition, "offset", message_id) do nothing;
    if found then
      return true;
    end if;

    select * into v_known from inbox.failure f
    where f.group_name = v_new.group_name and f.topic = v_new.topic and f.partition = v_new.partition and f."offset" = v_new."offset"
      and f.message_id = v_new.message_id
    for no key update;
    if not found then
      -- It was past its time, and has been forgotten in between.
      return inbox.record_failure(p_failure, p_delivery);
    end if;
    if p_delivery = any (v_known.moved) then
      return false;
    end if;
    update inbox.failure f
    set dlq_id = v_new.dlq_id, handler = v_new.handler, app_version = v_new.app_version, attempts = greatest(v_new.attempts, f.attempts),
        error_class = v_new.error_class, error_cause_class = v_new.error_cause_class, error_message = v_new.error_message,
        error_stack = v_new.error_stack, first_failed_at = least(f.first_failed_at, v_new.first_failed_at),
        last_failed_at = coalesce(v_new.last_failed_at, clock_timestamp()), state = v_new.state, sent_to = v_new.sent_to, due_at = v_new.due_at, resolution = null,
        moved = (array_prepend(p_delivery, f.moved))[1:32], changed_at = clock_timestamp()
    where f.id = v_known.id;
    return true;
  end $$;

  -- A message that had failed was handled after all. Locks its row; does nothing when there is none.
  create function inbox.settle_failure(p_group text, p_topic text, p_partition integer, p_offset bigint, p_message_id uuid) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    update inbox.failure f set state = 'resolved', resolution = 'handled', due_at = null, changed_at = clock_timestamp()
    where f.group_name = p_group and f.topic = p_topic and f.partition = p_partition and f."offset" = p_offset
      and f.message_id = p_message_id and f.state <> 'resolved'
  $$;
`;
