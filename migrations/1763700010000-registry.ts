import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The schema registry: contexts, schemas, the versions of subjects, references, config and modes.
 *
 * No row is written by every registration. Ids come from a sequence per context, which gaps do not hurt and no transaction
 * waits for; registrations of one subject take turns by an advisory lock (libs/stores/schemas/src/postgres/locks.sql.ts).
 */
export class Registry1763700010000 implements MigrationInterface {
  name = 'Registry1763700010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(SETTINGS);
    await runner.query(CONTEXTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema registry cascade');
  }
}

const TABLES = /* sql */ `
  create schema registry;
  comment on schema registry is 'Tidemark: the schema registry. Change it through its API or the SDK.';

  create table registry.context (
    id         integer generated always as identity primary key,
    name       text collate "C" not null unique check (name ~ '^\\.' and name !~ ':'),
    listed     boolean not null default true,
    created_at timestamptz not null default clock_timestamp()
  );
  comment on table registry.context is
    'Contexts; the default one is a dot. A row stays when its context is deleted, so that its ids are not given again.';
  comment on column registry.context.listed is 'False once the context was deleted, until something is registered in it again.';

  create table registry.schema (
    context_id  integer not null references registry.context,
    id          integer not null check (id > 0),
    fingerprint bytea not null check (length(fingerprint) = 16),
    likeness    bytea not null check (length(likeness) = 16),
    guid        uuid not null,
    duplicate   boolean not null default false,
    type        text not null check (type in ('AVRO', 'JSON', 'PROTOBUF')),
    text        text not null,
    refs        jsonb not null default '[]',
    metadata    jsonb,
    rule_set    jsonb,
    created_at  timestamptz not null default clock_timestamp(),
    primary key (context_id, id)
  );
  create unique index schema_fingerprint on registry.schema (context_id, fingerprint, type) where not duplicate;
  create index schema_guid on registry.schema (guid, context_id);
  create index schema_likeness on registry.schema (context_id, likeness);
  comment on table registry.schema is
    'Schemas by id. Rows never change; one is deleted with the last version that uses it, and its id is not given again.';
  comment on column registry.schema.fingerprint is 'MD5 of what identifies the schema beside its type: text, references, metadata and rule set.';
  comment on column registry.schema.likeness is
    'MD5 of the normal form: schemas that clients may find by one another''s texts have the same.';
  comment on column registry.schema.guid is 'The fingerprint, unless an import kept that of another registry.';
  comment on column registry.schema.duplicate is 'Imported with an id of its own although the context has the same schema already.';
  comment on column registry.schema.refs is 'References as registered and hashed, with concrete versions.';

  create table registry.subject_version (
    context_id    integer not null,
    subject       text collate "C" not null,
    version       integer not null check (version > 0),
    schema_id     integer not null,
    referencing   boolean not null default false,
    deleted_at    timestamptz,
    registered_by text not null,
    created_at    timestamptz not null default clock_timestamp(),
    primary key (context_id, subject, version),
    foreign key (context_id, schema_id) references registry.schema (context_id, id)
  );
  create index subject_version_schema on registry.subject_version (context_id, schema_id, subject, version);
  create index subject_version_referencing on registry.subject_version (context_id, subject, version) where referencing;
  comment on table registry.subject_version is 'Which schema each version of a subject is. deleted_at marks a soft delete.';
  comment on column registry.subject_version.referencing is 'Whether the schema has references.';

  -- What schema.refs points at, for the question whether something may be deleted.
  create table registry.schema_reference (
    context_id        integer not null,
    schema_id         integer not null,
    position          integer not null,
    target_context_id integer not null references registry.context,
    target_subject    text collate "C" not null,
    target_version    integer not null,
    primary key (context_id, schema_id, position),
    foreign key (context_id, schema_id) references registry.schema (context_id, id) on delete cascade
  );
  create index schema_reference_target on registry.schema_reference (target_context_id, target_subject, target_version);
`;

const SETTINGS = /* sql */ `
  create table registry.config (
    context              text collate "C" not null,
    subject              text collate "C" not null,
    alias                text,
    alias_for_deks       text,
    normalize            boolean,
    validate_fields      boolean,
    validate_new_schemas boolean,
    validate_rules       boolean,
    compatibility_level  text check (compatibility_level in
      ('NONE', 'BACKWARD', 'FORWARD', 'FULL', 'BACKWARD_TRANSITIVE', 'FORWARD_TRANSITIVE', 'FULL_TRANSITIVE')),
    compatibility_policy text check (compatibility_policy in ('STRICT', 'LENIENT', 'LOGICAL')),
    compatibility_group  text,
    default_metadata     jsonb,
    override_metadata    jsonb,
    default_rule_set     jsonb,
    override_rule_set    jsonb,
    primary key (context, subject)
  );
  create index config_alias on registry.config (alias) where alias is not null;
  comment on table registry.config is
    'Config of subjects, of contexts (subject empty) and of everything (context .__GLOBAL). Null inherits.';

  create table registry.mode (
    context text collate "C" not null,
    subject text collate "C" not null,
    mode    text not null check (mode in ('READWRITE', 'READONLY', 'READONLY_OVERRIDE', 'IMPORT', 'FORWARD')),
    primary key (context, subject)
  );
  comment on table registry.mode is 'Modes, by the same keys as registry.config.';

  create table registry.revision (
    singleton boolean primary key default true check (singleton),
    number    bigint not null default 1
  ) with (fillfactor = 10);
  insert into registry.revision default values;
  comment on table registry.revision is
    'Grows with every change of what processes keep in memory: config, modes, deletions. Registrations do not touch it.';
`;

/** Advisory locks of kind 6, value = id of a context: see libs/stores/schemas/src/postgres/locks.sql.ts. */
const IDS = '8389467233977368576';

const CONTEXTS = /* sql */ `
  -- The id of a context, making the context and its sequence when they are missing. Two that make one take turns by the name.
  create function registry.require_context(p_name text) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
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
  end $$;

  -- Moves the ids of a context past an imported one. Holds the context's id lock exclusively until the transaction ends
  -- (drawers hold it shared): a sequence that is set between another session's look and draw would go back.
  create function registry.pass_id(p_context_id integer, p_id integer) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
  declare
    ids regclass := format('registry.%I', 'schema_id_' || p_context_id)::regclass;
  begin
    perform pg_advisory_xact_lock(${IDS} + p_context_id);
    if coalesce(pg_sequence_last_value(ids), 0) < p_id then
      perform setval(ids, p_id);
    end if;
  end $$;

  -- The next id of a context. Holds its id lock shared until the transaction ends.
  create function registry.draw_id(p_context_id integer) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
  begin
    perform pg_advisory_xact_lock_shared(${IDS} + p_context_id);
    return nextval(format('registry.%I', 'schema_id_' || p_context_id)::regclass);
  end $$;

  select registry.require_context('.');
`;
