import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who changed what through the API and the command line, and the answers that repeated requests get. */
export class Audit1763700008000 implements MigrationInterface {
  name = 'Audit1763700008000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create schema audit;

      create table audit.entry (
        id          bigint generated always as identity primary key,
        at          timestamptz not null default now(),
        actor       text not null,
        role        text not null,
        via         text not null,
        action      text not null,
        target      text not null,
        detail      jsonb not null default '{}',
        request_id  text not null
      );
      comment on table audit.entry is 'One row per write through the API or the CLI, committed together with it. Insert-only.';
      create index entry_by_target on audit.entry (target, id);

      create function audit.refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception 'audit.entry is insert-only: % refused', lower(tg_op) using errcode = 'insufficient_privilege';
      end
      $$;
      create trigger entry_is_insert_only before update or delete or truncate on audit.entry
        for each statement execute function audit.refuse_change();

      create table audit.idempotency (
        actor         text not null,
        key           text not null,
        operation     text not null,
        request_hash  text not null,
        response      json,
        created_at    timestamptz not null default now(),
        primary key (actor, key)
      );
      comment on table audit.idempotency is
        'Answers of writes with an Idempotency-Key, kept for 24 hours. A row is committed together with the write, never before.';
      comment on column audit.idempotency.response is 'json, not jsonb: a repeat gets the same text. Null for an answer without a body.';
      create index idempotency_by_age on audit.idempotency (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema audit cascade');
  }
}
