import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Consumer groups that start at given offsets. */
export class LogGroupStartOffsets1763700017200 implements MigrationInterface {
  name = 'LogGroupStartOffsets1763700017200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(/* sql */ `
      alter table log.consumer_group
        add column start_offsets jsonb,
        drop constraint consumer_group_start_from_check,
        add constraint consumer_group_start_from_check check (start_from in ('earliest', 'latest', 'time', 'offset')),
        add constraint consumer_group_start_offsets_check check ((start_from = 'offset') = (start_offsets is not null));
      comment on column log.consumer_group.start_offsets is 'Where the group starts in the partitions named: [{"topic", "partition", "offset"}], the offset as text; in the others at the earliest.';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    // Where the group starts in partitions that it has seen is stored with its offsets.
    await runner.query(/* sql */ `
      update log.consumer_group set start_from = 'earliest', start_offsets = null where start_from = 'offset';
      alter table log.consumer_group
        drop column start_offsets,
        drop constraint consumer_group_start_from_check,
        add constraint consumer_group_start_from_check check (start_from in ('earliest', 'latest', 'time'));
    `);
  }
}
