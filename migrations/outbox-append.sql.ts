/*
 * Advisory locks are transaction-level and live in one 64-bit key space, drawn so that other users of the database do
 * not meet them by accident:
 *
 *   16 bits  0x746d ('tm')  |  4 bits  kind  |  44 bits  value
 *   kind 0: fence, value = a position      kind 1: key, value = hash of topic and key
 *   kind 2: topic, value = topic id        kind 3: migrations
 */
export const FENCE = '8389361680861102080';
const KEY = '8389379273047146496';
export const TOPIC = '8389396865233190912';
const VALUE_BITS = '17592186044415';
/** Distinct keys of a transaction before it locks a whole topic. */
const KEY_LOCKS_MAX = `coalesce(nullif(current_setting('tidemark.key_locks_max', true), ''), '256')::integer`;

/*
 * What a transaction has of locks is noted in its setting tidemark.tx, `xid|fence|free|topics`: the fence (empty before the
 * first message, when only a topic was locked); how many positions after the fence may be drawn, by anyone, before the
 * transaction's keys are counted (empty: KEY_LOCKS_MAX; its own messages are among those positions, so it cannot have
 * more keys); and the topics it has locked whole, as `,<id>x,`. The setting tidemark.reach holds a position below which
 * the session (or its transaction, where it made them) knows that outbox.message has partitions.
 */

export const LOCK_KEY = /* sql */ `
  -- Takes the locks that one (topic, key) needs, waiting for them, and returns the transaction's note with them.
  create function outbox.lock_key(p_topic_id integer, p_key bytea, p_note text[]) returns text[]
  language plpgsql volatile as $$
  declare
    keys     integer;
    keys_max integer := ${KEY_LOCKS_MAX};
    drawn    bigint;
  begin
    if position(',' || p_topic_id || 'x,' in p_note[4]) > 0 then
      return p_note;
    end if;
    if p_note[2] <> '' then
      drawn := currval('outbox.position') - p_note[2]::bigint;
      if drawn >= coalesce(nullif(p_note[3], '')::bigint, keys_max) then
        select count(*) into keys from pg_locks l
        where l.locktype = 'advisory' and l.pid = pg_backend_pid() and l.objsubid = 1 and l.classid::bigint >> 12 = ${KEY}::bigint >> 44;
        if keys >= keys_max then
          perform pg_advisory_xact_lock(${TOPIC} + p_topic_id);
          p_note[4] := p_note[4] || p_topic_id || 'x,';
          return p_note;
        end if;
        p_note[3] := (drawn + keys_max - keys)::text;
      end if;
    end if;
    perform pg_advisory_xact_lock_shared(${TOPIC} + p_topic_id);
    perform pg_advisory_xact_lock(${KEY} + (hashtextextended(encode(p_key, 'hex'), p_topic_id) & ${VALUE_BITS}));
    return p_note;
  end $$`;

/** Takes the locks of (topic, key) if that needs no waiting; true when there is nothing to lock. */
const TRY_LOCK_KEY = /* sql */ `(p_key is null or t.ordering <> 'key' or pg_try_advisory_xact_lock_shared(${TOPIC} + t.id)
            and pg_try_advisory_xact_lock(${KEY} + (hashtextextended(encode(p_key, 'hex'), t.id) & ${VALUE_BITS})))`;

/**
 * Inserts a message when its limits hold, the locks can be had at once and there is room; else nothing. CASE fixes the
 * order, and the position is drawn after all of it (OFFSET 0 keeps the subquery whole).
 * Indexes: topic_name_key; writes the three of outbox.message.
 */
const insertWhen = (locked: string, refused: string): string => /* sql */ `
      insert into outbox.message as m (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
      select p.drawn, p.id, null, p_schema_id, clock_timestamp(), coalesce(p_message_id, outbox.new_message_id()), p_key, p_headers, p_payload
      from (
        select t.id, nextval('outbox.position') as drawn
        from outbox.topic t
        where t.name = p_topic and case
          when t.name <> p_topic or octet_length(p_key) > 8192
            or coalesce(octet_length(p_payload), 0) + coalesce(octet_length(p_key), 0) + coalesce(octet_length(p_headers::text), 0) > t.max_message_bytes${refused} then false
          ${locked}
        end
        offset 0
      ) p
      where p.drawn < nullif(current_setting('tidemark.reach', true), '')::bigint
      returning m.message_id into v_id`;

/**
 * The body of the three functions that write. Two statements, for the first message of a transaction and for later ones:
 * the time goes into preparing expressions, so each has only what nearly every message needs. Whatever is out of the
 * ordinary (an unknown topic, an explicit partition, a trace, a limit passed, a lock to wait for, many keys, no room known of)
 * inserts nothing and is left to append_slowly, which also takes again the locks that were taken here.
 */
