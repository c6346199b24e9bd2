import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members of consumer groups that subscribe to no topic yet: their patterns match none. */
export class LogMembersWithoutTopics1763700017000 implements MigrationInterface {
  name = 'LogMembersWithoutTopics1763700017000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      alter table log.group_member
        drop constraint group_member_topics_check,
        add constraint group_member_topics_check check (cardinality(topics) <= 1000);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    // A member that is removed joins again by itself, and is refused then until it has a topic.
    await runner.query(/* sql */ `
      delete from log.group_member where cardinality(topics) = 0;
      alter table log.group_member
        drop constraint group_member_topics_check,
        add constraint group_member_topics_check check (cardinality(topics) between 1 and 1000);
    `);
  }
}
