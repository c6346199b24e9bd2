import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { messageIdOf } from '#libs/stores/topic';
import { PublishingStage } from './harness/publishing-stage.ts';

/** As after a restore from a backup, or the failover to a standby that was behind. */
whereKafkaRuns(describe)('a Postgres that is older than the cluster', () => {
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await PublishingStage.open();
  });
  afterAll(() => stage?.close());

  /** Takes back everything that was committed since `restore` was made. No relay may run. */
  async function backup(): Promise<() => Promise<void>> {
    const tables = ['log.batch', 'log.head', 'log.sequencer', 'log.cluster', 'log.cluster_partition'];
    const { db } = stage.database;
    await db.query('drop schema if exists backup cascade; create schema backup');
    for (const table of [...tables, 'outbox.message'])
      await db.query(`create table backup.${table.split('.')[1]} as table ${table}`);
    return async () => {
      await db.transaction(async (tx) => {
        await tx.query('delete from outbox.message m where m.id not in (select id from backup.message)');
        for (const table of ['log.batch', 'log.head', 'log.sequencer', 'log.cluster_partition']) {
          await tx.query(`delete from ${table}`);
          await tx.query(`insert into ${table} table backup.${table.split('.')[1]}`);
        }
        await tx.query('update log.cluster c set term = b.term from backup.cluster b where b.id = c.id');
        await tx.query(`select setval('outbox.position', (select max(id) from backup.message))`);
      });
    };
  }

  const ids = async (topic: string): Promise<(string | null)[]> => (await stage.records(topic)).map(messageIdOf);

  async function accept(topic: string, fromOffset: string): Promise<Response> {
    return await fetch(`${stage.url}/v1/clusters/main/topics/${topic}/partitions/0/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ fromOffset, reason: 'restored from the backup' }),
    });
  }

  test('stops the partition instead of writing over what consumers have seen, until a person decides', async () => {
    await stage.createTopic('ahead');
    await stage.emit('ahead', 100);
    await stage.published('ahead');
    await stage.stopRelay();
    const restore = await backup();
    await stage.startRelay();
    await stage.emit('ahead', 50);
    await stage.published('ahead');
    await stage.stopRelay();
    const onCluster = await ids('ahead');
    await restore();
    await stage.startRelay();
    await eventually(async () => {
      expect((await stage.partitions('ahead'))[0]!.trouble).toMatch(/Postgres was set back to an older state/);
    });
    // Other messages take the same offsets in the log.
    await stage.emit('ahead', 80);
    await stage.relay.line('a partition is stopped and needs a person');
    expect(await stage.metric('cluster_partitions_stopped_total')).toBeGreaterThan(0);
    expect(await ids('ahead')).toEqual(onCluster);

    expect((await accept('ahead', '100')).status).toBeLessThan(300);
    await stage.published('ahead');
    const now = await ids('ahead');
    expect(now.slice(0, 150)).toEqual(onCluster);
    expect(now).toHaveLength(230);
    expect(new Set(now).size).toBe(230);
    expect((await stage.partitions('ahead'))[0]!.segments.at(-1)).toMatchObject({ fromOffset: 100n, delta: 50n });
    await stage.emit('ahead', 10);
    await stage.published('ahead');
    expect(await ids('ahead')).toHaveLength(240);
  });

  test('is noticed too when other messages have taken the offsets before the relay comes', async () => {
    await stage.createTopic('diverged');
    await stage.emit('diverged', 100);
    await stage.published('diverged');
    await stage.stopRelay();
    const restore = await backup();
    await stage.startRelay();
    await stage.emit('diverged', 50);
    await stage.published('diverged');
    await stage.stopRelay();
    const onCluster = await ids('diverged');
    await restore();
    await stage.emit('diverged', 200);
    await stage.startRelay();
    await eventually(async () => {
      expect((await stage.partitions('diverged'))[0]!.trouble).toMatch(/is message .* in Postgres, but message/);
    });
    expect(await ids('diverged')).toEqual(onCluster);
    expect(await stage.metric('cluster_partitions_stopped_total', { why: 'diverged' })).toBeGreaterThan(0);
  });
});