const appendBody = (refused: string): string => /* sql */ `
    v_note text := current_setting('tidemark.tx', true);
    v_id   uuid;
  begin
    if p_partition is not null or current_setting('tidemark.traceparent', true) <> '' then
      null;
    elsif v_note <> '' then
      ${insertWhen(
        /* sql */ `
          when not starts_with(v_note, pg_current_xact_id()::text || '|') or split_part(v_note, '|', 2) = '' then false
          when position(',' || t.id || 'x,' in v_note) > 0 then true
          when currval('outbox.position') - split_part(v_note, '|', 2)::bigint
            < coalesce(nullif(split_part(v_note, '|', 3), '')::bigint, ${KEY_LOCKS_MAX}) then ${TRY_LOCK_KEY}
          else false`,
        refused,
      )};
    else
      ${insertWhen(
        /* sql */ `
          when ${TRY_LOCK_KEY} then pg_try_advisory_xact_lock_shared(${FENCE} + split_part(set_config('tidemark.tx',
            concat_ws('|', pg_current_xact_id(), pg_sequence_last_value('outbox.position'), '', ','), true), '|', 2)::bigint)
          else false`,
        refused,
      )};
    end if;
    if v_id is null then
      return outbox.append_slowly(p_topic, p_key, p_payload, p_headers, p_partition, p_message_id, p_schema_id);
    end if;
    return v_id;
  end`;

const append = (body: string): string => /* sql */ `
  create or replace function outbox.append(
    p_topic text, p_key bytea, p_payload bytea, p_headers jsonb, p_partition integer, p_message_id uuid, p_schema_id integer
  ) returns uuid language plpgsql volatile as $$
  declare ${body} $$`;

const appendSlowly = (check: string): string => /* sql */ `
  create or replace function outbox.append_slowly(
    p_topic text, p_key bytea, p_payload bytea, p_headers jsonb, p_partition integer, p_message_id uuid, p_schema_id integer
  ) returns uuid language plpgsql volatile as $$
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
    ${check}if octet_length(p_key) > 8192 then
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
      perform pg_advisory_xact_lock_shared(${FENCE} + drawn);
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
  end $$`;

const emit = (body: string): string => /* sql */ `
  create or replace function outbox.emit(
    topic text, key text, payload jsonb, headers jsonb default null, partition integer default null, message_id uuid default null
  ) returns uuid language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
  #variable_conflict use_column
  declare
    p_topic      alias for $1;
    p_key        bytea := convert_to($2, 'UTF8');
    p_payload    bytea := convert_to($3::text, 'UTF8');
    p_headers    jsonb := case when $4 is not null then outbox.headers_of($4) end;
    p_partition  alias for $5;
    p_message_id alias for $6;
    p_schema_id  constant integer := null; ${body} $$;
  comment on function outbox.emit(text, text, jsonb, jsonb, integer, uuid) is
    'Writes a message in the current transaction and returns its id. A null payload is a tombstone.';

  create or replace function outbox.emit_bytes(
    topic text, key bytea, payload bytea, headers jsonb default null, partition integer default null, message_id uuid default null,
    schema_id integer default null
  ) returns uuid language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
  #variable_conflict use_column
  declare
    p_topic      alias for $1;
    p_key        alias for $2;
    p_payload    alias for $3;
    p_headers    jsonb := case when $4 is not null then outbox.headers_of($4) end;
    p_partition  alias for $5;
    p_message_id alias for $6;
    p_schema_id  alias for $7; ${body} $$;
  comment on function outbox.emit_bytes(text, bytea, bytea, jsonb, integer, uuid, integer) is
    'As outbox.emit, with the bytes of key and payload as they are.'`;

/** What the fast statements leave to append_slowly, which refuses it with words. */
const WITHOUT_SCHEMA = /* sql */ `
            or t.schema_required and p_schema_id is null and p_payload is not null`;
const REFUSE_WITHOUT_SCHEMA = /* sql */ `if topic.schema_required and p_schema_id is null and p_payload is not null then
      raise exception 'message without a schema for topic %, which takes payloads with a schema only', p_topic using errcode = 'TM015',
        hint = 'Encode the payload with a registered schema and pass its id to outbox.emit_bytes (the SDK does both), or let the topic take others: select outbox.require_schemas(''' || p_topic || ''', false);';
    end if;
    `;

/**
 * The functions that write, in the order in which they need each other. `schemas`: with the rule that a topic may take
 * payloads with a schema only, for which outbox.topic has to have its column.
 */
export function appendFunctions({ schemas }: { readonly schemas: boolean }): string[] {
  const body = appendBody(schemas ? WITHOUT_SCHEMA : '');
  return [appendSlowly(schemas ? REFUSE_WITHOUT_SCHEMA : ''), append(body), emit(body)];
}
