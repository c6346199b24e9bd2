import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What waits in the inbox and since when is measured every few seconds: indexes of what there is to count, oldest first. */
export class InboxAges1763700019200 implements MigrationInterface {
  name = 'InboxAges1763700019200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      create index blocked_key_by_age on inbox.blocked_key (blocked_at);
      create index failure_dead on inbox.failure (changed_at) where state = 'dead';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      drop index inbox.failure_dead;
      drop index inbox.blocked_key_by_age;
    `);
  }
}
