import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adoption: a trigger on a table of the application's own emits each inserted row in the same transaction.
 *
 * The backlog lists the rows that were there before the trigger, by primary key, in the order in which they are to be
 * emitted. It is filled in the transaction that creates the trigger, under the lock that CREATE TRIGGER takes anyway, so
 * that each row belongs to the backlog or to the trigger and none to both. existing_place is the progress; it moves in
 * the transaction that emits.
 */
export class OutboxAdoption1763700007000 implements MigrationInterface {
  name = 'OutboxAdoption1763700007000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create table outbox.adoption (
        id               integer generated always as identity primary key,
        relation         regclass not null unique,
        table_name       text not null,
        function_name    text not null unique,
        mapping          jsonb not null,
        existing_sql     text,
        existing_total   bigint not null default 0,
        existing_place   bigint not null default 0,
        existing_emitted bigint not null default 0,
        created_at       timestamptz not null default clock_timestamp()
      );
      comment on table outbox.adoption is 'Tables whose inserted rows are emitted by a trigger. Made and removed by: tidemark adopt.';
      comment on column outbox.adoption.table_name is 'The name when it was adopted; the table may have been renamed or dropped since.';
      comment on column outbox.adoption.existing_sql is 'Emits the backlog rows of places $2 to $3; null when the rows that were there are not emitted.';
      comment on column outbox.adoption.existing_emitted is 'Backlog rows emitted; those deleted from the table in the meantime are passed over.';

      create table outbox.adoption_backlog (
        adoption_id integer not null references outbox.adoption on delete cascade,
        place       bigint  not null,
        row_key     jsonb   not null,
        primary key (adoption_id, place)
      );
      comment on table outbox.adoption_backlog is 'Rows that were in an adopted table before its trigger: primary keys, in the order to emit.';

      -- Headers of a row whose writer does not know our rules: nested values become their JSON text instead of failing
      -- the insert. Arrays must be [name, value] pairs, as for outbox.emit.
      create function outbox.adopted_headers(p_headers jsonb) returns jsonb
      language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
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
      end $$;

      -- The W3C trace context in a java.util.Properties text, as Debezium's tracingspancontext has it.
      create function outbox.adopted_trace(p_properties text) returns jsonb
      language sql immutable set search_path = pg_catalog, pg_temp as $$
        select jsonb_agg(jsonb_build_array(m[1], m[2]))
        from regexp_matches(p_properties, '^\\s*(traceparent|tracestate)\\s*[=:]\\s*(\\S+)\\s*$', 'gn') m
      $$;

      revoke all on function outbox.adopted_headers(jsonb), outbox.adopted_trace(text) from public;
    `);
  }

  /** Removes the triggers too: without their functions the tables could not be written to. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      do $$ declare f text; begin
        for f in select function_name from outbox.adoption loop execute format('drop function if exists outbox.%I() cascade', f); end loop;
      end $$;
      drop function outbox.adopted_trace(text);
      drop function outbox.adopted_headers(jsonb);
      drop table outbox.adoption_backlog;
      drop table outbox.adoption;
    `);
  }
}
