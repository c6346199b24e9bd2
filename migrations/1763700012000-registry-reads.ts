import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The reads that every registration, look-up and check begins with. Functions, because planning them costs several times
 * what running them does (1.5 ms against 0.2), and a function keeps its plans in the session, with a pooler in between too,
 * where prepared statements of clients may not live.
 */
export class RegistryReads1763700012000 implements MigrationInterface {
  name = 'RegistryReads1763700012000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FIND_ALIKE);
    await runner.query(REGISTRATION_STATE);
    await runner.query(FIND_OR_STATE);
    await runner.query(LIVE_VERSIONS);
    await runner.query(SUBJECT_SEEN);
    await runner.query(`revoke all on function ${SIGNATURES.join(', ')} from public`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function ${SIGNATURES.join(', ')}`);
  }
}

const SIGNATURES = [
  'registry.find_alike(text, text, bytea, boolean)',
  'registry.registration_state(text, text)',
  'registry.find_or_state(text, text, bytea, boolean)',
  'registry.live_versions(text, text, integer, integer, integer)',
  'registry.subject_seen(text, text)',
];

const VERSION_COLUMNS = /* sql */ `v.context_id, c.name as context, v.subject, v.version, v.deleted_at is not null as deleted,
  floor(extract(epoch from v.created_at) * 1000)::float8 as ts, s.id, s.guid, s.type, s.text, s.refs, s.metadata, s.rule_set`;

const VERSION_TABLES = /* sql */ `registry.subject_version v
  join registry.schema s on s.context_id = v.context_id and s.id = v.schema_id
  join registry.context c on c.id = v.context_id`;

const FIND_ALIKE = /* sql */ `
  -- Versions of a subject with a likeness and, when asked for, those with references; newest first. One row without a version
  -- where there are none.
  create function registry.find_alike(p_context text, p_subject text, p_likeness bytea, p_or_referencing boolean)
  returns table (revision bigint, last integer, found json, fingerprint bytea)
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
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
        select ${VERSION_COLUMNS}, s.fingerprint from ${VERSION_TABLES}
        where v.context_id = v_context and v.subject = p_subject and v.version = any(v_versions)
      ) f
      order by f.version desc;
  end $$`;

const REGISTRATION_STATE = /* sql */ `
  -- Where a subject stands and what is set for it. No row when there is no such context.
  create function registry.registration_state(p_context text, p_subject text)
  returns table (
    context_id integer, listed boolean, revision bigint, last integer, latest json, configs json, modes json
  ) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
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
        select ${VERSION_COLUMNS} from ${VERSION_TABLES}
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
  end $$`;

const FIND_OR_STATE = /* sql */ `
  -- What find_alike finds; where that is nothing, one row of where the subject stands, as of the same moment.
  create function registry.find_or_state(p_context text, p_subject text, p_likeness bytea, p_or_referencing boolean)
  returns table (
    revision bigint, last integer, found json, fingerprint bytea,
    context_id integer, listed boolean, latest json, configs json, modes json
  ) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
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
  end $$`;

const LIVE_VERSIONS = /* sql */ `
  -- At most so many live versions of a subject between two versions, without them, newest first; null is no bound.
  create function registry.live_versions(p_context text, p_subject text, p_after integer, p_before integer, p_limit integer)
  returns table (
    context_id integer, context text, subject text, version integer, deleted boolean, ts float8,
    id integer, guid uuid, type text, text text, refs jsonb, metadata jsonb, rule_set jsonb
  ) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
  #variable_conflict use_column
  begin
    return query
      select ${VERSION_COLUMNS} from ${VERSION_TABLES}
      where c.name = p_context and v.subject = p_subject and v.deleted_at is null
        and v.version > coalesce(p_after, 0) and v.version < coalesce(p_before, 2147483647)
      order by v.version desc limit p_limit;
  end $$`;

const SUBJECT_SEEN = /* sql */ `
  -- What tells whether anything about a subject has changed.
  create function registry.subject_seen(p_context text, p_subject text) returns table (revision bigint, last integer)
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
  #variable_conflict use_column
  declare
    v_last integer;
  begin
    select v.version into v_last from registry.context c
    join registry.subject_version v on v.context_id = c.id and v.subject = p_subject
    where c.name = p_context order by v.version desc limit 1;
    return query select r.number, coalesce(v_last, 0) from registry.revision r;
  end $$`;
