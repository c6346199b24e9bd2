-- schema outbox

create sequence outbox.adoption_id_seq as integer minvalue 1 start 1;

create sequence outbox."position" as bigint minvalue 0 start 0;

create sequence outbox.topic_id_seq as integer minvalue 1 start 1;

create table outbox.adoption (
  id integer not null generated always as identity,
  relation regclass not null,
  table_name text not null,
  function_name text not null,
  mapping jsonb not null,
  existing_sql text,
  existing_total bigint not null default 0,
  existing_place bigint not null default 0,
  existing_emitted bigint not null default 0,
  created_at timestamp with time zone not null default clock_timestamp()
);

create table outbox.adoption_backlog (
  adoption_id integer not null,
  place bigint not null,
  row_key jsonb not null
);

create table outbox.message (
  id bigint not null,
  topic_id integer not null,
  partition integer,
  schema_id integer,
  created_at timestamp with time zone not null,
  message_id uuid not null,
  key bytea,
  headers jsonb,
  payload bytea
) partition by RANGE (id);

create table outbox.message_partition (
  lower bigint not null,
  upper bigint not null,
  relation text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  dropping_since timestamp with time zone
);

create table outbox.settings (
  singleton boolean not null default true,
  partition_size bigint not null default 1000000,
  partitions_ahead integer not null default 2,
  auto_create_topics boolean not null default false,
  auto_create_partitions integer not null default 6,
  debezium_topic text not null default 'outbox.event.${routedByValue}'::text
);

create table outbox.topic (
  id integer not null generated always as identity,
  name text not null,
  partitions integer not null default 6,
  ordering text not null default 'key'::text,
  max_message_bytes integer not null default 1000000,
  retention_ms bigint,
  revision bigint not null default 1,
  created_at timestamp with time zone not null default clock_timestamp(),
  schema_required boolean not null default false
);

alter table outbox.adoption add constraint adoption_function_name_key UNIQUE (function_name);

alter table outbox.adoption add constraint adoption_pkey PRIMARY KEY (id);

alter table outbox.adoption add constraint adoption_relation_key UNIQUE (relation);

alter table outbox.adoption_backlog add constraint adoption_backlog_adoption_id_fkey FOREIGN KEY (adoption_id) REFERENCES outbox.adoption(id) ON DELETE CASCADE;

alter table outbox.adoption_backlog add constraint adoption_backlog_pkey PRIMARY KEY (adoption_id, place);

alter table outbox.message add constraint message_pkey PRIMARY KEY (id);

alter table outbox.message_partition add constraint message_partition_check CHECK ((upper > lower));

alter table outbox.message_partition add constraint message_partition_pkey PRIMARY KEY (lower);

alter table outbox.settings add constraint settings_auto_create_partitions_check CHECK (((auto_create_partitions >= 1) AND (auto_create_partitions <= 10000)));

alter table outbox.settings add constraint settings_partition_size_check CHECK ((partition_size >= 1000));

alter table outbox.settings add constraint settings_partitions_ahead_check CHECK (((partitions_ahead >= 1) AND (partitions_ahead <= 1000)));

alter table outbox.settings add constraint settings_pkey PRIMARY KEY (singleton);

alter table outbox.settings add constraint settings_singleton_check CHECK (singleton);

alter table outbox.topic add constraint topic_max_message_bytes_check CHECK (((max_message_bytes >= 1) AND (max_message_bytes <= 104857600)));

alter table outbox.topic add constraint topic_name_check CHECK (((name ~ '^[a-zA-Z0-9._-]{1,249}$'::text) AND (name <> ALL (ARRAY['.'::text, '..'::text]))));

alter table outbox.topic add constraint topic_name_key UNIQUE (name);

alter table outbox.topic add constraint topic_ordering_check CHECK ((ordering = ANY (ARRAY['key'::text, 'insert'::text])));

alter table outbox.topic add constraint topic_partitions_check CHECK (((partitions >= 1) AND (partitions <= 10000)));

alter table outbox.topic add constraint topic_pkey PRIMARY KEY (id);

alter table outbox.topic add constraint topic_retention_ms_check CHECK ((retention_ms > 0));

CREATE INDEX message_message_id ON ONLY outbox.message USING btree (message_id);

CREATE INDEX message_topic_key ON ONLY outbox.message USING btree (topic_id, key, id) WHERE (key IS NOT NULL);

create view outbox.debezium as
 SELECT m.message_id AS id,
    t.name AS aggregatetype,
    convert_from(m.key, 'UTF8'::name) AS aggregateid,
    ( SELECT (h.value ->> 1)
           FROM jsonb_array_elements(m.headers) h(value)
          WHERE ((h.value ->> 0) = 'eventType'::text)
         LIMIT 1) AS type,
        CASE
            WHEN (m.payload IS NOT NULL) THEN (convert_from(m.payload, 'UTF8'::name))::jsonb
            ELSE NULL::jsonb
        END AS payload,
    m.created_at AS "timestamp",
    NULL::text AS tracingspancontext
   FROM (outbox.message m
     JOIN outbox.topic t ON ((t.id = m.topic_id)));

