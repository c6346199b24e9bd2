import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The write of a registration, in one call: under the subject's lock, and only if nothing has happened since the caller
 * looked. So the lock is held for the length of a commit, not for that of the caller's round trips and thinking.
 */
export class RegistryWrites1763700012500 implements MigrationInterface {
  name = 'RegistryWrites1763700012500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(NOTE_CHANGE);
    await runner.query(LOCK_UNMOVED);
    await runner.query(REGISTER_VERSION);
    await runner.query(`revoke all on function ${SIGNATURES.join(', ')} from public`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function ${SIGNATURES.join(', ')}`);
  }
}

const SIGNATURES = [
  'registry.note_change(text, text, text, text, text, jsonb, text)',
  'registry.lock_unmoved(integer, text, bigint, integer)',
  `registry.register_version(bigint, integer, integer, text, integer, bytea, bytea, uuid, text, text, jsonb, jsonb, jsonb,
    integer[], text[], integer[], text, text, text, text, text)`,
];

/** Advisory locks of kinds 4 and 5: see libs/stores/schemas/src/postgres/locks.sql.ts. */
const SUBJECT = '8389432049605279744';
const CONTEXT = '8389449641791324160';
const VALUE_BITS = '17592186044415';

const NOTE_CHANGE = /* sql */ `
  -- The audit entry and the message of a change. Locks the topic's key until the transaction ends.
  create function registry.note_change(
    p_actor text, p_role text, p_via text, p_action text, p_target text, p_detail jsonb, p_request_id text
  ) returns void language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
  begin
    insert into audit.entry (actor, role, via, action, target, detail, request_id)
    values (p_actor, p_role, p_via, p_action, p_target, p_detail, p_request_id);
    perform outbox.emit('schema-changes', p_target,
      jsonb_build_object('action', p_action, 'subject', p_target, 'actor', p_actor) || p_detail);
  end $$`;

const LOCK_UNMOVED = /* sql */ `
  -- Takes the locks of a registration and says whether the subject is still where it was seen. False where statements of one
  -- transaction share a snapshot, and so could not see what came before the lock.
  create function registry.lock_unmoved(p_context_id integer, p_subject text, p_revision bigint, p_last integer)
  returns boolean language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
  declare
    v_last integer;
  begin
    if current_setting('transaction_isolation') <> 'read committed' then
      return false;
    end if;
    perform pg_advisory_xact_lock_shared(${CONTEXT} + p_context_id);
    perform pg_advisory_xact_lock(${SUBJECT} + (hashtextextended(p_subject, p_context_id) & ${VALUE_BITS}));
    select v.version into v_last from registry.subject_version v
    where v.context_id = p_context_id and v.subject = p_subject order by v.version desc limit 1;
    return coalesce(v_last, 0) = p_last and exists (select from registry.revision r where r.number = p_revision);
  end $$`;

const REGISTER_VERSION = /* sql */ `
  -- Adds a version of a subject, with its schema and what that refers to unless the context has the schema already; then
  -- soft-deleted versions of it that nothing refers to make way. With p_seen_revision, only if the subject is still as it was
  -- seen then; without it the caller holds the subject's lock. No row, having changed nothing, when the subject has moved or
  -- another transaction has just added the schema.
  create function registry.register_version(
    p_seen_revision bigint, p_seen_last integer,
    p_context_id integer, p_subject text, p_version integer,
    p_fingerprint bytea, p_likeness bytea, p_guid uuid, p_type text, p_text text, p_refs jsonb, p_metadata jsonb, p_rule_set jsonb,
    p_target_contexts integer[], p_target_subjects text[], p_target_versions integer[],
    p_target text, p_actor text, p_role text, p_via text, p_request_id text
  ) returns table (id integer, guid uuid, ts float8)
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
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
  end $$`;
