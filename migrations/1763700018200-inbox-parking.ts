import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FAILURE_FUNCTIONS, grantConsumer, HANDLED_FUNCTIONS, PARKING_FUNCTIONS } from './inbox-grants.sql.ts';

/**
 * Keys whose later messages wait behind a failed one, and those messages.
 *
 *   (free) ──block──▶ waiting ──settle, resolve_key──▶ due ──take_parked, none left──▶ (free)
 *                        └────────────block──────────────┘
 *
 * waiting: `waiting_for`, the failed message, is under way elsewhere. due: it is handled, or given up by hand; what is parked is
 * taken and handled one at a time, in order, and one that fails makes the key wait again. In both states later messages park.
 *
 * Locks. Whoever finds a key blocked holds it FOR KEY SHARE to the end of his transaction, in the order of topic and hash, and
 * so may park behind it. Taking a parked message and changing what the key waits for is NO KEY UPDATE, which does not conflict
 * with that; freeing a key does, and is left to a later time where the row cannot be had at once. A parked message refers to its
 * key, so freeing cannot leave one behind, whatever is visible to whom. After the key: inbox.failure, inbox.parked.
 */
export class InboxParking1763700018200 implements MigrationInterface {
  name = 'InboxParking1763700018200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(BLOCKING);
    await runner.query(PARKING);
    await runner.query(FREEING);
    for (const signature of [...PARKING_FUNCTIONS, ...OWN_FUNCTIONS])
      await runner.query(`revoke all on function inbox.${signature} from public`);
    await runner.query(grantConsumer([...HANDLED_FUNCTIONS, ...FAILURE_FUNCTIONS, ...PARKING_FUNCTIONS]));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(grantConsumer([...HANDLED_FUNCTIONS, ...FAILURE_FUNCTIONS]));
    for (const signature of [...PARKING_FUNCTIONS, ...OWN_FUNCTIONS])
      await runner.query(`drop function inbox.${signature}`);
    await runner.query('drop table inbox.parked, inbox.blocked_key');
  }
}

const OWN_FUNCTIONS = ['free_key(text, text, bytea)', 'resolve_key(text, text, bytea, text, text, text, text, text)'];

const TABLES = /* sql */ `
  create table inbox.blocked_key (
    group_name  text collate "C" not null check (length(group_name) between 1 and 249),
    topic       text collate "C" not null,
    key_hash    bytea       not null,
    key         bytea       not null,
    waiting_for uuid,
    blocked_at  timestamptz not null default clock_timestamp(),
    primary key (group_name, topic, key_hash)
  ) with (fillfactor = 50);
  create index blocked_key_due on inbox.blocked_key (group_name, blocked_at) where waiting_for is null;
  create index blocked_key_by_message on inbox.blocked_key (group_name, waiting_for);
  comment on table inbox.blocked_key is
    'Keys whose later messages are parked. key_hash is the sha256 of the key, which may be too long for an index.';
  comment on column inbox.blocked_key.waiting_for is
    'The message that must be handled, or given up by inbox.resolve_key, before what is parked goes on; null: it goes on.';

  create table inbox.parked (
    id         bigint generated always as identity primary key,
    group_name text collate "C" not null,
    topic      text collate "C" not null,
    key_hash   bytea       not null,
    partition  integer     not null,
    "offset"   bigint      not null,
    "position" bigint      not null,
    message_id uuid        not null,
    schema_id  integer,
    time_ms    bigint,
    parked_at  timestamptz not null default clock_timestamp(),
    key        bytea       not null,
    headers    jsonb,
    payload    bytea,
    foreign key (group_name, topic, key_hash) references inbox.blocked_key,
    unique (group_name, topic, partition, "offset", message_id)
  );
  create index parked_by_key on inbox.parked (group_name, topic, key_hash, id);
  comment on table inbox.parked is 'Messages that wait behind a blocked key, in the order of id; bytes as they came, headers as in outbox.message.';
  comment on column inbox.parked.time_ms is 'The time of the record, ms since 1970; null when it has none that can be told.';
`;

const BLOCKING = /* sql */ `
  -- From now on later messages of the key are parked until the given one is settled. A key that waits already goes on waiting
  -- for what it waits for. Locks the key.
  create function inbox.block_key(p_group text, p_topic text, p_key bytea, p_message_id uuid) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    insert into inbox.blocked_key as b (group_name, topic, key_hash, key, waiting_for)
    values (p_group, p_topic, sha256(p_key), p_key, p_message_id)
    on conflict (group_name, topic, key_hash) do update set waiting_for = excluded.waiting_for
    where b.waiting_for is null
  $$;

  -- Of each key, whether its messages have to be parked. Those that have cannot be freed before the transaction ends. While the
  -- group has no blocked key this is one look at an index.
  create function inbox.hold_blocked(p_group text, p_topic text, p_keys bytea[]) returns boolean[]
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
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
  end $$;
`;

const PARKING = /* sql */ `
  -- Keeps a record behind its blocked key; false when it is there already. p_record has the other columns of the row. Locks the
  -- key FOR KEY SHARE, and the new row.
  create function inbox.park(p_record jsonb, p_key bytea, p_payload bytea) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
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
  end $$;

  -- Takes the first message of a key that is due, and frees up to 100 keys on the way that have none; no row when there is none
  -- that nobody else has under way. Locks the key NO KEY UPDATE, so that the next one is not taken before this transaction ends.
  create function inbox.take_parked(p_group text, p_topics text[]) returns setof inbox.parked
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
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
  end $$;
`;

const FREEING = /* sql */ `
  -- Frees a key that is due when nothing waits behind it, and nobody is about to park there; else it stays due.
  create function inbox.free_key(p_group text, p_topic text, p_key_hash bytea) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
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
  end $$;

  -- What a key waits for is settled: what is parked behind it is due. Does nothing when it waits for another message.
  create function inbox.settle_key(p_group text, p_topic text, p_key bytea, p_message_id uuid) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
  begin
    update inbox.blocked_key b set waiting_for = null
    where b.group_name = p_group and b.topic = p_topic and b.key_hash = sha256(p_key) and b.waiting_for = p_message_id;
    if found then
      perform inbox.free_key(p_group, p_topic, sha256(p_key));
    end if;
  end $$;

  -- Gives up, by hand, the message that a key waits for: its failure counts as resolved, and the consumers of the group go on
  -- with what is parked. p_actor null: the caller writes the audit entry itself, in the same transaction, as the HTTP API does.
  create function inbox.resolve_key(
    p_group text, p_topic text, p_key bytea, p_reason text,
    p_actor text default session_user, p_role text default 'database', p_via text default 'sql', p_request_id text default ''
  ) returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
  end $$;
  comment on function inbox.resolve_key(text, text, bytea, text, text, text, text, text) is
    'Gives up the message that a key of a group waits for; what is parked behind it goes on in order.';
`;
