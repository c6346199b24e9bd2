import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Static members of consumer groups: one that joins under the instance id of another takes over what that one owned, so
 * that a restart moves no partition of the others.
 */
export class LogStaticMembers1763700017100 implements MigrationInterface {
  name = 'LogStaticMembers1763700017100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      alter table log.group_member add column instance_id text check (instance_id ~ '^[a-zA-Z0-9._-]{1,249}$');
      create unique index group_member_instance on log.group_member (group_id, instance_id) where instance_id is not null;
      comment on column log.group_member.instance_id is 'Stays the same when the process starts again; the next member with it takes over the partitions of this one.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      drop index log.group_member_instance;
      alter table log.group_member drop column instance_id;
    `);
  }
}
