import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * Advisory locks are transaction-level and live in one 64-bit key space, drawn so that other users of the database do
 * not meet them by accident:
 *
 *   16 bits  0x746d ('tm')  |  4 bits  kind  |  44 bits  value
 *   kind 0: fence, value = a position      kind 1: key, value = hash of topic and key
 *   kind 2: topic, value = topic id        kind 3: migrations
 */
const FENCE = '8389361680861102080';
const KEY = '8389379273047146496';
const TOPIC = '8389396865233190912';
const VALUE_BITS = '17592186044415';

/**
 * outbox.emit: a message inside the caller's transaction.
 *
 * No late arrivals. Before a transaction draws its first position it reads the highest one drawn so far (f) and takes a
 * shared lock that says "I may still draw positions above f". outbox.horizon() reads the highest position drawn, then the
 * fences held, and answers the lower of the two: every position up to there is committed and visible, or never will be.
 * The fence and the note of it (setting tidemark.tx) both end with the transaction or the savepoint that made them.
 * The highest position drawn comes from pg_sequence_last_value, never from SELECT last_value: the latter reads the row
 * without the buffer's lock and sees a value up to 32 too high while nextval writes its WAL record (319 of 5 million reads
 * under three busy sessions, Postgres 15), and messages drawn under such a fence are skipped for good.
 *
 * Order per key is commit order. Before numbering, the transaction locks (topic, key) until it ends, so that two
 * transactions with one key cannot interleave. It holds the topic's lock shared at the same time; after
 * tidemark.key_locks_max distinct keys (256) it takes the topic's lock exclusively instead of more key locks, because the
 * lock table is small (max_locks_per_transaction). The key is locked before the fence is taken, so that a transaction
 * that waits for a key does not hold the horizon with its first message.
 *
 * emit and emit_bytes run with the rights of the owner (an application may write messages only through them) and so fix
 * the search_path; append and lock_key are called by them alone and inherit both: a SET clause per nested call cost a
 * third of the whole emit (measured with pgbench, Postgres 15).
 */
export class OutboxEmit1763700003000 implements MigrationInterface {
  name = 'OutboxEmit1763700003000';

