import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendFunctions } from './outbox-append.sql.ts';

/**
 * Topics that take payloads with a schema only. Whether the bytes match it is decided where they are encoded; here a writer
 * that does not encode, such as outbox.emit from SQL, is refused. Tombstones have no schema.
 */
export class OutboxSchemas1763700013000 implements MigrationInterface {
  name = 'OutboxSchemas1763700013000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table outbox.topic add column schema_required boolean not null default false');
    await runner.query(
      `comment on column outbox.topic.schema_required is 'Refuses payloads without a schema id; see outbox.require_schemas.'`,
    );
    for (const made of appendFunctions({ schemas: true })) await runner.query(made);
    await runner.query(REQUIRE_SCHEMAS);
    await runner.query(REFUSE_PAYLOAD);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function outbox.refuse_payload(text)');
    await runner.query('drop function outbox.require_schemas(text, boolean)');
    for (const made of appendFunctions({ schemas: false })) await runner.query(made);
    await runner.query('alter table outbox.topic drop column schema_required');
  }
}

const REQUIRE_SCHEMAS = /* sql */ `
  create function outbox.require_schemas(p_topic text, p_required boolean default true) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  begin
    update outbox.topic t set schema_required = p_required, revision = t.revision + 1 where t.name = p_topic;
    if not found then
      raise exception 'topic % does not exist', coalesce(quote_literal(p_topic), 'null') using errcode = 'TM001',
        hint = format('Create it first: select outbox.create_topic(%L);', p_topic);
    end if;
  end $$;
  comment on function outbox.require_schemas(text, boolean) is
    'Lets a topic take payloads with a schema id only, or others, too. Messages that are there already stay.';
  revoke all on function outbox.require_schemas(text, boolean) from public`;

/** Whoever may write may fail its own transaction: there is nothing to guard. */
const REFUSE_PAYLOAD = /* sql */ `
  create function outbox.refuse_payload(p_why text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
  begin
    raise exception '%', p_why using errcode = 'TM014', hint = 'Correct the event, or register a version of its schema that allows it.';
  end $$;
  comment on function outbox.refuse_payload(text) is
    'For encoders: fails the transaction of an event that does not match its schema.';
  grant execute on function outbox.refuse_payload(text) to public`;