CREATE OR REPLACE FUNCTION outbox.adopted_headers(p_headers jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
      begin
        if p_headers is null or jsonb_typeof(p_headers) = 'null' then
          return null;
        end if;
        if jsonb_typeof(p_headers) = 'object' then
          select coalesce(jsonb_agg(jsonb_build_array(h.name,
                   case jsonb_typeof(h.value) when 'string' then h.value when 'null' then h.value else to_jsonb(h.value::text) end)), '[]')
          into p_headers from jsonb_each(p_headers) h(name, value);
        end if;
        return outbox.headers_of(p_headers);
      end $function$;

CREATE OR REPLACE FUNCTION outbox.adopted_trace(p_properties text)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
        select jsonb_agg(jsonb_build_array(m[1], m[2]))
        from regexp_matches(p_properties, '^\s*(traceparent|tracestate)\s*[=:]\s*(\S+)\s*$', 'gn') m
      $function$;

CREATE OR REPLACE FUNCTION outbox.alter_topic(p_name text, p_partitions integer DEFAULT NULL::integer, p_ordering text DEFAULT NULL::text, p_max_message_bytes integer DEFAULT NULL::integer, p_retention_ms bigint DEFAULT NULL::bigint, p_keep_for_ever boolean DEFAULT false)
 RETURNS outbox.topic
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
      end $function$;

CREATE OR REPLACE FUNCTION outbox.append(p_topic text, p_key bytea, p_payload bytea, p_headers jsonb, p_partition integer, p_message_id uuid, p_schema_id integer)
 RETURNS uuid
 LANGUAGE plpgsql
AS $function$
  declare 
    v_note text := current_setting('tidemark.tx', true);
    v_id   uuid;
  begin
    if p_partition is not null or current_setting('tidemark.traceparent', true) <> '' then
      null;
    elsif v_note <> '' then
      
      insert into outbox.message as m (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
      select p.drawn, p.id, null, p_schema_id, clock_timestamp(), coalesce(p_message_id, outbox.new_message_id()), p_key, p_headers, p_payload
      from (
        select t.id, nextval('outbox.position') as drawn
        from outbox.topic t
        where t.name = p_topic and case
          when t.name <> p_topic or octet_length(p_key) > 8192
            or coalesce(octet_length(p_payload), 0) + coalesce(octet_length(p_key), 0) + coalesce(octet_length(p_headers::text), 0) > t.max_message_bytes
            or t.schema_required and p_schema_id is null and p_payload is not null then false
          
          when not starts_with(v_note, pg_current_xact_id()::text || '|') or split_part(v_note, '|', 2) = '' then false
          when position(',' || t.id || 'x,' in v_note) > 0 then true
          when currval('outbox.position') - split_part(v_note, '|', 2)::bigint
            < coalesce(nullif(split_part(v_note, '|', 3), '')::bigint, coalesce(nullif(current_setting('tidemark.key_locks_max', true), ''), '256')::integer) then (p_key is null or t.ordering <> 'key' or pg_try_advisory_xact_lock_shared(8389396865233190912 + t.id)
            and pg_try_advisory_xact_lock(8389379273047146496 + (hashtextextended(encode(p_key, 'hex'), t.id) & 17592186044415)))
          else false
        end
        offset 0
      ) p
      where p.drawn < nullif(current_setting('tidemark.reach', true), '')::bigint
      returning m.message_id into v_id;
    else
      
      insert into outbox.message as m (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
      select p.drawn, p.id, null, p_schema_id, clock_timestamp(), coalesce(p_message_id, outbox.new_message_id()), p_key, p_headers, p_payload
      from (
        select t.id, nextval('outbox.position') as drawn
        from outbox.topic t
        where t.name = p_topic and case
          when t.name <> p_topic or octet_length(p_key) > 8192
            or coalesce(octet_length(p_payload), 0) + coalesce(octet_length(p_key), 0) + coalesce(octet_length(p_headers::text), 0) > t.max_message_bytes
            or t.schema_required and p_schema_id is null and p_payload is not null then false
          
          when (p_key is null or t.ordering <> 'key' or pg_try_advisory_xact_lock_shared(8389396865233190912 + t.id)
            and pg_try_advisory_xact_lock(8389379273047146496 + (hashtextextended(encode(p_key, 'hex'), t.id) & 17592186044415))) then pg_try_advisory_xact_lock_shared(8389361680861102080 + split_part(set_config('tidemark.tx',
            concat_ws('|', pg_current_xact_id(), pg_sequence_last_value('outbox.position'), '', ','), true), '|', 2)::bigint)
          else false
        end
        offset 0
      ) p
      where p.drawn < nullif(current_setting('tidemark.reach', true), '')::bigint
      returning m.message_id into v_id;
    end if;
    if v_id is null then
      return outbox.append_slowly(p_topic, p_key, p_payload, p_headers, p_partition, p_message_id, p_schema_id);
    end if;
    return v_id;
  end $function$;

CREATE OR REPLACE FUNCTION outbox.append_slowly(p_topic text, p_key bytea, p_payload bytea, p_headers jsonb, p_partition integer, p_message_id uuid, p_schema_id integer)
 RETURNS uuid
 LANGUAGE plpgsql
AS $function$
  declare
    topic   outbox.topic;
    note    text[] := string_to_array(current_setting('tidemark.tx', true), '|');
    trace   text := current_setting('tidemark.traceparent', true);
    reach   bigint := nullif(current_setting('tidemark.reach', true), '')::bigint;
    drawn   bigint;
    bytes   bigint := coalesce(octet_length(p_payload), 0) + coalesce(octet_length(p_key), 0) + coalesce(octet_length(p_headers::text), 0);
    id      uuid := coalesce(p_message_id, outbox.new_message_id());
  begin
    select * into topic from outbox.topic t where t.name = p_topic;
    if not found then
      perform outbox.require_topic(p_topic);
      select * into topic from outbox.topic t where t.name = p_topic;
    end if;
    if bytes > topic.max_message_bytes then
      raise exception 'message of % bytes for topic %, which allows %', bytes, p_topic, topic.max_message_bytes using errcode = 'TM004',
        hint = 'Store the body elsewhere and send a reference, or raise the limit: select outbox.alter_topic(''' || p_topic || ''', p_max_message_bytes => ...);';
    end if;
    if topic.schema_required and p_schema_id is null and p_payload is not null then
      raise exception 'message without a schema for topic %, which takes payloads with a schema only', p_topic using errcode = 'TM015',
        hint = 'Encode the payload with a registered schema and pass its id to outbox.emit_bytes (the SDK does both), or let the topic take others: select outbox.require_schemas(''' || p_topic || ''', false);';
    end if;
    if octet_length(p_key) > 8192 then
      raise exception 'key of % bytes for topic %: at most 8192', octet_length(p_key), p_topic using errcode = 'TM007';
    end if;
    if p_partition is not null and (p_partition < 0 or p_partition >= topic.partitions) then
      raise exception 'partition % of topic %, which has partitions 0 to %', p_partition, p_topic, topic.partitions - 1 using errcode = 'TM005';
    end if;

    if trace <> '' and (p_headers is null or not p_headers @> '[["traceparent"]]') then
      p_headers := coalesce(p_headers, '[]') || jsonb_build_array(jsonb_build_array('traceparent', trace));
    end if;

    -- A note of another transaction does not count, so that a setting left behind in a session does no harm.
    if note is null or note[1] is distinct from pg_current_xact_id()::text then
      note := array[pg_current_xact_id()::text, '', '', ','];
    end if;
    if p_key is not null and topic.ordering = 'key' then
      note := outbox.lock_key(topic.id, p_key, note);
    end if;
    if note[2] = '' then
      drawn := pg_sequence_last_value('outbox.position');
      perform pg_advisory_xact_lock_shared(8389361680861102080 + drawn);
      note[2] := drawn::text;
    end if;
    perform set_config('tidemark.tx', array_to_string(note, '|'), true);

    drawn := nextval('outbox.position');
    if reach is null or drawn >= reach then
      -- Kept for the session, because partitions are dropped at the other end only; but room made in this transaction is
      -- kept until its end only: PREPARE TRANSACTION keeps what is set for the session, and may be rolled back later.
      -- Half of the room, so that somebody looks again while there is enough to make more without waiting.
      reach := outbox.ensure_room(drawn);
      perform set_config('tidemark.reach', (drawn + (reach - drawn + 1) / 2)::text,
        not exists (select from outbox.message_partition m where m.upper = reach and m.created_at < now()));
    end if;
    insert into outbox.message (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
    values (drawn, topic.id, p_partition, p_schema_id, clock_timestamp(), id, p_key, p_headers, p_payload);
    return id;
  end $function$;

CREATE OR REPLACE FUNCTION outbox.check_topic(p_name text, p_partitions integer, p_ordering text, p_max_message_bytes integer, p_retention_ms bigint)
 RETURNS void
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
      end $function$;

CREATE OR REPLACE FUNCTION outbox.create_partition(p_lower bigint, p_upper bigint)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
      declare
        relation text := 'message_' || p_lower;
      begin
        execute format('create table outbox.%I (like outbox.message including defaults including constraints)', relation);
        execute format('alter table outbox.%I add constraint %I check (id >= %s and id < %s)',
                       relation, relation || '_range', p_lower, p_upper);
        execute format('alter table outbox.%I add constraint %I primary key (id)', relation, relation || '_pkey');
        execute format('create index %I on outbox.%I (message_id)', relation || '_message_id', relation);
        execute format('create index %I on outbox.%I (topic_id, key, id) where key is not null',
                       relation || '_topic_key', relation);
        execute format('alter table outbox.message attach partition outbox.%I for values from (%s) to (%s)',
                       relation, p_lower, p_upper);
        execute format('alter table outbox.%I drop constraint %I', relation, relation || '_range');
        insert into outbox.message_partition (lower, upper, relation) values (p_lower, p_upper, relation);
        return relation;
      end $function$;

CREATE OR REPLACE FUNCTION outbox.create_topic(p_name text, p_partitions integer DEFAULT 6, p_ordering text DEFAULT 'key'::text, p_max_message_bytes integer DEFAULT 1000000, p_retention_ms bigint DEFAULT NULL::bigint)
 RETURNS outbox.topic
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
      end $function$;

CREATE OR REPLACE FUNCTION outbox.debezium_delete()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ begin return old; end $function$;

CREATE OR REPLACE FUNCTION outbox.debezium_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
      declare
        headers jsonb := '[]';
        pattern text;
        pair    text[];
      begin
        if new.aggregatetype is null then
          raise exception 'aggregatetype must not be null' using errcode = 'TM001',
            hint = 'Debezium routes by aggregatetype; set it to the name of the topic''s aggregate.';
        end if;
        if new.type is not null then
          headers := jsonb_build_array(jsonb_build_array('eventType', new.type));
        end if;
        -- tracingspancontext is a java.util.Properties text; its traceparent line is the W3C header.
        foreach pair slice 1 in array coalesce((select array_agg(m) from regexp_matches(coalesce(new.tracingspancontext, ''),
                                       '^\s*(traceparent|tracestate)\s*[=:]\s*(\S+)\s*$', 'gn') m), '{}'::text[]) loop
          headers := headers || jsonb_build_array(jsonb_build_array(pair[1], pair[2]));
        end loop;
        select s.debezium_topic into pattern from outbox.settings s;
        new.id := outbox.append(
          replace(pattern, '${routedByValue}', new.aggregatetype), convert_to(new.aggregateid, 'UTF8'),
          convert_to(new.payload::text, 'UTF8'), nullif(headers, '[]'), null, new.id, null);
        return new;
      end $function$;

CREATE OR REPLACE FUNCTION outbox.emit(topic text, key text, payload jsonb, headers jsonb DEFAULT NULL::jsonb, partition integer DEFAULT NULL::integer, message_id uuid DEFAULT NULL::uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  declare
    p_topic      alias for $1;
    p_key        bytea := convert_to($2, 'UTF8');
    p_payload    bytea := convert_to($3::text, 'UTF8');
    p_headers    jsonb := case when $4 is not null then outbox.headers_of($4) end;
    p_partition  alias for $5;
    p_message_id alias for $6;
    p_schema_id  constant integer := null; 
    v_note text := current_setting('tidemark.tx', true);
    v_id   uuid;
  begin
    if p_partition is not null or current_setting('tidemark.traceparent', true) <> '' then
      null;
    elsif v_note <> '' then
      
      insert into outbox.message as m (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
      select p.drawn, p.id, null, p_schema_id, clock_timestamp(), coalesce(p_message_id, outbox.new_message_id()), p_key, p_headers, p_payload
      from (
        select t.id, nextval('outbox.position') as drawn
        from outbox.topic t
        where t.name = p_topic and case
          when t.name <> p_topic or octet_length(p_key) > 8192
            or coalesce(octet_length(p_payload), 0) + coalesce(octet_length(p_key), 0) + coalesce(octet_length(p_headers::text), 0) > t.max_message_bytes
            or t.schema_required and p_schema_id is null and p_payload is not null then false
          
          when not starts_with(v_note, pg_current_xact_id()::text || '|') or split_part(v_note, '|', 2) = '' then false
          when position(',' || t.id || 'x,' in v_note) > 0 then true
          when currval('outbox.position') - split_part(v_note, '|', 2)::bigint
            < coalesce(nullif(split_part(v_note, '|', 3), '')::bigint, coalesce(nullif(current_setting('tidemark.key_locks_max', true), ''), '256')::integer) then (p_key is null or t.ordering <> 'key' or pg_try_advisory_xact_lock_shared(8389396865233190912 + t.id)
            and pg_try_advisory_xact_lock(8389379273047146496 + (hashtextextended(encode(p_key, 'hex'), t.id) & 17592186044415)))
          else false
        end
        offset 0
      ) p
      where p.drawn < nullif(current_setting('tidemark.reach', true), '')::bigint
      returning m.message_id into v_id;
    else
      
      insert into outbox.message as m (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
      select p.drawn, p.id, null, p_schema_id, clock_timestamp(), coalesce(p_message_id, outbox.new_message_id()), p_key, p_headers, p_payload
      from (
        select t.id, nextval('outbox.position') as drawn
        from outbox.topic t
        where t.name = p_topic and case
          when t.name <> p_topic or octet_length(p_key) > 8192
            or coalesce(octet_length(p_payload), 0) + coalesce(octet_length(p_key), 0) + coalesce(octet_length(p_headers::text), 0) > t.max_message_bytes
            or t.schema_required and p_schema_id is null and p_payload is not null then false
          
          when (p_key is null or t.ordering <> 'key' or pg_try_advisory_xact_lock_shared(8389396865233190912 + t.id)
            and pg_try_advisory_xact_lock(8389379273047146496 + (hashtextextended(encode(p_key, 'hex'), t.id) & 17592186044415))) then pg_try_advisory_xact_lock_shared(8389361680861102080 + split_part(set_config('tidemark.tx',
            concat_ws('|', pg_current_xact_id(), pg_sequence_last_value('outbox.position'), '', ','), true), '|', 2)::bigint)
          else false
        end
        offset 0
      ) p
      where p.drawn < nullif(current_setting('tidemark.reach', true), '')::bigint
      returning m.message_id into v_id;
    end if;
    if v_id is null then
      return outbox.append_slowly(p_topic, p_key, p_payload, p_headers, p_partition, p_message_id, p_schema_id);
    end if;
    return v_id;
  end $function$;

CREATE OR REPLACE FUNCTION outbox.emit_bytes(topic text, key bytea, payload bytea, headers jsonb DEFAULT NULL::jsonb, partition integer DEFAULT NULL::integer, message_id uuid DEFAULT NULL::uuid, schema_id integer DEFAULT NULL::integer)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  declare
    p_topic      alias for $1;
    p_key        alias for $2;
    p_payload    alias for $3;
    p_headers    jsonb := case when $4 is not null then outbox.headers_of($4) end;
    p_partition  alias for $5;
    p_message_id alias for $6;
    p_schema_id  alias for $7; 
    v_note text := current_setting('tidemark.tx', true);
    v_id   uuid;
  begin
    if p_partition is not null or current_setting('tidemark.traceparent', true) <> '' then
      null;
    elsif v_note <> '' then
      
      insert into outbox.message as m (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
      select p.drawn, p.id, null, p_schema_id, clock_timestamp(), coalesce(p_message_id, outbox.new_message_id()), p_key, p_headers, p_payload
      from (
        select t.id, nextval('outbox.position') as drawn
        from outbox.topic t
        where t.name = p_topic and case
          when t.name <> p_topic or octet_length(p_key) > 8192
            or coalesce(octet_length(p_payload), 0) + coalesce(octet_length(p_key), 0) + coalesce(octet_length(p_headers::text), 0) > t.max_message_bytes
            or t.schema_required and p_schema_id is null and p_payload is not null then false
          
          when not starts_with(v_note, pg_current_xact_id()::text || '|') or split_part(v_note, '|', 2) = '' then false
          when position(',' || t.id || 'x,' in v_note) > 0 then true
          when currval('outbox.position') - split_part(v_note, '|', 2)::bigint
            < coalesce(nullif(split_part(v_note, '|', 3), '')::bigint, coalesce(nullif(current_setting('tidemark.key_locks_max', true), ''), '256')::integer) then (p_key is null or t.ordering <> 'key' or pg_try_advisory_xact_lock_shared(8389396865233190912 + t.id)
            and pg_try_advisory_xact_lock(8389379273047146496 + (hashtextextended(encode(p_key, 'hex'), t.id) & 17592186044415)))
          else false
        end
        offset 0
      ) p
      where p.drawn < nullif(current_setting('tidemark.reach', true), '')::bigint
      returning m.message_id into v_id;
    else
      
      insert into outbox.message as m (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
      select p.drawn, p.id, null, p_schema_id, clock_timestamp(), coalesce(p_message_id, outbox.new_message_id()), p_key, p_headers, p_payload
      from (
        select t.id, nextval('outbox.position') as drawn
        from outbox.topic t
        where t.name = p_topic and case
          when t.name <> p_topic or octet_length(p_key) > 8192
            or coalesce(octet_length(p_payload), 0) + coalesce(octet_length(p_key), 0) + coalesce(octet_length(p_headers::text), 0) > t.max_message_bytes
            or t.schema_required and p_schema_id is null and p_payload is not null then false
          
          when (p_key is null or t.ordering <> 'key' or pg_try_advisory_xact_lock_shared(8389396865233190912 + t.id)
            and pg_try_advisory_xact_lock(8389379273047146496 + (hashtextextended(encode(p_key, 'hex'), t.id) & 17592186044415))) then pg_try_advisory_xact_lock_shared(8389361680861102080 + split_part(set_config('tidemark.tx',
            concat_ws('|', pg_current_xact_id(), pg_sequence_last_value('outbox.position'), '', ','), true), '|', 2)::bigint)
          else false
        end
        offset 0
      ) p
      where p.drawn < nullif(current_setting('tidemark.reach', true), '')::bigint
      returning m.message_id into v_id;
    end if;
    if v_id is null then
      return outbox.append_slowly(p_topic, p_key, p_payload, p_headers, p_partition, p_message_id, p_schema_id);
    end if;
    return v_id;
  end $function$;

CREATE OR REPLACE FUNCTION outbox.ensure_partitions(p_ahead integer DEFAULT NULL::integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
      begin
        begin
          -- ONLY: without it the partitions are locked too, and autovacuum of one of them would be in the way.
          lock table only outbox.message in share update exclusive mode nowait;
        exception when lock_not_available then
          return 0;
        end;
        return outbox.extend_partitions(p_ahead);
      end $function$;

CREATE OR REPLACE FUNCTION outbox.ensure_room(p_position bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
      declare
        last outbox.message_partition;
        size bigint;
      begin
        select * into last from outbox.message_partition m order by m.lower desc limit 1;
        select s.partition_size into size from outbox.settings s;
        if last.lower is null or p_position >= last.upper then
          lock table only outbox.message in share update exclusive mode;
          perform outbox.extend_partitions(1);
          select * into last from outbox.message_partition m order by m.lower desc limit 1;
        elsif p_position + size / 2 >= last.upper then
          perform outbox.ensure_partitions(1);
          select * into last from outbox.message_partition m order by m.lower desc limit 1;
        end if;
        if p_position < last.upper then
          -- A session learns of partitions that others made when it takes a lock that its transaction did not have. Without
          -- this one it may have read of the partition above and still find none for its row.
          execute format('lock table only outbox.%I in access share mode', last.relation);
        end if;
        -- A partition that this snapshot does not list takes the row all the same.
        return greatest(last.upper, p_position + 1);
      end $function$;

CREATE OR REPLACE FUNCTION outbox.ensure_side_topic(topic text, source text, partitions integer DEFAULT NULL::integer, max_message_bytes integer DEFAULT NULL::integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$;

CREATE OR REPLACE FUNCTION outbox.extend_partitions(p_ahead integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
      declare
        size    bigint;
        ahead   integer;
        drawn   bigint := pg_sequence_last_value('outbox.position');
        reached bigint;
        existing regclass;
        created integer := 0;
      begin
        select s.partition_size, coalesce(p_ahead, s.partitions_ahead) into size, ahead from outbox.settings s;
        select coalesce(max(m.upper), 0) into reached from outbox.message_partition m;
        while reached <= drawn + ahead * size loop
          existing := to_regclass('outbox.message_' || reached);
          if existing is null then
            perform outbox.create_partition(reached, reached + size);
            created := created + 1;
            reached := reached + size;
          else
            reached := substring(pg_get_partition_constraintdef(existing) from 'id < ''([0-9]+)''')::bigint;
            if reached is null then
              raise exception 'table % is in the way of the next partition of outbox.message', existing using errcode = '42P07',
                hint = 'Move its rows where they belong, then drop or rename it.';
            end if;
          end if;
        end loop;
        return created;
      end $function$;

CREATE OR REPLACE FUNCTION outbox.forward(topic text, key bytea, payload bytea, headers jsonb, message_id uuid, schema_id integer DEFAULT NULL::integer)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$;

CREATE OR REPLACE FUNCTION outbox.grant_consumer(p_role name)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    execute format('grant usage on schema outbox to %I', p_role);
    execute format('grant execute on function outbox.forward(text, bytea, bytea, jsonb, uuid, integer), '
      || 'outbox.ensure_side_topic(text, text, integer, integer) to %I', p_role);
    execute format('grant select on outbox.topic to %I', p_role);
  end $function$;

CREATE OR REPLACE FUNCTION outbox.grant_writer(p_role name)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    execute format('grant usage on schema outbox to %I', p_role);
    execute format('grant execute on function outbox.emit(text, text, jsonb, jsonb, integer, uuid), '
      || 'outbox.emit_bytes(text, bytea, bytea, jsonb, integer, uuid, integer), outbox.lock_topic(text) to %I', p_role);
    if to_regclass('outbox.debezium') is not null then
      execute format('grant insert, delete, select (id) on outbox.debezium to %I', p_role);
    end if;
  end $function$;

CREATE OR REPLACE FUNCTION outbox.headers_of(p_headers jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    pairs jsonb;
    pair  jsonb;
  begin
    if jsonb_typeof(p_headers) = 'object' then
      select coalesce(jsonb_agg(jsonb_build_array(h.name, case jsonb_typeof(h.value)
               when 'number' then to_jsonb(h.value #>> '{}') when 'boolean' then to_jsonb(h.value #>> '{}') else h.value end)), '[]')
      into pairs from jsonb_each(p_headers) h(name, value);
    elsif jsonb_typeof(p_headers) = 'array' then
      pairs := p_headers;
    elsif jsonb_typeof(p_headers) = 'null' then
      return null;
    else
      raise exception 'headers must be an object or an array of [name, value] pairs, not a %', jsonb_typeof(p_headers) using errcode = 'TM006';
    end if;
    for pair in select jsonb_array_elements(pairs) loop
      if jsonb_typeof(pair) <> 'array' or jsonb_array_length(pair) <> 2 or jsonb_typeof(pair -> 0) <> 'string' then
        raise exception 'header % is not a [name, value] pair', left(pair::text, 100) using errcode = 'TM006';
      end if;
      if starts_with(lower(pair ->> 0), 'tidemark-') then
        raise exception 'header % has a reserved name', pair ->> 0 using errcode = 'TM006',
          hint = 'Names that start with tidemark- are set by Tidemark; choose another name.';
      end if;
      if jsonb_typeof(pair -> 1) = 'object' then
        begin
          if (pair -> 1) - 'base64' <> '{}' or jsonb_typeof(pair -> 1 -> 'base64') is distinct from 'string' then
            raise exception 'not base64';
          end if;
          perform decode(pair -> 1 ->> 'base64', 'base64');
        exception when others then
          raise exception 'header %: an object value must be {"base64": "..."}', pair ->> 0 using errcode = 'TM006';
        end;
      elsif jsonb_typeof(pair -> 1) not in ('string', 'null') then
        raise exception 'header %: the value must be a string, null or {"base64": "..."}, not a %', pair ->> 0, jsonb_typeof(pair -> 1)
          using errcode = 'TM006';
      end if;
    end loop;
    return nullif(pairs, '[]');
  end $function$;

CREATE OR REPLACE FUNCTION outbox.horizon()
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    drawn bigint;
    fence bigint;
  begin
    if pg_is_in_recovery() then
      raise exception 'outbox.horizon on a standby' using errcode = '55000', hint = 'Ask the primary: only it knows the open transactions.';
    end if;
    if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
      raise exception 'outbox.horizon in a % transaction', current_setting('transaction_isolation') using errcode = '55000',
        hint = 'Call it outside of the transaction that reads the messages: the snapshot must be newer than the horizon.';
    end if;
    drawn := pg_sequence_last_value('outbox.position');
    select min(((l.classid::bigint & 4095) << 32) | l.objid::bigint) into fence
    from pg_locks l
    where l.locktype = 'advisory' and l.objsubid = 1 and l.classid::bigint >> 12 = 8389361680861102080::bigint >> 44
      and l.database = (select d.oid from pg_database d where d.datname = current_database());
    return least(drawn, fence);
  end $function$;

CREATE OR REPLACE FUNCTION outbox.horizon_holders()
 RETURNS TABLE(fence bigint, pid integer, state text, application_name text, client_addr inet, transaction_age_ms double precision, query text, prepared_gid text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select ((l.classid::bigint & 4095) << 32) | l.objid::bigint, l.pid, a.state, a.application_name, a.client_addr,
           extract(epoch from clock_timestamp() - coalesce(a.xact_start, p.prepared)) * 1000, left(a.query, 500), p.gid
    from pg_locks l
    left join pg_stat_activity a on a.pid = l.pid
    left join (
      select t.virtualtransaction, x.gid, x.prepared
      from pg_locks t join pg_prepared_xacts x on x.transaction = t.transactionid
      where t.locktype = 'transactionid' and t.pid is null and t.granted
    ) p on l.pid is null and p.virtualtransaction = l.virtualtransaction
    where l.locktype = 'advisory' and l.objsubid = 1 and l.classid::bigint >> 12 = 8389361680861102080::bigint >> 44
      and l.database = (select d.oid from pg_database d where d.datname = current_database())
    order by 1, 6 desc nulls last
  $function$;

CREATE OR REPLACE FUNCTION outbox.lock_key(p_topic_id integer, p_key bytea, p_note text[])
 RETURNS text[]
 LANGUAGE plpgsql
AS $function$
  declare
    keys     integer;
    keys_max integer := coalesce(nullif(current_setting('tidemark.key_locks_max', true), ''), '256')::integer;
    drawn    bigint;
  begin
    if position(',' || p_topic_id || 'x,' in p_note[4]) > 0 then
      return p_note;
    end if;
    if p_note[2] <> '' then
      drawn := currval('outbox.position') - p_note[2]::bigint;
      if drawn >= coalesce(nullif(p_note[3], '')::bigint, keys_max) then
        select count(*) into keys from pg_locks l
        where l.locktype = 'advisory' and l.pid = pg_backend_pid() and l.objsubid = 1 and l.classid::bigint >> 12 = 8389379273047146496::bigint >> 44;
        if keys >= keys_max then
          perform pg_advisory_xact_lock(8389396865233190912 + p_topic_id);
          p_note[4] := p_note[4] || p_topic_id || 'x,';
          return p_note;
        end if;
        p_note[3] := (drawn + keys_max - keys)::text;
      end if;
    end if;
    perform pg_advisory_xact_lock_shared(8389396865233190912 + p_topic_id);
    perform pg_advisory_xact_lock(8389379273047146496 + (hashtextextended(encode(p_key, 'hex'), p_topic_id) & 17592186044415));
    return p_note;
  end $function$;

CREATE OR REPLACE FUNCTION outbox.lock_topic(topic text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    id     integer;
    xid    text := pg_current_xact_id()::text;
    note   text[] := string_to_array(current_setting('tidemark.tx', true), '|');
  begin
    select t.id into id from outbox.topic t where t.name = lock_topic.topic;
    if not found then
      raise exception 'topic % does not exist', coalesce(quote_literal(lock_topic.topic), 'null') using errcode = 'TM001';
    end if;
    if note is null or note[1] is distinct from xid then
      note := array[xid, '', '', ','];
    end if;
    perform pg_advisory_xact_lock(8389396865233190912 + id);
    note[4] := note[4] || id || 'x,';
    perform set_config('tidemark.tx', array_to_string(note, '|'), true);
  end $function$;

create function outbox.new_message_id() returns uuid;

CREATE OR REPLACE FUNCTION outbox.refuse_payload(p_why text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    raise exception '%', p_why using errcode = 'TM014', hint = 'Correct the event, or register a version of its schema that allows it.';
  end $function$;

CREATE OR REPLACE FUNCTION outbox.require_schemas(p_topic text, p_required boolean DEFAULT true)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    update outbox.topic t set schema_required = p_required, revision = t.revision + 1 where t.name = p_topic;
    if not found then
      raise exception 'topic % does not exist', coalesce(quote_literal(p_topic), 'null') using errcode = 'TM001',
        hint = format('Create it first: select outbox.create_topic(%L);', p_topic);
    end if;
  end $function$;

CREATE OR REPLACE FUNCTION outbox.require_topic(p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
      end $function$;

CREATE TRIGGER debezium_delete INSTEAD OF DELETE ON outbox.debezium FOR EACH ROW EXECUTE FUNCTION outbox.debezium_delete();

CREATE TRIGGER debezium_insert INSTEAD OF INSERT ON outbox.debezium FOR EACH ROW EXECUTE FUNCTION outbox.debezium_insert();

comment on table outbox.adoption is 'Tables whose inserted rows are emitted by a trigger. Made and removed by: tidemark adopt.';

comment on column outbox.adoption.table_name is 'The name when it was adopted; the table may have been renamed or dropped since.';

comment on column outbox.adoption.existing_sql is 'Emits the backlog rows of places $2 to $3; null when the rows that were there are not emitted.';

comment on column outbox.adoption.existing_emitted is 'Backlog rows emitted; those deleted from the table in the meantime are passed over.';

comment on table outbox.adoption_backlog is 'Rows that were in an adopted table before its trigger: primary keys, in the order to emit.';

comment on view outbox.debezium is 'Accepts inserts in the shape of Debezium''s outbox table. Reads show the topic as aggregatetype.';

comment on table outbox.message is 'Committed messages, insert-only. id is the position; payload null is a tombstone; headers is an array of [name, value] pairs.';

comment on table outbox.message_partition is 'Partitions of outbox.message: positions from lower (inclusive) to upper (exclusive).';

comment on column outbox.settings.partition_size is 'Messages per partition of outbox.message; applies to partitions created from now on.';

comment on column outbox.settings.partitions_ahead is 'Empty partitions kept ready ahead of the writers.';

comment on column outbox.settings.auto_create_topics is 'Create a topic on its first message instead of refusing the message.';

comment on table outbox.topic is 'Topics of this database. Change them through outbox.create_topic and outbox.alter_topic.';

comment on column outbox.topic.ordering is 'key: messages of one key appear in commit order; insert: in order of insertion, without a lock per key.';

comment on column outbox.topic.retention_ms is 'Messages are kept at least this long; null keeps them for ever.';

comment on column outbox.topic.revision is 'Grows with each change, so that readers notice.';

comment on column outbox.topic.schema_required is 'Refuses payloads without a schema id; see outbox.require_schemas.';


-- schema log

create sequence log.cluster_id_seq as integer minvalue 1 start 1;

create sequence log.consumer_group_id_seq as integer minvalue 1 start 1;

create table log.batch (
  topic_id integer not null,
  partition integer not null,
  base_offset bigint not null,
  records integer not null,
  bytes bigint not null,
  step bigint not null,
  first_time timestamp with time zone not null,
  last_time timestamp with time zone not null,
  time_high timestamp with time zone not null,
  sequenced_at timestamp with time zone not null default clock_timestamp(),
  placeholders integer not null default 0,
  positions bigint[] not null
);

create table log.cluster (
  id integer not null generated always as identity,
  name text not null,
  required boolean not null,
  kafka_cluster_id text,
  producer_id bigint,
  producer_epoch integer,
  mode text,
  mode_reason text,
  term bigint not null default 0,
  holder text,
  holder_info jsonb,
  acquired_at timestamp with time zone,
  expires_at timestamp with time zone,
  created_at timestamp with time zone not null default clock_timestamp()
) with (fillfactor=50);

create table log.cluster_canary (
  cluster_id integer not null,
  sent_at timestamp with time zone not null,
  readable_ms double precision,
  failure text
) with (fillfactor=50);

create table log.cluster_partition (
  cluster_id integer not null,
  topic_id integer not null,
  partition integer not null,
  acked_offset bigint not null default 0,
  acked_position bigint not null default 0,
  opened_term bigint,
  trouble text,
  updated_at timestamp with time zone not null default clock_timestamp()
) with (fillfactor=50);

create table log.cluster_placeholder (
  cluster_id integer not null,
  topic_id integer not null,
  partition integer not null,
  "offset" bigint not null,
  reason text not null,
  detail text not null,
  created_at timestamp with time zone not null default clock_timestamp()
);

create table log.cluster_request (
  cluster_id integer not null,
  topic_id integer not null,
  partition integer not null,
  action text not null,
  from_offset bigint,
  requested_at timestamp with time zone not null default clock_timestamp()
);

create table log.cluster_segment (
  cluster_id integer not null,
  topic_id integer not null,
  partition integer not null,
  from_offset bigint not null,
  delta bigint not null,
  sequence_delta bigint not null,
  reason text not null,
  created_at timestamp with time zone not null default clock_timestamp()
);

create table log.cluster_topic (
  cluster_id integer not null,
  topic_id integer not null,
  name text not null,
  kafka_topic_id text,
  state text not null,
  detail text not null default ''::text,
  updated_at timestamp with time zone not null default clock_timestamp()
);

create table log.consumer_group (
  id integer not null generated always as identity,
  name text not null,
  epoch bigint not null default 0,
  required boolean not null default false,
  start_from text not null default 'earliest'::text,
  start_time timestamp with time zone,
  created_at timestamp with time zone not null default clock_timestamp(),
  start_offsets jsonb
) with (fillfactor=50);

create table log.group_member (
  group_id integer not null,
  member_id text not null,
  client jsonb not null default '{}'::jsonb,
  topics text[] not null,
  session_timeout_ms integer not null,
  handover_timeout_ms integer not null,
  joined_at timestamp with time zone not null default clock_timestamp(),
  last_seen timestamp with time zone not null default clock_timestamp(),
  instance_id text
) with (fillfactor=50);

create table log.group_offset (
  group_id integer not null,
  topic_id integer not null,
  partition integer not null,
  next_offset bigint not null,
  metadata text,
  committed_at timestamp with time zone,
  committed_by text
) with (fillfactor=50);

create table log.group_partition (
  group_id integer not null,
  topic_id integer not null,
  partition integer not null,
  target text,
  owner text,
  assignment_epoch bigint not null default 0,
  revoking_since timestamp with time zone
) with (fillfactor=50);

create table log.head (
  topic_id integer not null,
  partition integer not null,
  start_offset bigint not null default 0,
  next_offset bigint not null default 0,
  last_position bigint not null default 0,
  time_high timestamp with time zone
) with (fillfactor=50);

create table log.placeholder (
  topic_id integer not null,
  partition integer not null,
  "offset" bigint not null,
  "position" bigint not null,
  reason text not null,
  detail text not null,
  created_at timestamp with time zone not null default clock_timestamp()
);

create table log.retention_hold (
  reader text not null,
  "position" bigint not null,
  description text not null default ''::text,
  updated_at timestamp with time zone not null default clock_timestamp()
) with (fillfactor=50);

create table log.retention_lease (
  singleton boolean not null default true,
  holder text,
  expires_at timestamp with time zone
);

create table log.sequencer (
  singleton boolean not null default true,
  cursor bigint not null default 0,
  term bigint not null default 0,
  holder text,
  holder_info jsonb,
  acquired_at timestamp with time zone,
  expires_at timestamp with time zone
) with (fillfactor=50);

alter table log.batch add constraint batch_pkey PRIMARY KEY (topic_id, partition, base_offset);

alter table log.batch add constraint batch_records_check CHECK ((records > 0));

alter table log.cluster add constraint cluster_check CHECK (((producer_id IS NULL) = (producer_epoch IS NULL)));

alter table log.cluster add constraint cluster_mode_check CHECK ((mode = ANY (ARRAY['exact'::text, 'at-least-once'::text])));

alter table log.cluster add constraint cluster_name_check CHECK ((name ~ '^[a-zA-Z0-9._-]{1,249}$'::text));

alter table log.cluster add constraint cluster_name_key UNIQUE (name);

alter table log.cluster add constraint cluster_pkey PRIMARY KEY (id);

alter table log.cluster add constraint cluster_producer_epoch_check CHECK ((producer_epoch >= 0));

alter table log.cluster add constraint cluster_producer_id_check CHECK ((producer_id >= 0));

alter table log.cluster_canary add constraint cluster_canary_check CHECK (((readable_ms IS NULL) <> (failure IS NULL)));

alter table log.cluster_canary add constraint cluster_canary_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES log.cluster(id) ON DELETE CASCADE;

alter table log.cluster_canary add constraint cluster_canary_pkey PRIMARY KEY (cluster_id);

alter table log.cluster_partition add constraint cluster_partition_acked_offset_check CHECK ((acked_offset >= 0));

alter table log.cluster_partition add constraint cluster_partition_acked_position_check CHECK ((acked_position >= 0));

alter table log.cluster_partition add constraint cluster_partition_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES log.cluster(id) ON DELETE CASCADE;

alter table log.cluster_partition add constraint cluster_partition_pkey PRIMARY KEY (cluster_id, topic_id, partition);

alter table log.cluster_placeholder add constraint cluster_placeholder_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES log.cluster(id) ON DELETE CASCADE;

alter table log.cluster_placeholder add constraint cluster_placeholder_pkey PRIMARY KEY (cluster_id, topic_id, partition, "offset");

alter table log.cluster_request add constraint cluster_request_action_check CHECK ((action = ANY (ARRAY['locate'::text, 'accept'::text])));

alter table log.cluster_request add constraint cluster_request_check CHECK (((action = 'accept'::text) = (from_offset IS NOT NULL)));

alter table log.cluster_request add constraint cluster_request_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES log.cluster(id) ON DELETE CASCADE;

alter table log.cluster_request add constraint cluster_request_from_offset_check CHECK ((from_offset >= 0));

alter table log.cluster_request add constraint cluster_request_pkey PRIMARY KEY (cluster_id, topic_id, partition);

alter table log.cluster_segment add constraint cluster_segment_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES log.cluster(id) ON DELETE CASCADE;

alter table log.cluster_segment add constraint cluster_segment_from_offset_check CHECK ((from_offset >= 0));

alter table log.cluster_segment add constraint cluster_segment_pkey PRIMARY KEY (cluster_id, topic_id, partition, from_offset);

alter table log.cluster_segment add constraint cluster_segment_reason_check CHECK ((reason = ANY (ARRAY['start'::text, 'foreign'::text, 'pruned'::text, 'recreated'::text, 'truncated'::text, 'adopted'::text])));

alter table log.cluster_topic add constraint cluster_topic_cluster_id_fkey FOREIGN KEY (cluster_id) REFERENCES log.cluster(id) ON DELETE CASCADE;

alter table log.cluster_topic add constraint cluster_topic_name_check CHECK (((length(name) >= 1) AND (length(name) <= 249)));

alter table log.cluster_topic add constraint cluster_topic_pkey PRIMARY KEY (cluster_id, topic_id);

alter table log.cluster_topic add constraint cluster_topic_state_check CHECK ((state = ANY (ARRAY['publishing'::text, 'not routed'::text, 'refused'::text])));

alter table log.consumer_group add constraint consumer_group_check CHECK (((start_from = 'time'::text) = (start_time IS NOT NULL)));

alter table log.consumer_group add constraint consumer_group_name_check CHECK ((name ~ '^[a-zA-Z0-9._-]{1,249}$'::text));

alter table log.consumer_group add constraint consumer_group_name_key UNIQUE (name);

alter table log.consumer_group add constraint consumer_group_pkey PRIMARY KEY (id);

alter table log.consumer_group add constraint consumer_group_start_from_check CHECK ((start_from = ANY (ARRAY['earliest'::text, 'latest'::text, 'time'::text, 'offset'::text])));

alter table log.consumer_group add constraint consumer_group_start_offsets_check CHECK (((start_from = 'offset'::text) = (start_offsets IS NOT NULL)));

alter table log.group_member add constraint group_member_client_check CHECK ((pg_column_size(client) <= 8192));

alter table log.group_member add constraint group_member_group_id_fkey FOREIGN KEY (group_id) REFERENCES log.consumer_group(id) ON DELETE CASCADE;

alter table log.group_member add constraint group_member_handover_timeout_ms_check CHECK ((handover_timeout_ms > 0));

alter table log.group_member add constraint group_member_instance_id_check CHECK ((instance_id ~ '^[a-zA-Z0-9._-]{1,249}$'::text));

alter table log.group_member add constraint group_member_member_id_check CHECK (((length(member_id) >= 1) AND (length(member_id) <= 128)));

alter table log.group_member add constraint group_member_pkey PRIMARY KEY (group_id, member_id);

alter table log.group_member add constraint group_member_session_timeout_ms_check CHECK ((session_timeout_ms > 0));

alter table log.group_member add constraint group_member_topics_check CHECK ((cardinality(topics) <= 1000));

alter table log.group_offset add constraint group_offset_group_id_fkey FOREIGN KEY (group_id) REFERENCES log.consumer_group(id) ON DELETE CASCADE;

alter table log.group_offset add constraint group_offset_metadata_check CHECK ((length(metadata) <= 4096));

alter table log.group_offset add constraint group_offset_next_offset_check CHECK ((next_offset >= 0));

alter table log.group_offset add constraint group_offset_pkey PRIMARY KEY (group_id, topic_id, partition);

alter table log.group_partition add constraint group_partition_group_id_fkey FOREIGN KEY (group_id) REFERENCES log.consumer_group(id) ON DELETE CASCADE;

alter table log.group_partition add constraint group_partition_pkey PRIMARY KEY (group_id, topic_id, partition);

alter table log.head add constraint head_pkey PRIMARY KEY (topic_id, partition);

alter table log.placeholder add constraint placeholder_pkey PRIMARY KEY (topic_id, partition, "offset");

alter table log.retention_hold add constraint retention_hold_pkey PRIMARY KEY (reader);

alter table log.retention_hold add constraint retention_hold_position_check CHECK (("position" >= 0));

alter table log.retention_hold add constraint retention_hold_reader_check CHECK (((length(reader) >= 1) AND (length(reader) <= 249)));

alter table log.retention_lease add constraint retention_lease_pkey PRIMARY KEY (singleton);

alter table log.retention_lease add constraint retention_lease_singleton_check CHECK (singleton);

alter table log.sequencer add constraint sequencer_pkey PRIMARY KEY (singleton);

alter table log.sequencer add constraint sequencer_singleton_check CHECK (singleton);

CREATE INDEX batch_time ON log.batch USING btree (topic_id, partition, time_high);

CREATE INDEX batch_topic_step ON log.batch USING btree (topic_id, step);

CREATE UNIQUE INDEX group_member_instance ON log.group_member USING btree (group_id, instance_id) WHERE (instance_id IS NOT NULL);

create view log.retention_floor as
 SELECT h.reader,
    h."position",
    h.description
   FROM log.retention_hold h
UNION ALL
 SELECT 'required consumer groups'::text AS reader,
    (g."position" - 1) AS "position",
    'the slowest of the groups with required = true'::text AS description
   FROM log.required_position() g("position")
  WHERE (g."position" IS NOT NULL)
UNION ALL
 SELECT ('cluster '::text || c.cluster) AS reader,
    c."position",
    'up to the first record that the required cluster lacks'::text AS description
   FROM log.cluster_floors() c(cluster, "position");

CREATE OR REPLACE FUNCTION log.acquire_cluster(p_name text, p_required boolean, p_holder text, p_info jsonb, p_lease_ms integer)
 RETURNS TABLE(id integer, term bigint, kafka_cluster_id text, producer_id bigint, producer_epoch integer, mode text, mode_reason text)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$;

CREATE OR REPLACE FUNCTION log.acquire_lease(p_holder text, p_info jsonb, p_lease_ms integer)
 RETURNS TABLE(term bigint, cursor bigint)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    return query
    with free as (
      select s.singleton from log.sequencer s
      where s.holder is null or s.expires_at < clock_timestamp() or s.holder = p_holder
      for update skip locked
    )
    update log.sequencer s
    set term = s.term + 1, holder = p_holder, holder_info = p_info, acquired_at = clock_timestamp(),
        expires_at = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
    from free where s.singleton = free.singleton
    returning s.term, s.cursor;
  end $function$;

CREATE OR REPLACE FUNCTION log.cluster_floors()
 RETURNS TABLE(cluster text, "position" bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET jit TO 'off'
AS $function$
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
      $function$;

CREATE OR REPLACE FUNCTION log.cluster_lag()
 RETURNS TABLE(cluster_id integer, cluster text, topic_id integer, topic text, partition integer, messages bigint, behind_ms double precision, trouble text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET jit TO 'off'
AS $function$
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
      $function$;

CREATE OR REPLACE FUNCTION log.commit_offsets(p_group text, p_member text, p_topics text[], p_partitions integer[], p_epochs bigint[], p_offsets bigint[], p_metadata text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    v_group_id integer;
    v_held     integer;
    bad        record;
  begin
    select g.id into v_group_id from log.consumer_group g where g.name = p_group;
    if v_group_id is null then
      raise exception 'consumer group % does not exist', coalesce(quote_literal(p_group), 'null') using errcode = 'TM013';
    end if;
    if (select count(distinct (w.topic, w.partition)) from unnest(p_topics, p_partitions) w(topic, partition)) <> cardinality(p_offsets) then
      raise exception 'group %: each partition must be given once, with one offset', p_group using errcode = 'TM012';
    end if;

    select count(*) into v_held from (
      select 1
      from unnest(p_topics, p_partitions, p_epochs) w(topic, partition, epoch)
      join outbox.topic t on t.name = w.topic
      join log.group_partition p on p.group_id = v_group_id and p.topic_id = t.id and p.partition = w.partition
      where p.owner = p_member and p.assignment_epoch = w.epoch
      order by p.topic_id, p.partition
      for key share of p
    ) held;
    if v_held <> cardinality(p_offsets) then
      select w.topic, w.partition, w.epoch, p.owner, p.assignment_epoch into bad
      from unnest(p_topics, p_partitions, p_epochs) w(topic, partition, epoch)
      left join outbox.topic t on t.name = w.topic
      left join log.group_partition p on p.group_id = v_group_id and p.topic_id = t.id and p.partition = w.partition
      where p.owner is distinct from p_member or p.assignment_epoch is distinct from w.epoch
      limit 1;
      raise exception 'group %: member % does not own partition % of topic % under assignment %: its owner is %, under assignment %',
        p_group, p_member, bad.partition, bad.topic, bad.epoch, coalesce(bad.owner, 'nobody'), coalesce(bad.assignment_epoch, 0)
        using errcode = 'TM011';
    end if;

    perform 1
    from unnest(p_topics, p_partitions) w(topic, partition)
    join outbox.topic t on t.name = w.topic
    join log.group_offset o on o.group_id = v_group_id and o.topic_id = t.id and o.partition = w.partition
    order by o.topic_id, o.partition
    for update of o;

    select w.topic, w.partition, w."offset", o.next_offset, coalesce(h.next_offset, 0) as end_offset into bad
    from unnest(p_topics, p_partitions, p_offsets) w(topic, partition, "offset")
    join outbox.topic t on t.name = w.topic
    join log.group_offset o on o.group_id = v_group_id and o.topic_id = t.id and o.partition = w.partition
    left join log.head h on h.topic_id = t.id and h.partition = w.partition
    where w."offset" is null or w."offset" < o.next_offset or w."offset" > coalesce(h.next_offset, 0)
    limit 1;
    if found then
      raise exception 'group %: partition % of topic % is committed up to % and ends at %, so % cannot be committed',
        p_group, bad.partition, bad.topic, bad.next_offset, bad.end_offset, coalesce(bad."offset"::text, 'null')
        using errcode = 'TM012', hint = 'Commit the offset after the last record that was handled. Offsets move backwards only by a reset of the group.';
    end if;

    update log.group_offset o
    set next_offset = w."offset", metadata = w.metadata, committed_at = clock_timestamp(), committed_by = p_member
    from unnest(p_topics, p_partitions, p_offsets, p_metadata) w(topic, partition, "offset", metadata)
    join outbox.topic t on t.name = w.topic
    where o.group_id = v_group_id and o.topic_id = t.id and o.partition = w.partition;
  end $function$;

CREATE OR REPLACE FUNCTION log.commit_step(p_term bigint, p_from bigint, p_to bigint, p_lease_ms integer, p_topic_ids integer[], p_partitions integer[], p_base_offsets bigint[], p_bytes bigint[], p_first_us bigint[], p_last_us bigint[], p_high_us bigint[], p_placeholders integer[], p_positions text[], p_poison jsonb DEFAULT NULL::jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    moved    integer;
    expected integer;
  begin
    update log.sequencer s
    set cursor = p_to, expires_at = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
    where s.term = p_term and s.cursor = p_from and p_to >= p_from;
    if not found then
      return false;
    end if;
    if p_topic_ids is null or cardinality(p_topic_ids) = 0 then
      return true;
    end if;

    insert into log.batch (topic_id, partition, base_offset, records, bytes, step, first_time, last_time, time_high, placeholders, positions)
    select b.topic_id, b.partition, b.base_offset, cardinality(b.positions::bigint[]), b.bytes, p_to,
           'epoch'::timestamptz + b.first_us * interval '1 microsecond', 'epoch'::timestamptz + b.last_us * interval '1 microsecond',
           'epoch'::timestamptz + b.high_us * interval '1 microsecond', b.placeholders, b.positions::bigint[]
    from unnest(p_topic_ids, p_partitions, p_base_offsets, p_bytes, p_first_us, p_last_us, p_high_us, p_placeholders, p_positions)
      as b(topic_id, partition, base_offset, bytes, first_us, last_us, high_us, placeholders, positions);

    with appended as (
      select b.topic_id, b.partition, min(b.base_offset) as base_offset, max(b.base_offset + b.records) as next_offset,
             max(b.time_high) as time_high, max(b.positions[b.records]) as last_position
      from log.batch b
      join unnest(p_topic_ids, p_partitions, p_base_offsets) as p(topic_id, partition, base_offset) using (topic_id, partition, base_offset)
      group by b.topic_id, b.partition
    ), written as (
      insert into log.head as h (topic_id, partition, next_offset, last_position, time_high)
      select a.topic_id, a.partition, a.next_offset, a.last_position, a.time_high from appended a
      on conflict (topic_id, partition) do update
        set next_offset = excluded.next_offset, last_position = excluded.last_position, time_high = excluded.time_high
        where h.next_offset = (select a.base_offset from appended a where a.topic_id = h.topic_id and a.partition = h.partition)
      returning 1
    )
    select (select count(*) from written), (select count(*) from appended) into moved, expected;
    if moved <> expected then
      raise exception 'the end of a partition is not where this sequencer left it' using errcode = 'TM009';
    end if;

    if p_poison is not null then
      insert into log.placeholder (topic_id, partition, "offset", position, reason, detail)
      select p.topic_id, p.partition, p."offset", p.position, p.reason, p.detail
      from jsonb_to_recordset(p_poison) as p(topic_id integer, partition integer, "offset" bigint, position bigint, reason text, detail text);
    end if;
    return true;
  end $function$;

CREATE OR REPLACE FUNCTION log.grant_consumer(p_role name)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    execute format('grant usage on schema outbox, log to %I', p_role);
    execute format('grant select on outbox.topic, outbox.message, log.head, log.batch, log.placeholder, log.sequencer to %I', p_role);
    execute format('grant select, insert, update, delete on log.group_member, log.group_partition, log.group_offset to %I', p_role);
    execute format('grant select, insert, update on log.consumer_group to %I', p_role);
    execute format('grant execute on function log.commit_offsets(text, text, text[], integer[], bigint[], bigint[], text[]), '
      || 'log.locate_page(text, integer, bigint, bigint), log.locate_pages(text, integer[], bigint[], bigint) to %I', p_role);
  end $function$;

CREATE OR REPLACE FUNCTION log.hold_cluster(p_id integer, p_term bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    perform from log.cluster c where c.id = p_id and c.term = p_term and c.holder is not null for no key update;
    return found;
  end $function$;

CREATE OR REPLACE FUNCTION log.locate_page(p_topic text, p_partition integer, p_offset bigint, p_end bigint)
 RETURNS TABLE(topic_id integer, partitions integer, start_offset bigint, next_offset bigint, bytes bigint, records integer, placeholders integer, positions text)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  declare
    v_topic record;
    v_first bigint;
  begin
    select t.id, t.partitions, coalesce(h.start_offset, 0) as start_offset, coalesce(h.next_offset, 0) as next_offset into v_topic
    from outbox.topic t
    left join log.head h on h.topic_id = t.id and h.partition = p_partition
    where t.name = p_topic;
    if not found then
      return;
    end if;
    
      select d.base_offset into v_first from log.batch d
      where d.topic_id = v_topic.id and d.partition = p_partition and d.base_offset <= p_offset
      order by d.base_offset desc limit 1;
    return query
      select v_topic.id, v_topic.partitions, v_topic.start_offset, v_topic.next_offset, c.bytes, c.records, c.placeholders,
             array_to_string(c.positions[least(greatest(p_offset - c.base_offset + 1, 1), c.records + 1):least(p_end - c.base_offset, c.records)], ',')
      from log.batch c
      where c.topic_id = v_topic.id and c.partition = p_partition and c.base_offset >= coalesce(v_first, 0) and c.base_offset < p_end
      order by c.base_offset;
    if not found then
      return query select v_topic.id, v_topic.partitions, v_topic.start_offset, v_topic.next_offset,
        null::bigint, null::integer, null::integer, null::text;
    end if;
  end $function$;

CREATE OR REPLACE FUNCTION log.locate_pages(p_topic text, p_partitions integer[], p_offsets bigint[], p_limit bigint)
 RETURNS TABLE(topic_id integer, partition integer, "offset" bigint, start_offset bigint, next_offset bigint, bytes bigint, records integer, placeholders integer, positions text)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  declare
    v_topic integer;
    v_page  record;
    v_first bigint;
    v_some  boolean := false;
  begin
    select t.id into v_topic from outbox.topic t where t.name = p_topic;
    if not found then
      return;
    end if;
    for v_page in
      select h.partition, coalesce(o."offset", h.start_offset) as "offset", h.start_offset, h.next_offset,
             least(coalesce(o."offset", h.start_offset), h.next_offset) + p_limit as "end"
      from log.head h
      left join unnest(p_partitions, p_offsets) as o(partition, "offset") on o.partition = h.partition
      where h.topic_id = v_topic and coalesce(o."offset", h.start_offset) < h.next_offset
      order by h.partition
    loop
      
      select d.base_offset into v_first from log.batch d
      where d.topic_id = v_topic and d.partition = v_page.partition and d.base_offset <= v_page."offset"
      order by d.base_offset desc limit 1;
      return query
        select v_topic, v_page.partition, v_page."offset", v_page.start_offset, v_page.next_offset, c.bytes, c.records, c.placeholders,
             array_to_string(c.positions[least(greatest(v_page."offset" - c.base_offset + 1, 1), c.records + 1):least(v_page."end" - c.base_offset, c.records)], ',')
        from log.batch c
      where c.topic_id = v_topic and c.partition = v_page.partition and c.base_offset >= coalesce(v_first, 0) and c.base_offset < v_page."end"
      order by c.base_offset;
      v_some := v_some or found;
    end loop;
    if not v_some then
      return query select v_topic, null::integer, null::bigint, null::bigint, null::bigint,
        null::bigint, null::integer, null::integer, null::text;
    end if;
  end $function$;

CREATE OR REPLACE FUNCTION log.mark_cluster_opened(p_id integer, p_term bigint, p_topic_ids integer[], p_partitions integer[])
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    if not log.hold_cluster(p_id, p_term) then
      return false;
    end if;
    insert into log.cluster_partition as p (cluster_id, topic_id, partition, opened_term)
    select p_id, w.topic_id, w.partition, p_term from unnest(p_topic_ids, p_partitions) as w(topic_id, partition)
    on conflict (cluster_id, topic_id, partition) do update
      set opened_term = excluded.opened_term, updated_at = clock_timestamp() where p.opened_term is null;
    return true;
  end $function$;

CREATE OR REPLACE FUNCTION log.plan_runs(p_topic_ids integer[], p_partitions integer[], p_offsets bigint[], p_records bigint, p_bytes bigint)
 RETURNS TABLE(slice text, positions bigint[])
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
    select greatest(ceil(max((p_records - a.before) / a.others)), 64) into v_share
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
  end $function$;

CREATE OR REPLACE FUNCTION log.release_cluster(p_id integer, p_term bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    update log.cluster c set holder = null, holder_info = null, expires_at = null
    where c.id = p_id and c.term = p_term and c.holder is not null;
    return found;
  end $function$;

CREATE OR REPLACE FUNCTION log.release_lease(p_term bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    update log.sequencer s set holder = null, holder_info = null, expires_at = null where s.term = p_term;
    return found;
  end $function$;

CREATE OR REPLACE FUNCTION log.remove_cluster(p_name text, p_actor text DEFAULT SESSION_USER, p_role text DEFAULT 'database'::text, p_via text DEFAULT 'sql'::text, p_request_id text DEFAULT ''::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$;

CREATE OR REPLACE FUNCTION log.renew_cluster(p_id integer, p_term bigint, p_lease_ms integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    update log.cluster c set expires_at = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
    where c.id = p_id and c.term = p_term and c.holder is not null;
    return found;
  end $function$;

CREATE OR REPLACE FUNCTION log.renew_lease(p_term bigint, p_lease_ms integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    update log.sequencer s set expires_at = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0) where s.term = p_term and s.holder is not null;
    return found;
  end $function$;

CREATE OR REPLACE FUNCTION log.request_cluster(p_cluster text, p_topic text, p_partition integer, p_action text, p_from_offset bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$;

CREATE OR REPLACE FUNCTION log.required_position()
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET jit TO 'off'
AS $function$
    select min(b.positions[(n.next_offset - b.base_offset + 1)::integer])
    from log.consumer_group g
    join log.head h on exists (select 1 from log.group_partition s where s.group_id = g.id and s.topic_id = h.topic_id)
    left join log.group_offset o on o.group_id = g.id and o.topic_id = h.topic_id and o.partition = h.partition
    cross join lateral (select greatest(coalesce(o.next_offset, 0), h.start_offset) as next_offset) n
    cross join lateral (
      select b.base_offset, b.positions from log.batch b
      where b.topic_id = h.topic_id and b.partition = h.partition and b.base_offset <= n.next_offset
      order by b.base_offset desc limit 1
    ) b
    where g.required and n.next_offset < h.next_offset
  $function$;

CREATE OR REPLACE FUNCTION log.save_cluster_identity(p_id integer, p_term bigint, p_kafka_cluster_id text, p_producer_id bigint, p_producer_epoch integer, p_mode text, p_mode_reason text)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$;

CREATE OR REPLACE FUNCTION log.save_cluster_placeholder(p_id integer, p_term bigint, p_topic_id integer, p_partition integer, p_offset bigint, p_reason text, p_detail text)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    if not log.hold_cluster(p_id, p_term) then
      return false;
    end if;
    insert into log.cluster_placeholder (cluster_id, topic_id, partition, "offset", reason, detail)
    values (p_id, p_topic_id, p_partition, p_offset, p_reason, p_detail)
    on conflict (cluster_id, topic_id, partition, "offset") do nothing;
    return true;
  end $function$;

CREATE OR REPLACE FUNCTION log.save_cluster_progress(p_id integer, p_term bigint, p_lease_ms integer, p_topic_ids integer[], p_partitions integer[], p_offsets bigint[], p_positions bigint[], p_troubles text[])
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$;

CREATE OR REPLACE FUNCTION log.save_cluster_segments(p_id integer, p_term bigint, p_topic_id integer, p_partition integer, p_from_offsets bigint[], p_deltas bigint[], p_sequence_deltas bigint[], p_reasons text[])
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$;

CREATE OR REPLACE FUNCTION log.save_cluster_topics(p_id integer, p_term bigint, p_topics jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$;

CREATE OR REPLACE FUNCTION log.take_cluster_requests(p_id integer, p_term bigint)
 RETURNS SETOF log.cluster_request
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    -- The usual answer is none, and takes no lock.
    if not exists (select from log.cluster_request r where r.cluster_id = p_id) or not log.hold_cluster(p_id, p_term) then
      return;
    end if;
    return query delete from log.cluster_request r where r.cluster_id = p_id returning r.*;
  end $function$;

comment on column log.batch.bytes is 'Bytes of key, payload and headers of all records.';

comment on column log.batch.step is 'The cursor after the step that appended the batch: the message at position p is in the first step that is not below p.';

comment on column log.batch.time_high is 'Highest time up to the end of this batch, so that it never falls along the partition.';

comment on column log.batch.positions is 'Position of each record, ascending: offset = base_offset + index.';

comment on table log.cluster is 'Kafka clusters that the log is published to, and who publishes.';

comment on column log.cluster.required is 'Messages that this cluster shall have and lacks are not dropped, whatever their retention.';

comment on column log.cluster.producer_id is 'Drawn once per Kafka cluster: with another one its brokers could not tell a repeated batch from a new one.';

comment on column log.cluster.term is 'Grows with each change of publisher; what is written under an older one changes nothing.';

comment on table log.cluster_canary is 'The last synthetic message of each cluster: ms from its commit until it could be read there, or why it could not.';

comment on column log.cluster_partition.acked_offset is 'Log offset: the records before it are on the cluster.';

comment on column log.cluster_partition.acked_position is 'Position of the last of them; 0 without any.';

comment on column log.cluster_partition.opened_term is 'The term under which a batch was first sent, whether or not it arrived; null: nothing was ever sent.';

comment on column log.cluster_partition.trouble is 'Why it stands still; null while it does not.';

comment on table log.cluster_placeholder is 'Records that one cluster refused: a placeholder stands at their offset there, the record itself stays in the log.';

comment on table log.cluster_request is 'What the publisher of a cluster is asked to do with a partition; it takes the rows within a second. A newer request replaces an older one.';

comment on column log.cluster_request.action is 'locate: ask the cluster again where the partition ends, and put back what is missing there. accept: leave what the cluster holds as it is, and go on behind it with from_offset.';

comment on table log.cluster_segment is 'From a log offset on, until the next segment: cluster offset = log offset + delta, sequence = (log offset + sequence_delta) mod 2^31.';

comment on table log.cluster_topic is 'What becomes of each topic on each cluster. Without a row it is not decided yet.';

comment on column log.cluster_topic.name is 'Its name on the cluster.';

comment on column log.cluster_topic.kafka_topic_id is 'Kafka''s id of the topic when it was last seen: another one means that it was deleted and created again.';

comment on column log.consumer_group.epoch is 'Grows whenever the membership or a target changes.';

comment on column log.consumer_group.required is 'Messages that this group has not committed are not dropped, whatever their retention.';

comment on column log.consumer_group.start_from is 'Where the group starts in a topic that it has not read before.';

comment on column log.consumer_group.start_offsets is 'Where the group starts in the partitions named: [{"topic", "partition", "offset"}], the offset as text; in the others at the earliest.';

comment on column log.group_member.handover_timeout_ms is 'A member that keeps a partition for longer than this after it was asked to release it is removed.';

comment on column log.group_member.last_seen is 'By the clock of the database, so that the clocks of members do not matter.';

comment on column log.group_member.instance_id is 'Stays the same when the process starts again; the next member with it takes over the partitions of this one.';

comment on column log.group_offset.next_offset is 'The next offset to read, as in Kafka.';

comment on column log.group_offset.committed_at is 'Null until the first commit: the start position, stored when the group first saw the partition.';

comment on column log.group_partition.assignment_epoch is 'Grows with each claim: a commit counts only under the epoch of the claim it belongs to.';

comment on column log.group_partition.revoking_since is 'Since when the owner is not the target any more.';

comment on table log.head is 'Ends of each partition: records from start_offset (inclusive) to next_offset (exclusive) can be read.';

comment on table log.placeholder is 'Records whose message cannot be sent anywhere: a placeholder stands at their offset, the message stays in the outbox.';

comment on view log.retention_floor is 'Every required reader and the position up to which it has passed all messages. A reader without a row holds nothing.';

comment on table log.retention_hold is 'Readers that every message has to wait for, whatever its retention. A drop is decided under a SHARE lock on this table: a new reader inserts its row first and looks at log.head.start_offset afterwards, in a later statement.';

comment on column log.retention_hold."position" is 'The reader has passed every message up to this position.';

comment on table log.retention_lease is 'Whose turn it is to drop partitions. Two at once would get in each other''s way, but break nothing.';

comment on column log.sequencer.cursor is 'Every message up to this position is in log.batch.';

comment on column log.sequencer.term is 'Grows with each change of leader; a step commits only under the term it was made in.';


-- schema inbox

create sequence inbox.failure_id_seq as bigint minvalue 1 start 1;

create sequence inbox.parked_id_seq as bigint minvalue 1 start 1;

create table inbox.blocked_key (
  group_name text not null,
  topic text not null,
  key_hash bytea not null,
  key bytea not null,
  waiting_for uuid,
  blocked_at timestamp with time zone not null default clock_timestamp()
) with (fillfactor=50);

create table inbox.failure (
  id bigint not null generated always as identity,
  group_name text not null,
  topic text not null,
  partition integer not null,
  "offset" bigint not null,
  message_id uuid not null,
  dlq_id text not null,
  key bytea,
  handler text not null,
  app_version text,
  attempts integer not null,
  error_class text not null,
  error_cause_class text,
  error_message text not null,
  error_stack text,
  first_failed_at timestamp with time zone not null,
  last_failed_at timestamp with time zone not null,
  state text not null,
  sent_to text not null,
  due_at timestamp with time zone,
  resolution text,
  moved text[] not null,
  changed_at timestamp with time zone not null default clock_timestamp()
) with (fillfactor=80);

create table inbox.handled (
  handled_at timestamp with time zone not null,
  message_id uuid not null,
  group_name text not null
) partition by RANGE (handled_at);

create table inbox.handled_partition (
  lower timestamp with time zone not null,
  upper timestamp with time zone not null,
  relation text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  dropping_since timestamp with time zone
);

create table inbox.parked (
  id bigint not null generated always as identity,
  group_name text not null,
  topic text not null,
  key_hash bytea not null,
  partition integer not null,
  "offset" bigint not null,
  "position" bigint not null,
  message_id uuid not null,
  schema_id integer,
  time_ms bigint,
  parked_at timestamp with time zone not null default clock_timestamp(),
  key bytea not null,
  headers jsonb,
  payload bytea
);

create table inbox.retention_lease (
  singleton boolean not null default true,
  holder text,
  expires_at timestamp with time zone
);

create table inbox.settings (
  singleton boolean not null default true,
  keep_ms bigint not null default 604800000,
  partition_ms bigint not null default 86400000,
  partitions_ahead integer not null default 2,
  overlap_ms bigint not null default 900000,
  transaction_max_ms bigint not null default 600000,
  failures_keep_ms bigint not null default '2592000000'::bigint
);

alter table inbox.blocked_key add constraint blocked_key_group_name_check CHECK (((length(group_name) >= 1) AND (length(group_name) <= 249)));

alter table inbox.blocked_key add constraint blocked_key_pkey PRIMARY KEY (group_name, topic, key_hash);

alter table inbox.failure add constraint failure_app_version_check CHECK ((octet_length(app_version) <= 128));

alter table inbox.failure add constraint failure_attempts_check CHECK ((attempts >= 1));

alter table inbox.failure add constraint failure_check CHECK (((state = 'resolved'::text) = (resolution IS NOT NULL)));

alter table inbox.failure add constraint failure_dlq_id_check CHECK ((octet_length(dlq_id) <= 64));

alter table inbox.failure add constraint failure_error_cause_class_check CHECK ((octet_length(error_cause_class) <= 256));

alter table inbox.failure add constraint failure_error_class_check CHECK ((octet_length(error_class) <= 256));

alter table inbox.failure add constraint failure_error_message_check CHECK ((octet_length(error_message) <= 1024));

alter table inbox.failure add constraint failure_error_stack_check CHECK ((octet_length(error_stack) <= 8192));

alter table inbox.failure add constraint failure_group_name_check CHECK (((length(group_name) >= 1) AND (length(group_name) <= 249)));

alter table inbox.failure add constraint failure_group_name_topic_partition_offset_message_id_key UNIQUE (group_name, topic, partition, "offset", message_id);

alter table inbox.failure add constraint failure_handler_check CHECK ((octet_length(handler) <= 256));

alter table inbox.failure add constraint failure_pkey PRIMARY KEY (id);

alter table inbox.failure add constraint failure_state_check CHECK ((state = ANY (ARRAY['retrying'::text, 'dead'::text, 'resolved'::text])));

alter table inbox.handled add constraint refuse_late_commit TRIGGER DEFERRABLE INITIALLY DEFERRED;

alter table inbox.handled_partition add constraint handled_partition_check CHECK ((upper > lower));

alter table inbox.handled_partition add constraint handled_partition_pkey PRIMARY KEY (lower);

alter table inbox.parked add constraint parked_group_name_topic_key_hash_fkey FOREIGN KEY (group_name, topic, key_hash) REFERENCES inbox.blocked_key(group_name, topic, key_hash);

alter table inbox.parked add constraint parked_group_name_topic_partition_offset_message_id_key UNIQUE (group_name, topic, partition, "offset", message_id);

alter table inbox.parked add constraint parked_pkey PRIMARY KEY (id);

alter table inbox.retention_lease add constraint retention_lease_pkey PRIMARY KEY (singleton);

alter table inbox.retention_lease add constraint retention_lease_singleton_check CHECK (singleton);

alter table inbox.settings add constraint settings_check CHECK (((overlap_ms * 2) >= (transaction_max_ms * 3)));

alter table inbox.settings add constraint settings_check1 CHECK ((partition_ms >= overlap_ms));

alter table inbox.settings add constraint settings_check2 CHECK ((keep_ms >= (overlap_ms * 2)));

alter table inbox.settings add constraint settings_failures_keep_ms_check CHECK ((failures_keep_ms >= 60000));

alter table inbox.settings add constraint settings_partition_ms_check CHECK (((partition_ms % (1000)::bigint) = 0));

alter table inbox.settings add constraint settings_partitions_ahead_check CHECK (((partitions_ahead >= 1) AND (partitions_ahead <= 1000)));

alter table inbox.settings add constraint settings_pkey PRIMARY KEY (singleton);

alter table inbox.settings add constraint settings_singleton_check CHECK (singleton);

alter table inbox.settings add constraint settings_transaction_max_ms_check CHECK (((transaction_max_ms >= 100) AND (transaction_max_ms <= 86400000)));

CREATE INDEX blocked_key_by_age ON inbox.blocked_key USING btree (blocked_at);

CREATE INDEX blocked_key_by_message ON inbox.blocked_key USING btree (group_name, waiting_for);

CREATE INDEX blocked_key_due ON inbox.blocked_key USING btree (group_name, blocked_at) WHERE (waiting_for IS NULL);

CREATE INDEX failure_by_age ON inbox.failure USING btree (changed_at) WHERE (state <> 'retrying'::text);

CREATE INDEX failure_by_group ON inbox.failure USING btree (group_name, id);

CREATE INDEX failure_dead ON inbox.failure USING btree (changed_at) WHERE (state = 'dead'::text);

CREATE INDEX parked_by_key ON inbox.parked USING btree (group_name, topic, key_hash, id);

CREATE OR REPLACE FUNCTION inbox.block_key(p_group text, p_topic text, p_key bytea, p_message_id uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    insert into inbox.blocked_key as b (group_name, topic, key_hash, key, waiting_for)
    values (p_group, p_topic, sha256(p_key), p_key, p_message_id)
    on conflict (group_name, topic, key_hash) do update set waiting_for = excluded.waiting_for
    where b.waiting_for is null
  $function$;

CREATE OR REPLACE FUNCTION inbox.cover(p_from timestamp with time zone, p_to timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    v_width   bigint := (select s.partition_ms / 1000 from inbox.settings s);
    v_at      timestamptz := p_from;
    v_before  inbox.handled_partition;
    v_lower   timestamptz;
    v_upper   timestamptz;
    v_created integer := 0;
  begin
    while v_at < p_to loop
      select * into v_before from inbox.handled_partition p where p.lower <= v_at order by p.lower desc limit 1;
      if v_before.upper > v_at then
        v_at := v_before.upper;
        continue;
      end if;
      v_lower := to_timestamp(floor(extract(epoch from v_at) / v_width) * v_width);
      v_upper := least(v_lower + v_width * interval '1 second',
        (select p.lower from inbox.handled_partition p where p.lower > v_at order by p.lower limit 1));
      v_lower := greatest(v_lower, v_before.upper);
      if to_regclass('inbox.handled_' || to_char(v_lower at time zone 'UTC', 'YYYYMMDD_HH24MISS')) is not null then
        -- REPEATABLE READ and above: the list is older than the tables.
        raise exception 'the partitions of inbox.handled have changed since this transaction began' using errcode = '40001',
          hint = 'Run the transaction again.';
      end if;
      perform inbox.create_partition(v_lower, v_upper);
      v_created := v_created + 1;
      v_at := v_upper;
    end loop;
    return v_created;
  end $function$;

CREATE OR REPLACE FUNCTION inbox.create_partition(p_lower timestamp with time zone, p_upper timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    relation text := 'handled_' || to_char(p_lower at time zone 'UTC', 'YYYYMMDD_HH24MISS');
  begin
    execute format('create table inbox.%I (like inbox.handled)', relation);
    execute format('alter table inbox.%I add constraint %I unique (group_name, message_id)', relation, relation || '_key');
    execute format('alter table inbox.handled attach partition inbox.%I for values from (%L) to (%L)', relation, p_lower, p_upper);
    insert into inbox.handled_partition (lower, upper, relation) values (p_lower, p_upper, relation);
    return relation;
  end $function$;

CREATE OR REPLACE FUNCTION inbox.ensure_partitions(p_ahead integer DEFAULT NULL::integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    s inbox.settings;
  begin
    begin
      -- ONLY: without it the partitions are locked too, and autovacuum of one of them would be in the way.
      lock table only inbox.handled in share update exclusive mode nowait;
    exception when lock_not_available then
      return 0;
    end;
    select * into s from inbox.settings;
    return inbox.cover(clock_timestamp() - s.overlap_ms * interval '1 ms', clock_timestamp()
      + (s.overlap_ms + s.partition_ms * coalesce(p_ahead, s.partitions_ahead)) * interval '1 ms');
  end $function$;

CREATE OR REPLACE FUNCTION inbox.free_key(p_group text, p_topic text, p_key_hash bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    perform from inbox.blocked_key b
    where b.group_name = p_group and b.topic = p_topic and b.key_hash = p_key_hash and b.waiting_for is null for update skip locked;
    if found then
      -- A later statement: it sees what was parked before the key was ours. Under an older snapshot the reference does.
      delete from inbox.blocked_key b
      where b.group_name = p_group and b.topic = p_topic and b.key_hash = p_key_hash
        and not exists (select from inbox.parked q where q.group_name = p_group and q.topic = p_topic and q.key_hash = p_key_hash);
    end if;
  exception when foreign_key_violation then
    null;
  end $function$;

CREATE OR REPLACE FUNCTION inbox.grant_consumer(p_role name)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    execute format('grant usage on schema inbox to %I', p_role);
    execute format('grant execute on function inbox.mark_handled(text, uuid[]), inbox.refuse_late(text), inbox.record_failure(jsonb, text), inbox.settle_failure(text, text, integer, bigint, uuid), inbox.block_key(text, text, bytea, uuid), inbox.hold_blocked(text, text, bytea[]), inbox.park(jsonb, bytea, bytea), inbox.take_parked(text, text[]), inbox.settle_key(text, text, bytea, uuid) to %I', p_role);
  end $function$;

CREATE OR REPLACE FUNCTION inbox.hold_blocked(p_group text, p_topic text, p_keys bytea[])
 RETURNS boolean[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    if not exists (select from inbox.blocked_key b where b.group_name = p_group) then
      return array(select false from unnest(p_keys));
    end if;
    return (
      with held as (
        select b.key_hash, b.waiting_for is not null or exists (
            select from inbox.parked q where q.group_name = p_group and q.topic = p_topic and q.key_hash = b.key_hash) as blocked
        from inbox.blocked_key b
        where b.group_name = p_group and b.topic = p_topic and b.key_hash = any (array(select sha256(k.key) from unnest(p_keys) k(key)))
        order by b.key_hash for key share
      )
      select coalesce(array_agg(coalesce(h.blocked, false) order by k.place), '{}')
      from unnest(p_keys) with ordinality k(key, place) left join held h on h.key_hash = sha256(k.key)
    );
  end $function$;

CREATE OR REPLACE FUNCTION inbox.mark_handled(p_group text, p_ids uuid[])
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET jit TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
  declare
    v_now   constant timestamptz := clock_timestamp();
    s       inbox.settings;
    v_from  timestamptz;
    v_to    timestamptz;
    near    record;
    v_fresh uuid[];
    v_at    timestamptz;
    v_name  text;
  begin
    if p_group is null or length(p_group) not between 1 and 249 then
      raise exception 'a group must have a name of 1 to 249 characters' using errcode = 'TM021';
    elsif p_ids is null or cardinality(p_ids) > 10000 or array_position(p_ids, null) is not null then
      raise exception 'group %: message ids must be an array of at most 10000, none of them null', p_group using errcode = 'TM021';
    end if;
    select * into s from inbox.settings;
    v_from := v_now - s.overlap_ms * interval '1 ms';
    v_to := v_now + s.overlap_ms * interval '1 ms';
    if v_now - transaction_timestamp() > s.transaction_max_ms * interval '1 ms' then
      perform inbox.refuse_late(p_group);
    end if;

    for attempt in 1..2 loop
      select sum(least(p.upper, v_to) - greatest(p.lower, v_from)) = v_to - v_from as covered, min(p.lower) as lower, max(p.upper) as upper,
             array_agg(greatest(p.lower, least(v_now, p.upper - interval '1 us')) order by p.lower) as times,
             array_agg(p.relation order by p.lower) as relations
      into near from inbox.handled_partition p where p.lower < v_to and p.upper > v_from;
      exit when near.covered;
      -- Nobody has made them ahead. Waits for whoever is making them (the tables of an open transaction are nobody else's yet).
      lock table only inbox.handled in share update exclusive mode;
      perform inbox.cover(v_from, v_to);
    end loop;
    if near.covered is not true then
      raise exception 'inbox.handled has no partition for now' using errcode = '40001', hint = 'Run the transaction again.';
    end if;
    if not exists (select from inbox.handled_partition p where p.upper > v_to + s.partition_ms / 2 * interval '1 ms') then
      perform inbox.ensure_partitions(1);
    end if;
    if cardinality(near.relations) > 1 then
      foreach v_name in array near.relations loop
        -- A session learns of partitions that others made when it takes a lock that its transaction did not have.
        execute format('lock table only inbox.%I in access share mode', v_name);
      end loop;
    end if;

    select array_agg(f.id order by f.id) into v_fresh from (
      select i.id from unnest(p_ids) i(id)
      except
      select h.message_id from inbox.handled h
      where h.group_name = p_group and h.message_id = any (p_ids) and (h.handled_at < near.lower or h.handled_at >= near.upper)
    ) f;
    foreach v_at in array near.times loop
      exit when v_fresh is null;
      with written as (
        insert into inbox.handled (handled_at, message_id, group_name)
        select v_at, f.id, p_group from unnest(v_fresh) f(id) order by f.id
        on conflict do nothing returning message_id
      )
      select array_agg(w.message_id order by w.message_id) into v_fresh from written w;
    end loop;
    return query select unnest(v_fresh);
  end $function$;

CREATE OR REPLACE FUNCTION inbox.park(p_record jsonb, p_key bytea, p_payload bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    r constant inbox.parked := jsonb_populate_record(null::inbox.parked, p_record);
  begin
    perform from inbox.blocked_key b
    where b.group_name = r.group_name and b.topic = r.topic and b.key_hash = sha256(p_key) for key share;
    if not found then
      raise exception 'group %: message % of topic % has nothing to wait for', r.group_name, r.message_id, r.topic using errcode = 'TM022';
    end if;
    insert into inbox.parked (group_name, topic, key_hash, partition, "offset", "position", message_id, schema_id, time_ms, key, headers, payload)
    values (r.group_name, r.topic, sha256(p_key), r.partition, r."offset", r."position", r.message_id, r.schema_id, r.time_ms, p_key, r.headers, p_payload)
    on conflict (group_name, topic, partition, "offset", message_id) do nothing;
    return found;
  end $function$;

CREATE OR REPLACE FUNCTION inbox.record_failure(p_failure jsonb, p_delivery text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  end $function$;

CREATE OR REPLACE FUNCTION inbox.refuse_late(p_group text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    v_max interval := (select s.transaction_max_ms * interval '1 ms' from inbox.settings s);
    v_age interval := clock_timestamp() - transaction_timestamp();
  begin
    if v_age > v_max then
      raise exception 'group %: the transaction that handles messages has been open for % s', p_group, round(extract(epoch from v_age), 1)
        using errcode = 'TM020', hint = format('Its effects are undone. Handle messages in transactions of at most %s s.', extract(epoch from v_max)::float8);
    end if;
  end $function$;

CREATE OR REPLACE FUNCTION inbox.refuse_late_commit()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  begin
    if clock_timestamp() - transaction_timestamp() > interval '100 ms' then
      perform inbox.refuse_late(new.group_name);
    end if;
    return null;
  end $function$;

CREATE OR REPLACE FUNCTION inbox.resolve_key(p_group text, p_topic text, p_key bytea, p_reason text, p_actor text DEFAULT SESSION_USER, p_role text DEFAULT 'database'::text, p_via text DEFAULT 'sql'::text, p_request_id text DEFAULT ''::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    was      inbox.blocked_key;
    resolved jsonb;
  begin
    if p_reason is null or length(p_reason) not between 1 and 1000 then
      raise exception 'group %: a key is resolved for a reason of 1 to 1000 characters', p_group using errcode = 'TM021';
    end if;
    select b.* into was from inbox.blocked_key b
    where b.group_name = p_group and b.topic = p_topic and b.key_hash = sha256(p_key) for no key update;
    if not found then
      raise exception 'group %: nothing of topic % waits behind key %', p_group, p_topic, encode(substring(p_key from 1 for 100), 'escape')
        using errcode = 'TM022';
    end if;
    update inbox.failure f set state = 'resolved', resolution = 'by hand: ' || p_reason, due_at = null, changed_at = clock_timestamp()
    where f.group_name = p_group and f.topic = p_topic and f.message_id = was.waiting_for and f.state <> 'resolved';
    update inbox.blocked_key b set waiting_for = null
    where b.group_name = p_group and b.topic = p_topic and b.key_hash = was.key_hash;
    resolved := jsonb_build_object('topic', p_topic, 'key', encode(p_key, 'base64'), 'messageId', was.waiting_for, 'reason', p_reason, 'parked', (
      select count(*) from inbox.parked q where q.group_name = p_group and q.topic = p_topic and q.key_hash = was.key_hash));
    perform inbox.free_key(p_group, p_topic, was.key_hash);
    if p_actor is not null then
      insert into audit.entry (actor, role, via, action, target, detail, request_id)
      values (p_actor, p_role, p_via, 'inbox.resolve-key', p_group, resolved, p_request_id);
    end if;
    return resolved;
  end $function$;

CREATE OR REPLACE FUNCTION inbox.settle_failure(p_group text, p_topic text, p_partition integer, p_offset bigint, p_message_id uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update inbox.failure f set state = 'resolved', resolution = 'handled', due_at = null, changed_at = clock_timestamp()
    where f.group_name = p_group and f.topic = p_topic and f.partition = p_partition and f."offset" = p_offset
      and f.message_id = p_message_id and f.state <> 'resolved'
  $function$;

CREATE OR REPLACE FUNCTION inbox.settle_key(p_group text, p_topic text, p_key bytea, p_message_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    update inbox.blocked_key b set waiting_for = null
    where b.group_name = p_group and b.topic = p_topic and b.key_hash = sha256(p_key) and b.waiting_for = p_message_id;
    if found then
      perform inbox.free_key(p_group, p_topic, sha256(p_key));
    end if;
  end $function$;

CREATE OR REPLACE FUNCTION inbox.take_parked(p_group text, p_topics text[])
 RETURNS SETOF inbox.parked
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    due    inbox.blocked_key;
    taken  inbox.parked;
    passed bytea[] := '{}';
  begin
    while cardinality(passed) < 100 loop
      select b.* into due from inbox.blocked_key b
      where b.group_name = p_group and b.waiting_for is null and b.topic = any (p_topics) and b.key_hash <> all (passed)
      order by b.blocked_at limit 1 for no key update skip locked;
      exit when not found;
      delete from inbox.parked q where q.id = (
        select p.id from inbox.parked p where p.group_name = p_group and p.topic = due.topic and p.key_hash = due.key_hash order by p.id limit 1
      ) returning * into taken;
      if found then
        return next taken;
        return;
      end if;
      perform inbox.free_key(p_group, due.topic, due.key_hash);
      passed := passed || due.key_hash;
    end loop;
  end $function$;

CREATE CONSTRAINT TRIGGER refuse_late_commit AFTER INSERT ON inbox.handled DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION inbox.refuse_late_commit();

CREATE CONSTRAINT TRIGGER refuse_late_commit AFTER INSERT ON inbox.handled_20261121_000000 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION inbox.refuse_late_commit();

CREATE CONSTRAINT TRIGGER refuse_late_commit AFTER INSERT ON inbox.handled_20261122_000000 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION inbox.refuse_late_commit();

CREATE CONSTRAINT TRIGGER refuse_late_commit AFTER INSERT ON inbox.handled_20261123_000000 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION inbox.refuse_late_commit();

comment on table inbox.blocked_key is 'Keys whose later messages are parked. key_hash is the sha256 of the key, which may be too long for an index.';

comment on column inbox.blocked_key.waiting_for is 'The message that must be handled, or given up by inbox.resolve_key, before what is parked goes on; null: it goes on.';

comment on table inbox.failure is 'Messages that a group could not handle, by where they were first published. The message id tells records apart that had the same offset: on another cluster, or before their topic was created again.';

comment on column inbox.failure.attempts is 'How often the handler has been tried, over all retries.';

comment on column inbox.failure.first_failed_at is 'By the clock of the consumer, as last_failed_at.';

comment on column inbox.failure.sent_to is 'Where the message was last sent: a retry topic, or that of the dead letters.';

comment on column inbox.failure.resolution is 'handled, or by hand with the reason.';

comment on column inbox.failure.moved is 'The last 32 deliveries (topic/partition/offset) that sent the message on.';

comment on table inbox.handled is 'Messages whose effects are committed, by group. Near the end of a partition a row stands in both; handled_at is then the end of the one that it is not in by its own time.';

comment on table inbox.handled_partition is 'Partitions of inbox.handled: from lower (inclusive) to upper (exclusive).';

comment on table inbox.parked is 'Messages that wait behind a blocked key, in the order of id; bytes as they came, headers as in outbox.message.';

comment on column inbox.parked.time_ms is 'The time of the record, ms since 1970; null when it has none that can be told.';

comment on table inbox.retention_lease is 'Whose turn it is to drop partitions. Two at once would get in each other''s way, but break nothing.';

comment on column inbox.settings.keep_ms is 'A message that comes again within this time after it was handled is skipped; default 7 days.';

comment on column inbox.settings.partition_ms is 'Time per partition of inbox.handled, default 1 day; applies to partitions created from now on.';

comment on column inbox.settings.partitions_ahead is 'Empty partitions kept ready ahead of the consumers.';

comment on column inbox.settings.overlap_ms is 'Rows are written to each partition that is this near. Change it while no consumer runs.';

comment on column inbox.settings.transaction_max_ms is 'A transaction that handles messages and has been open for longer is refused. Change it while no consumer runs.';

comment on column inbox.settings.failures_keep_ms is 'Failures that are resolved or dead are forgotten this long after their last change; default 30 days.';


-- schema registry

create sequence registry.context_id_seq as integer minvalue 1 start 1;

create sequence registry.schema_id_1 as integer minvalue 1 start 1;

create table registry.association (
  guid uuid not null default gen_random_uuid(),
  context text not null,
  subject text not null,
  resource_name text not null,
  resource_namespace text not null,
  resource_id text not null,
  resource_type text not null,
  association_type text not null,
  lifecycle text not null,
  frozen boolean not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  updated_at timestamp with time zone not null default clock_timestamp()
);

create table registry.config (
  context text not null,
  subject text not null,
  alias text,
  alias_for_deks text,
  "normalize" boolean,
  validate_fields boolean,
  validate_new_schemas boolean,
  validate_rules boolean,
  compatibility_level text,
  compatibility_policy text,
  compatibility_group text,
  default_metadata jsonb,
  override_metadata jsonb,
  default_rule_set jsonb,
  override_rule_set jsonb
);

create table registry.context (
  id integer not null generated always as identity,
  name text not null,
  listed boolean not null default true,
  created_at timestamp with time zone not null default clock_timestamp()
);

create table registry.mode (
  context text not null,
  subject text not null,
  mode text not null
);

create table registry.revision (
  singleton boolean not null default true,
  number bigint not null default 1
) with (fillfactor=10);

create table registry.schema (
  context_id integer not null,
  id integer not null,
  fingerprint bytea not null,
  likeness bytea not null,
  guid uuid not null,
  duplicate boolean not null default false,
  type text not null,
  text text not null,
  refs jsonb not null default '[]'::jsonb,
  metadata jsonb,
  rule_set jsonb,
  created_at timestamp with time zone not null default clock_timestamp()
);

create table registry.schema_reference (
  context_id integer not null,
  schema_id integer not null,
  "position" integer not null,
  target_context_id integer not null,
  target_subject text not null,
  target_version integer not null
);

create table registry.subject_version (
  context_id integer not null,
  subject text not null,
  version integer not null,
  schema_id integer not null,
  referencing boolean not null default false,
  deleted_at timestamp with time zone,
  registered_by text not null,
  created_at timestamp with time zone not null default clock_timestamp()
);

alter table registry.association add constraint association_association_type_check CHECK ((association_type = ANY (ARRAY['key'::text, 'value'::text])));

alter table registry.association add constraint association_by_resource UNIQUE (resource_id, resource_type, association_type);

alter table registry.association add constraint association_check CHECK (((NOT frozen) OR (lifecycle = 'STRONG'::text)));

alter table registry.association add constraint association_lifecycle_check CHECK ((lifecycle = ANY (ARRAY['STRONG'::text, 'WEAK'::text])));

alter table registry.association add constraint association_pkey PRIMARY KEY (guid);

alter table registry.config add constraint config_compatibility_level_check CHECK ((compatibility_level = ANY (ARRAY['NONE'::text, 'BACKWARD'::text, 'FORWARD'::text, 'FULL'::text, 'BACKWARD_TRANSITIVE'::text, 'FORWARD_TRANSITIVE'::text, 'FULL_TRANSITIVE'::text])));

alter table registry.config add constraint config_compatibility_policy_check CHECK ((compatibility_policy = ANY (ARRAY['STRICT'::text, 'LENIENT'::text, 'LOGICAL'::text])));

alter table registry.config add constraint config_pkey PRIMARY KEY (context, subject);

alter table registry.context add constraint context_name_check CHECK (((name ~ '^\.'::text) AND (name !~ ':'::text)));

alter table registry.context add constraint context_name_key UNIQUE (name);

alter table registry.context add constraint context_pkey PRIMARY KEY (id);

alter table registry.mode add constraint mode_mode_check CHECK ((mode = ANY (ARRAY['READWRITE'::text, 'READONLY'::text, 'READONLY_OVERRIDE'::text, 'IMPORT'::text, 'FORWARD'::text])));

alter table registry.mode add constraint mode_pkey PRIMARY KEY (context, subject);

alter table registry.revision add constraint revision_pkey PRIMARY KEY (singleton);

alter table registry.revision add constraint revision_singleton_check CHECK (singleton);

alter table registry.schema add constraint schema_context_id_fkey FOREIGN KEY (context_id) REFERENCES registry.context(id);

alter table registry.schema add constraint schema_fingerprint_check CHECK ((length(fingerprint) = 16));

alter table registry.schema add constraint schema_id_check CHECK ((id > 0));

alter table registry.schema add constraint schema_likeness_check CHECK ((length(likeness) = 16));

alter table registry.schema add constraint schema_pkey PRIMARY KEY (context_id, id);

alter table registry.schema add constraint schema_type_check CHECK ((type = ANY (ARRAY['AVRO'::text, 'JSON'::text, 'PROTOBUF'::text])));

alter table registry.schema_reference add constraint schema_reference_context_id_schema_id_fkey FOREIGN KEY (context_id, schema_id) REFERENCES registry.schema(context_id, id) ON DELETE CASCADE;

alter table registry.schema_reference add constraint schema_reference_pkey PRIMARY KEY (context_id, schema_id, "position");

alter table registry.schema_reference add constraint schema_reference_target_context_id_fkey FOREIGN KEY (target_context_id) REFERENCES registry.context(id);

alter table registry.subject_version add constraint subject_version_context_id_schema_id_fkey FOREIGN KEY (context_id, schema_id) REFERENCES registry.schema(context_id, id);

alter table registry.subject_version add constraint subject_version_pkey PRIMARY KEY (context_id, subject, version);

alter table registry.subject_version add constraint subject_version_version_check CHECK ((version > 0));

CREATE INDEX association_by_name ON registry.association USING btree (resource_name, resource_namespace);

CREATE INDEX association_by_subject ON registry.association USING btree (context, subject);

CREATE INDEX config_alias ON registry.config USING btree (alias) WHERE (alias IS NOT NULL);

CREATE UNIQUE INDEX schema_fingerprint ON registry.schema USING btree (context_id, fingerprint, type) WHERE (NOT duplicate);

CREATE INDEX schema_guid ON registry.schema USING btree (guid, context_id);

CREATE INDEX schema_likeness ON registry.schema USING btree (context_id, likeness);

CREATE INDEX schema_reference_target ON registry.schema_reference USING btree (target_context_id, target_subject, target_version);

CREATE INDEX subject_version_referencing ON registry.subject_version USING btree (context_id, subject, version) WHERE referencing;

CREATE INDEX subject_version_schema ON registry.subject_version USING btree (context_id, schema_id, subject, version);

CREATE OR REPLACE FUNCTION registry.draw_id(p_context_id integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    perform pg_advisory_xact_lock_shared(8389467233977368576 + p_context_id);
    return nextval(format('registry.%I', 'schema_id_' || p_context_id)::regclass);
  end $function$;

CREATE OR REPLACE FUNCTION registry.find_alike(p_context text, p_subject text, p_likeness bytea, p_or_referencing boolean)
 RETURNS TABLE(revision bigint, last integer, found json, fingerprint bytea)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  declare
    v_revision bigint;
    v_context  integer;
    v_last     integer;
    v_versions integer[];
  begin
    select r.number into v_revision from registry.revision r;
    select c.id into v_context from registry.context c where c.name = p_context;
    select v.version into v_last from registry.subject_version v
    where v.context_id = v_context and v.subject = p_subject order by v.version desc limit 1;
    if found then
      select array_agg(v.version) into v_versions from registry.schema s
      join registry.subject_version v on v.context_id = s.context_id and v.schema_id = s.id and v.subject = p_subject
      where s.context_id = v_context and s.likeness = p_likeness;
      if p_or_referencing then
        v_versions := v_versions || array(
          select v.version from registry.subject_version v
          where v.context_id = v_context and v.subject = p_subject and v.referencing);
      end if;
    end if;
    if coalesce(cardinality(v_versions), 0) = 0 then
      return query select v_revision, coalesce(v_last, 0), null::json, null::bytea;
      return;
    end if;
    return query
      select v_revision, v_last, to_json(f), f.fingerprint
      from (
        select v.context_id, c.name as context, v.subject, v.version, v.deleted_at is not null as deleted,
  floor(extract(epoch from v.created_at) * 1000)::float8 as ts, s.id, s.guid, s.type, s.text, s.refs, s.metadata, s.rule_set, s.fingerprint from registry.subject_version v
  join registry.schema s on s.context_id = v.context_id and s.id = v.schema_id
  join registry.context c on c.id = v.context_id
        where v.context_id = v_context and v.subject = p_subject and v.version = any(v_versions)
      ) f
      order by f.version desc;
  end $function$;

CREATE OR REPLACE FUNCTION registry.find_or_state(p_context text, p_subject text, p_likeness bytea, p_or_referencing boolean)
 RETURNS TABLE(revision bigint, last integer, found json, fingerprint bytea, context_id integer, listed boolean, latest json, configs json, modes json)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  declare
    v_alike record;
  begin
    for v_alike in select * from registry.find_alike(p_context, p_subject, p_likeness, p_or_referencing) loop
      if v_alike.found is not null then
        return query select v_alike.revision, v_alike.last, v_alike.found, v_alike.fingerprint,
          null::integer, null::boolean, null::json, null::json, null::json;
        continue;
      end if;
      return query
        select v_alike.revision, v_alike.last, null::json, null::bytea, s.context_id, s.listed, s.latest, s.configs, s.modes
        from (select) one left join registry.registration_state(p_context, p_subject) s on true;
    end loop;
  end $function$;

CREATE OR REPLACE FUNCTION registry.live_versions(p_context text, p_subject text, p_after integer, p_before integer, p_limit integer)
 RETURNS TABLE(context_id integer, context text, subject text, version integer, deleted boolean, ts double precision, id integer, guid uuid, type text, text text, refs jsonb, metadata jsonb, rule_set jsonb)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  begin
    return query
      select v.context_id, c.name as context, v.subject, v.version, v.deleted_at is not null as deleted,
  floor(extract(epoch from v.created_at) * 1000)::float8 as ts, s.id, s.guid, s.type, s.text, s.refs, s.metadata, s.rule_set from registry.subject_version v
  join registry.schema s on s.context_id = v.context_id and s.id = v.schema_id
  join registry.context c on c.id = v.context_id
      where c.name = p_context and v.subject = p_subject and v.deleted_at is null
        and v.version > coalesce(p_after, 0) and v.version < coalesce(p_before, 2147483647)
      order by v.version desc limit p_limit;
  end $function$;

CREATE OR REPLACE FUNCTION registry.lock_unmoved(p_context_id integer, p_subject text, p_revision bigint, p_last integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    v_last integer;
  begin
    if current_setting('transaction_isolation') <> 'read committed' then
      return false;
    end if;
    perform pg_advisory_xact_lock_shared(8389449641791324160 + p_context_id);
    perform pg_advisory_xact_lock(8389432049605279744 + (hashtextextended(p_subject, p_context_id) & 17592186044415));
    select v.version into v_last from registry.subject_version v
    where v.context_id = p_context_id and v.subject = p_subject order by v.version desc limit 1;
    return coalesce(v_last, 0) = p_last and exists (select from registry.revision r where r.number = p_revision);
  end $function$;

CREATE OR REPLACE FUNCTION registry.note_change(p_actor text, p_role text, p_via text, p_action text, p_target text, p_detail jsonb, p_request_id text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    insert into audit.entry (actor, role, via, action, target, detail, request_id)
    values (p_actor, p_role, p_via, p_action, p_target, p_detail, p_request_id);
    perform outbox.emit('schema-changes', p_target,
      jsonb_build_object('action', p_action, 'subject', p_target, 'actor', p_actor) || p_detail);
  end $function$;

CREATE OR REPLACE FUNCTION registry.pass_id(p_context_id integer, p_id integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    ids regclass := format('registry.%I', 'schema_id_' || p_context_id)::regclass;
  begin
    perform pg_advisory_xact_lock(8389467233977368576 + p_context_id);
    if coalesce(pg_sequence_last_value(ids), 0) < p_id then
      perform setval(ids, p_id);
    end if;
  end $function$;

CREATE OR REPLACE FUNCTION registry.register_version(p_seen_revision bigint, p_seen_last integer, p_context_id integer, p_subject text, p_version integer, p_fingerprint bytea, p_likeness bytea, p_guid uuid, p_type text, p_text text, p_refs jsonb, p_metadata jsonb, p_rule_set jsonb, p_target_contexts integer[], p_target_subjects text[], p_target_versions integer[], p_target text, p_actor text, p_role text, p_via text, p_request_id text)
 RETURNS TABLE(id integer, guid uuid, ts double precision)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  declare
    v_schema record;
    v_reused boolean := true;
    v_ts     float8;
  begin
    if p_seen_revision is not null and not registry.lock_unmoved(p_context_id, p_subject, p_seen_revision, p_seen_last) then
      return;
    end if;
    select s.id, s.guid into v_schema from registry.schema s
    where s.context_id = p_context_id and s.fingerprint = p_fingerprint and s.type = p_type and not s.duplicate for key share;
    if not found then
      v_reused := false;
      insert into registry.schema as s (context_id, id, fingerprint, likeness, guid, type, text, refs, metadata, rule_set)
      values (p_context_id, registry.draw_id(p_context_id), p_fingerprint, p_likeness, p_guid, p_type, p_text, p_refs, p_metadata,
        p_rule_set)
      on conflict do nothing returning s.id, s.guid into v_schema;
      if not found then
        return;
      end if;
      if cardinality(p_target_contexts) > 0 then
        insert into registry.schema_reference
          (context_id, schema_id, position, target_context_id, target_subject, target_version)
        select p_context_id, v_schema.id, t.position, t.context_id, t.subject, t.version
        from unnest(p_target_contexts, p_target_subjects, p_target_versions)
          with ordinality t(context_id, subject, version, position);
      end if;
    end if;
    insert into registry.subject_version as v (context_id, subject, version, schema_id, referencing, registered_by)
    values (p_context_id, p_subject, p_version, v_schema.id, jsonb_array_length(p_refs) > 0, p_actor)
    returning floor(extract(epoch from v.created_at) * 1000)::float8 into v_ts;
    -- Only an old schema can have versions already.
    if v_reused then
      delete from registry.subject_version v
      where v.context_id = p_context_id and v.subject = p_subject and v.schema_id = v_schema.id
        and v.version <> p_version and v.deleted_at is not null
        and not exists (
          select from registry.schema_reference r
          where r.target_context_id = v.context_id and r.target_subject = v.subject and r.target_version = v.version);
    end if;
    perform registry.note_change(p_actor, p_role, p_via, 'schema.register', p_target,
      jsonb_build_object('version', p_version, 'id', v_schema.id, 'guid', v_schema.guid, 'schemaType', p_type), p_request_id);
    return query select v_schema.id, v_schema.guid, v_ts;
  end $function$;

CREATE OR REPLACE FUNCTION registry.registration_state(p_context text, p_subject text)
 RETURNS TABLE(context_id integer, listed boolean, revision bigint, last integer, latest json, configs json, modes json)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  declare
    v_context record;
    v_last    integer;
    v_latest  json;
  begin
    select c.id, c.listed into v_context from registry.context c where c.name = p_context;
    if not found then
      return;
    end if;
    select v.version into v_last from registry.subject_version v
    where v.context_id = v_context.id and v.subject = p_subject order by v.version desc limit 1;
    if found then
      select to_json(f) into v_latest
      from (
        select v.context_id, c.name as context, v.subject, v.version, v.deleted_at is not null as deleted,
  floor(extract(epoch from v.created_at) * 1000)::float8 as ts, s.id, s.guid, s.type, s.text, s.refs, s.metadata, s.rule_set from registry.subject_version v
  join registry.schema s on s.context_id = v.context_id and s.id = v.schema_id
  join registry.context c on c.id = v.context_id
        where v.context_id = v_context.id and v.subject = p_subject and v.deleted_at is null
        order by v.version desc limit 1
      ) f;
    end if;
    return query
      select v_context.id, v_context.listed, r.number, coalesce(v_last, 0), v_latest,
        (select json_agg(to_json(f)) from registry.config f
         where (f.context, f.subject) in ((p_context, p_subject), (p_context, ''), ('.__GLOBAL', ''))),
        (select json_agg(to_json(m)) from registry.mode m
         where (m.context, m.subject) in ((p_context, p_subject), (p_context, ''), ('.__GLOBAL', '')))
      from registry.revision r;
  end $function$;

CREATE OR REPLACE FUNCTION registry.require_context(p_name text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    found_id integer;
  begin
    select c.id into found_id from registry.context c where c.name = p_name and c.listed;
    if found then
      return found_id;
    end if;
    insert into registry.context (name) values (p_name) on conflict (name) do nothing returning id into found_id;
    if found_id is not null then
      execute format('create sequence registry.%I as integer', 'schema_id_' || found_id);
      return found_id;
    end if;
    update registry.context c set listed = true where c.name = p_name and not c.listed;
    select c.id into found_id from registry.context c where c.name = p_name;
    return found_id;
  end $function$;

CREATE OR REPLACE FUNCTION registry.subject_seen(p_context text, p_subject text)
 RETURNS TABLE(revision bigint, last integer)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  declare
    v_last integer;
  begin
    select v.version into v_last from registry.context c
    join registry.subject_version v on v.context_id = c.id and v.subject = p_subject
    where c.name = p_context order by v.version desc limit 1;
    return query select r.number, coalesce(v_last, 0) from registry.revision r;
  end $function$;

comment on table registry.association is 'Which subject the keys or values of a resource, such as a topic, are written with. STRONG owns its subject, WEAK shares it.';

comment on table registry.config is 'Config of subjects, of contexts (subject empty) and of everything (context .__GLOBAL). Null inherits.';

comment on table registry.context is 'Contexts; the default one is a dot. A row stays when its context is deleted, so that its ids are not given again.';

comment on column registry.context.listed is 'False once the context was deleted, until something is registered in it again.';

comment on table registry.mode is 'Modes, by the same keys as registry.config.';

comment on table registry.revision is 'Grows with every change of what processes keep in memory: config, modes, deletions. Registrations do not touch it.';

comment on table registry.schema is 'Schemas by id. Rows never change; one is deleted with the last version that uses it, and its id is not given again.';

comment on column registry.schema.fingerprint is 'MD5 of what identifies the schema beside its type: text, references, metadata and rule set.';

comment on column registry.schema.likeness is 'MD5 of the normal form: schemas that clients may find by one another''s texts have the same.';

comment on column registry.schema.guid is 'The fingerprint, unless an import kept that of another registry.';

comment on column registry.schema.duplicate is 'Imported with an id of its own although the context has the same schema already.';

comment on column registry.schema.refs is 'References as registered and hashed, with concrete versions.';

comment on table registry.subject_version is 'Which schema each version of a subject is. deleted_at marks a soft delete.';

comment on column registry.subject_version.referencing is 'Whether the schema has references.';


-- schema dlq


-- schema audit

create sequence audit.entry_id_seq as bigint minvalue 1 start 1;

create table audit.entry (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  actor text not null,
  role text not null,
  via text not null,
  action text not null,
  target text not null,
  detail jsonb not null default '{}'::jsonb,
  request_id text not null
);

create table audit.idempotency (
  actor text not null,
  key text not null,
  operation text not null,
  request_hash text not null,
  response json,
  created_at timestamp with time zone not null default now()
);

alter table audit.entry add constraint entry_pkey PRIMARY KEY (id);

alter table audit.idempotency add constraint idempotency_pkey PRIMARY KEY (actor, key);

CREATE INDEX entry_by_target ON audit.entry USING btree (target, id);

CREATE INDEX idempotency_by_age ON audit.idempotency USING btree (created_at);

CREATE OR REPLACE FUNCTION audit.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      begin
        raise exception 'audit.entry is insert-only: % refused', lower(tg_op) using errcode = 'insufficient_privilege';
      end
      $function$;

CREATE TRIGGER entry_is_insert_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit.entry FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

comment on table audit.entry is 'One row per write through the API or the CLI, committed together with it. Insert-only.';

comment on table audit.idempotency is 'Answers of writes with an Idempotency-Key, kept for 24 hours. A row is committed together with the write, never before.';

comment on column audit.idempotency.response is 'json, not jsonb: a repeat gets the same text. Null for an answer without a body.';