  async up(runner: QueryRunner): Promise<void> {
    const [version] = (await runner.query(`select current_setting('server_version_num')::integer as number`)) as {
      number: number;
    }[];
    await runner.query(messageIdFunction((version?.number ?? 0) >= 180_000));
    await runner.query(HEADERS_OF);
    await runner.query(LOCK_KEY);
    await runner.query(APPEND);
    await runner.query(EMIT);
    await runner.query(HORIZON);
    await runner.query(GRANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      drop function outbox.grant_writer(name);
      drop function outbox.horizon_holders();
      drop function outbox.horizon();
      drop function outbox.lock_topic(text);
      drop function outbox.emit_bytes(text, bytea, bytea, jsonb, integer, uuid, integer);
      drop function outbox.emit(text, text, jsonb, jsonb, integer, uuid);
      drop function outbox.append(text, bytea, bytea, jsonb, integer, uuid, integer);
      drop function outbox.lock_key(integer, bytea, text[]);
      drop function outbox.headers_of(jsonb);
      drop function outbox.new_message_id();
    `);
  }
}

/** Time-ordered ids (RFC 9562 version 7), so that inserts into their index stay at its right edge. Built in from 18 on. */
function messageIdFunction(builtIn: boolean): string {
  const body = builtIn
    ? 'select uuidv7()'
    : `select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
         placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
         52, 1), 53, 1), 'hex')::uuid`;
  return `create function outbox.new_message_id() returns uuid language sql volatile parallel safe as $$ ${body} $$`;
}

const HEADERS_OF = /* sql */ `
  create function outbox.headers_of(p_headers jsonb) returns jsonb
  language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
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
  end $$`;

const LOCK_KEY = /* sql */ `
  -- Takes the locks that one (topic, key) needs and returns the transaction's note with them: {xid, fence, keys, topics, reach}.
  create function outbox.lock_key(p_topic_id integer, p_key bytea, p_note text[]) returns text[]
  language plpgsql volatile as $$
  declare
    keys      integer := p_note[3]::integer;
    keys_max  integer := coalesce(nullif(current_setting('tidemark.key_locks_max', true), ''), '256')::integer;
    shared    boolean := position(',' || p_topic_id || ',' in p_note[4]) > 0;
  begin
    if position(',' || p_topic_id || 'x,' in p_note[4]) > 0 then
      return p_note;
    end if;
    if keys >= keys_max then
      -- The note counts messages; the lock table knows how many distinct keys they had.
      select count(*) into keys from pg_locks l
      where l.locktype = 'advisory' and l.pid = pg_backend_pid() and l.objsubid = 1 and l.classid::bigint >> 12 = ${KEY}::bigint >> 44;
      p_note[3] := keys::text;
    end if;
    if keys >= keys_max then
      perform pg_advisory_xact_lock(${TOPIC} + p_topic_id);
      p_note[4] := p_note[4] || p_topic_id || 'x,';
      return p_note;
    end if;
    if not shared then
      perform pg_advisory_xact_lock_shared(${TOPIC} + p_topic_id);
      p_note[4] := p_note[4] || p_topic_id || ',';
    end if;
    perform pg_advisory_xact_lock(${KEY} + (hashtextextended(encode(p_key, 'hex'), p_topic_id) & ${VALUE_BITS}));
    p_note[3] := (keys + 1)::text;
    return p_note;
  end $$`;

const APPEND = /* sql */ `
  create function outbox.append(
    p_topic text, p_key bytea, p_payload bytea, p_headers jsonb, p_partition integer, p_message_id uuid, p_schema_id integer
  ) returns uuid language plpgsql volatile as $$
  declare
    topic   outbox.topic;
    xid     text := pg_current_xact_id()::text;
    before  text := current_setting('tidemark.tx', true);
    note    text[] := string_to_array(before, '|');
    after   text;
    drawn   bigint;
    bytes   bigint := coalesce(octet_length(p_payload), 0) + coalesce(octet_length(p_key), 0) + coalesce(octet_length(p_headers::text), 0);
    trace   text := current_setting('tidemark.traceparent', true);
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
    if note is null or note[1] is distinct from xid then
      note := array[xid, '', '0', ',', ''];
    end if;
    if p_key is not null and topic.ordering = 'key' then
      note := outbox.lock_key(topic.id, p_key, note);
    end if;
    if note[2] = '' then
      drawn := pg_sequence_last_value('outbox.position');
      perform pg_advisory_xact_lock_shared(${FENCE} + drawn);
      note[2] := drawn::text;
    end if;
    if note[5] = '' then
      note[5] := (select max(m.upper)::text from outbox.message_partition m);
    end if;
    drawn := nextval('outbox.position');
    if drawn & 255 = 0 or drawn >= note[5]::bigint then
      note[5] := outbox.ensure_room(drawn)::text;
    end if;
    after := array_to_string(note, '|');
    if after is distinct from before then
      perform set_config('tidemark.tx', after, true);
    end if;
    insert into outbox.message (id, topic_id, partition, schema_id, created_at, message_id, key, headers, payload)
    values (drawn, topic.id, p_partition, p_schema_id, clock_timestamp(), id, p_key, p_headers, p_payload);
    return id;
  end $$`;

const EMIT = /* sql */ `
  create function outbox.emit(
    topic text, key text, payload jsonb, headers jsonb default null, partition integer default null, message_id uuid default null
  ) returns uuid language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
  begin
    return outbox.append(emit.topic, convert_to(emit.key, 'UTF8'), convert_to(emit.payload::text, 'UTF8'),
      case when emit.headers is not null then outbox.headers_of(emit.headers) end, emit.partition, emit.message_id, null);
  end $$;
  comment on function outbox.emit(text, text, jsonb, jsonb, integer, uuid) is
    'Writes a message in the current transaction and returns its id. A null payload is a tombstone.';

  create function outbox.emit_bytes(
    topic text, key bytea, payload bytea, headers jsonb default null, partition integer default null, message_id uuid default null,
    schema_id integer default null
  ) returns uuid language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
  begin
    return outbox.append(emit_bytes.topic, emit_bytes.key, emit_bytes.payload,
      case when emit_bytes.headers is not null then outbox.headers_of(emit_bytes.headers) end,
      emit_bytes.partition, emit_bytes.message_id, emit_bytes.schema_id);
  end $$;
  comment on function outbox.emit_bytes(text, bytea, bytea, jsonb, integer, uuid, integer) is
    'As outbox.emit, with the bytes of key and payload as they are.';

  create function outbox.lock_topic(topic text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
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
      note := array[xid, '', '0', ',', ''];
    end if;
    perform pg_advisory_xact_lock(${TOPIC} + id);
    note[4] := note[4] || id || 'x,';
    perform set_config('tidemark.tx', array_to_string(note, '|'), true);
  end $$;
  comment on function outbox.lock_topic(text) is
    'For bulk writers: locks the whole topic until the end of the transaction, instead of every key. Call it before the first message: two transactions that escalate later can deadlock.'`;

const HORIZON = /* sql */ `
  -- The position up to which every committed message is visible to a snapshot taken after this call. The order matters:
  -- first the highest position drawn, then the fences. Both are read without a snapshot, so one function can do it.
  -- Refused where the answer would be wrong: on a standby, which has no advisory locks, and in a transaction whose
  -- snapshot is older than the answer.
  create function outbox.horizon() returns bigint
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
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
    where l.locktype = 'advisory' and l.objsubid = 1 and l.classid::bigint >> 12 = ${FENCE}::bigint >> 44
      and l.database = (select d.oid from pg_database d where d.datname = current_database());
    return least(drawn, fence);
  end $$;
  comment on function outbox.horizon() is 'Every message up to this position is committed and visible, or never will be.';

  -- Who holds the horizon: transactions that wrote a message and are still open, the oldest fence first. A prepared
  -- transaction (two-phase commit) has no pid. Its locks carry the virtual id of the session that prepared it, or '-1/xid'
  -- after a restart; its lock on its own xid leads to its gid in both cases.
  create function outbox.horizon_holders() returns table (
    fence bigint, pid integer, state text, application_name text, client_addr inet, transaction_age_ms double precision,
    query text, prepared_gid text
  ) language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select ((l.classid::bigint & 4095) << 32) | l.objid::bigint, l.pid, a.state, a.application_name, a.client_addr,
           extract(epoch from clock_timestamp() - coalesce(a.xact_start, p.prepared)) * 1000, left(a.query, 500), p.gid
    from pg_locks l
    left join pg_stat_activity a on a.pid = l.pid
    left join (
      select t.virtualtransaction, x.gid, x.prepared
      from pg_locks t join pg_prepared_xacts x on x.transaction = t.transactionid
      where t.locktype = 'transactionid' and t.pid is null and t.granted
    ) p on l.pid is null and p.virtualtransaction = l.virtualtransaction
    where l.locktype = 'advisory' and l.objsubid = 1 and l.classid::bigint >> 12 = ${FENCE}::bigint >> 44
      and l.database = (select d.oid from pg_database d where d.datname = current_database())
    order by 1, 6 desc nulls last
  $$`;

const GRANTS = /* sql */ `
  revoke all on all functions in schema outbox from public;

  create function outbox.grant_writer(p_role name) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    execute format('grant usage on schema outbox to %I', p_role);
    execute format('grant execute on function outbox.emit(text, text, jsonb, jsonb, integer, uuid), '
      || 'outbox.emit_bytes(text, bytea, bytea, jsonb, integer, uuid, integer), outbox.lock_topic(text) to %I', p_role);
    if to_regclass('outbox.debezium') is not null then
      execute format('grant insert, delete, select (id) on outbox.debezium to %I', p_role);
    end if;
  end $$;
  comment on function outbox.grant_writer(name) is 'Lets a role write messages, and nothing else.';
  revoke all on function outbox.grant_writer(name) from public`;
