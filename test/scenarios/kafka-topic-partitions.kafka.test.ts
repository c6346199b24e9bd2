import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { createTopic, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { PublishingStage } from './harness/publishing-stage.ts';

/** Metadata are read again every 30 s. */
const NOTICED_MS = 45_000;

whereKafkaRuns(describe)('a topic whose partitions on the cluster are not those of the log', () => {
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await PublishingStage.open();
    await stage.createTopic('expanded', 2);
    await stage.emit('expanded', 100);
    await stage.published('expanded');
    // Noticed while the other tests run.
    await stage.client.createPartitions('expanded', 4, 5_000);
  });
  afterAll(() => stage?.close());

  const partitionsOnCluster = async (topic: string): Promise<number> =>
    (await stage.client.metadata([topic])).topics[0]!.partitions.length;

  test('is refused with an explanation at the first contact, and published as soon as it is put right', async () => {
    await createTopic(stage.kafka.bootstrap, { topic: 'narrow', partitions: 2 });
    await stage.createTopic('narrow', 3);
    await stage.emit('narrow', 60);
    const detail = /topic narrow has 3 partitions, and narrow exists on the cluster with 2; add partitions there/;
    await eventually(async () => expect((await stage.topicState('narrow'))?.state).toBe('refused'), NOTICED_MS);
    expect((await stage.topicState('narrow'))!.detail).toMatch(detail);
    const line = await stage.relay.line('the topic is not published to the cluster');
    expect(JSON.parse(line)).toMatchObject({ topic: 'narrow', detail: expect.stringMatching(detail) });
    await eventually(async () => expect(await stage.metric('cluster_topics_refused')).toBe(1));
    expect(await stage.metric('cluster_topics_refused_total')).toBe(1);
    expect(await stage.records('narrow')).toEqual([]);

    await stage.client.createPartitions('narrow', 3, 5_000);
    await stage.published('narrow');
    expect(await compareWithLog(stage, 'narrow')).toMatchObject(exactly(60));
    expect(await stage.topicState('narrow')).toEqual({ state: 'publishing', detail: '' });
  });

  test('gets partitions on the cluster when the log topic grows', async () => {
    await stage.createTopic('grown', 2);
    await stage.emit('grown', 50);
    await stage.published('grown');
    await stage.database.db.query(`select outbox.alter_topic('grown', p_partitions => 5)`);
    await stage.emit('grown', 200);
    await stage.published('grown');
    expect(await partitionsOnCluster('grown')).toBe(5);
    expect(await compareWithLog(stage, 'grown')).toMatchObject(exactly(250));
  });

  test('raises an alarm and goes on when others have expanded it', async () => {
    await stage.emit('expanded', 100);
    await stage.published('expanded');
    const line = await stage.relay.line('somebody gave the topic more partitions on the cluster', NOTICED_MS);
    expect(JSON.parse(line)).toMatchObject({ topic: 'expanded', partitions: 2, onCluster: 4 });
    expect(await stage.metric('cluster_topics_expanded_total')).toBeGreaterThan(0);
    await stage.emit('expanded', 100);
    await stage.published('expanded');
    expect(await compareWithLog(stage, 'expanded')).toMatchObject(exactly(300));
    expect([...(await stage.records('expanded', 2)), ...(await stage.records('expanded', 3))]).toEqual([]);
  });
});
