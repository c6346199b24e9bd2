import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendFunctions, FENCE, LOCK_KEY, TOPIC } from './outbox-append.sql.ts';

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
 * the search_path; the functions behind them inherit both: a SET clause per nested call cost a third of the whole emit
 * (measured with pgbench, Postgres 15). How they write: outbox-append.sql.ts.
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
    for (const made of appendFunctions({ schemas: false })) await runner.query(made);
    await runner.query(LOCK_TOPIC);
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
      drop function outbox.append_slowly(text, bytea, bytea, jsonb, integer, uuid, integer);
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

const LOCK_TOPIC = /* sql */ `
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
      note := array[xid, '', '', ','];
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
