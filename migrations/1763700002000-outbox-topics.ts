import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Topics over SQL: create, alter, and the refusal of messages to unknown ones. */
export class OutboxTopics1763700002000 implements MigrationInterface {
  name = 'OutboxTopics1763700002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create function outbox.check_topic(
        p_name text, p_partitions integer, p_ordering text, p_max_message_bytes integer, p_retention_ms bigint
      ) returns void language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
      begin
        if p_name is null or p_name !~ '^[a-zA-Z0-9._-]{1,249}$' or p_name in ('.', '..') then
          raise exception 'topic name % is not valid', coalesce(quote_literal(p_name), 'null') using errcode = 'TM003',
            hint = 'Use 1 to 249 of the characters a-z, A-Z, 0-9, dot, underscore and hyphen, as Kafka does.';
        end if;
        if p_partitions is null or p_partitions not between 1 and 10000 then
          raise exception 'topic %: partitions must be from 1 to 10000, not %', p_name, coalesce(p_partitions::text, 'null') using errcode = 'TM003';
        end if;
        if p_ordering is null or p_ordering not in ('key', 'insert') then
          raise exception 'topic %: ordering must be key or insert, not %', p_name, coalesce(p_ordering, 'null') using errcode = 'TM003',
            hint = 'key: messages of one key appear in commit order. insert: no lock per key, order of insertion.';
        end if;
        if p_max_message_bytes is null or p_max_message_bytes not between 1 and 104857600 then
          raise exception 'topic %: max_message_bytes must be from 1 to 104857600, not %', p_name, coalesce(p_max_message_bytes::text, 'null') using errcode = 'TM003';
        end if;
        if p_retention_ms is not null and p_retention_ms <= 0 then
          raise exception 'topic %: retention_ms must be positive, or null to keep messages for ever', p_name using errcode = 'TM003';
        end if;
      end $$;

      create function outbox.create_topic(
        p_name text,
        p_partitions integer default 6,
        p_ordering text default 'key',
        p_max_message_bytes integer default 1000000,
        p_retention_ms bigint default null
      ) returns outbox.topic language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        created outbox.topic;
      begin
        perform outbox.check_topic(p_name, p_partitions, p_ordering, p_max_message_bytes, p_retention_ms);
        insert into outbox.topic (name, partitions, ordering, max_message_bytes, retention_ms)
        values (p_name, p_partitions, p_ordering, p_max_message_bytes, p_retention_ms)
        on conflict (name) do nothing
        returning * into created;
        if created.id is null then
          raise exception 'topic % exists already', p_name using errcode = 'TM002',
            hint = 'Use it as it is, or change it with outbox.alter_topic.';
        end if;
        return created;
      end $$;

      -- A null argument leaves the setting as it is; retention for ever is said by p_keep_for_ever.
      create function outbox.alter_topic(
        p_name text,
        p_partitions integer default null,
        p_ordering text default null,
        p_max_message_bytes integer default null,
        p_retention_ms bigint default null,
        p_keep_for_ever boolean default false
      ) returns outbox.topic language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        before outbox.topic;
        after  outbox.topic;
      begin
        -- Row lock: two alterations of one topic take turns; writers read the row without a lock.
        select * into before from outbox.topic where name = p_name for update;
        if before.id is null then
          raise exception 'topic % does not exist', coalesce(quote_literal(p_name), 'null') using errcode = 'TM001',
            hint = format('Create it first: select outbox.create_topic(%L);', p_name);
        end if;
        if p_keep_for_ever and p_retention_ms is not null then
          raise exception 'topic %: give a retention or keep for ever, not both', p_name using errcode = 'TM003';
        end if;
        after := before;
        after.partitions        := coalesce(p_partitions, before.partitions);
        after.ordering          := coalesce(p_ordering, before.ordering);
        after.max_message_bytes := coalesce(p_max_message_bytes, before.max_message_bytes);
        after.retention_ms      := case when p_keep_for_ever then null else coalesce(p_retention_ms, before.retention_ms) end;
        perform outbox.check_topic(p_name, after.partitions, after.ordering, after.max_message_bytes, after.retention_ms);
        if after.partitions < before.partitions then
          raise exception 'topic % has % partitions and cannot go down to %', p_name, before.partitions, after.partitions
            using errcode = 'TM003',
            hint = 'Partitions only grow: records keep their place. Create another topic and replay into it instead.';
        end if;
        update outbox.topic t
        set partitions = after.partitions, ordering = after.ordering, max_message_bytes = after.max_message_bytes,
            retention_ms = after.retention_ms, revision = before.revision + 1
        where t.id = before.id
        returning * into after;
        return after;
      end $$;

      -- Called for a message whose topic is not there: creates it when the settings allow, else refuses with a hint.
      create function outbox.require_topic(p_name text) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        s outbox.settings;
      begin
        select * into s from outbox.settings;
        if p_name is null or not s.auto_create_topics then
          raise exception 'topic % does not exist', coalesce(quote_literal(p_name), 'null') using errcode = 'TM001',
            hint = format('Create it first: select outbox.create_topic(%L); or: tidemark topics create %s', p_name, p_name);
        end if;
        perform outbox.check_topic(p_name, s.auto_create_partitions, 'key', 1000000, null);
        insert into outbox.topic (name, partitions) values (p_name, s.auto_create_partitions) on conflict (name) do nothing;
      end $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      drop function outbox.require_topic(text);
      drop function outbox.alter_topic(text, integer, text, integer, bigint, boolean);
      drop function outbox.create_topic(text, integer, text, integer, bigint);
      drop function outbox.check_topic(text, integer, text, integer, bigint);
    `);
  }
}
