import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which topics use which subjects of the schema registry. */
export class RegistryAssociations1763700011000 implements MigrationInterface {
  name = 'RegistryAssociations1763700011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create table registry.association (
        guid               uuid primary key default gen_random_uuid(),
        context            text collate "C" not null,
        subject            text collate "C" not null,
        resource_name      text collate "C" not null,
        resource_namespace text collate "C" not null,
        resource_id        text collate "C" not null,
        resource_type      text collate "C" not null,
        association_type   text not null check (association_type in ('key', 'value')),
        lifecycle          text not null check (lifecycle in ('STRONG', 'WEAK')),
        frozen             boolean not null,
        created_at         timestamptz not null default clock_timestamp(),
        updated_at         timestamptz not null default clock_timestamp(),
        check (not frozen or lifecycle = 'STRONG'),
        constraint association_by_resource unique (resource_id, resource_type, association_type)
      );
      create index association_by_subject on registry.association (context, subject);
      create index association_by_name on registry.association (resource_name, resource_namespace);
      comment on table registry.association is
        'Which subject the keys or values of a resource, such as a topic, are written with. STRONG owns its subject, WEAK shares it.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table registry.association');
  }
}
