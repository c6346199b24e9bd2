import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { createTopic, deleteTopic, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { PublishingStage } from './harness/publishing-stage.ts';

whereKafkaRuns(describe)('a topic that is deleted and created again on the cluster', () => {
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await PublishingStage.open();
  });
  afterAll(() => stage?.close());

  test('is filled again at the same offsets, when nothing is being published', async () => {
    await stage.createTopic('idle', 2);
    await stage.emit('idle', 500);
    await stage.published('idle');
    const before = await stage.metric('cluster_topics_recreated_total');
    await deleteTopic(stage.kafka.bootstrap, 'idle');
    await createTopic(stage.kafka.bootstrap, { topic: 'idle', partitions: 2 });
    // Nothing is emitted: the metadata alone tells.
    await eventually(async () => {
      expect(await stage.metric('cluster_topics_recreated_total')).toBe(before + 1);
      expect(await compareWithLog(stage, 'idle')).toMatchObject(exactly(500));
    }, 45_000);
    for (const { segments } of await stage.partitions('idle'))
      expect(segments.at(-1)).toMatchObject({ fromOffset: 0n, delta: 0n, reason: 'recreated' });
    expect(await stage.metric('cluster_offsets_shifted')).toBe(0);
  });

  test('is filled again at the same offsets, under load', async () => {
    await stage.createTopic('busy', 2);
    await stage.emit('busy', 200);
    await stage.published('busy');
    const before = await stage.metric('cluster_topics_recreated_total');
    const enough = new AbortController();
    let emitted = 200;
    const load = (async () => {
      while (!enough.signal.aborted) {
        await stage.emit('busy', 20);
        emitted += 20;
      }
    })();
    try {
      await deleteTopic(stage.kafka.bootstrap, 'busy');
      await createTopic(stage.kafka.bootstrap, { topic: 'busy', partitions: 2 });
      await eventually(async () => {
        expect(await stage.metric('cluster_topics_recreated_total')).toBeGreaterThan(before);
      }, 45_000);
    } finally {
      enough.abort();
      await load;
    }
    await stage.published('busy');
    expect(await compareWithLog(stage, 'busy')).toMatchObject(exactly(emitted));
    for (const { segments } of await stage.partitions('busy')) expect(segments.at(-1)).toMatchObject({ delta: 0n });
  });

  test('is created and filled again by the relay where others have only deleted it', async () => {
    await stage.createTopic('gone', 2);
    await stage.emit('gone', 100);
    await stage.published('gone');
    await deleteTopic(stage.kafka.bootstrap, 'gone');
    await stage.emit('gone', 100);
    await stage.published('gone');
    expect(await compareWithLog(stage, 'gone')).toMatchObject(exactly(200));
  });

  test('begins with a new segment where the log no longer has its beginning', async () => {
    await stage.createTopic('pruned');
    await stage.emit('pruned', 300);
    await stage.published('pruned');
    // What retention does when it drops old partitions of the outbox.
    await stage.database.db.query(
      `update log.head h set start_offset = 100 from outbox.topic t where t.id = h.topic_id and t.name = 'pruned'`,
    );
    await deleteTopic(stage.kafka.bootstrap, 'pruned');
    await createTopic(stage.kafka.bootstrap, { topic: 'pruned', partitions: 1 });
    await stage.emit('pruned', 10);
    await eventually(async () => {
      const [partition] = await stage.partitions('pruned');
      expect(partition!.segments.at(-1)).toMatchObject({ fromOffset: 100n, delta: -100n, reason: 'recreated' });
    }, 45_000);
    await stage.published('pruned');
    expect(await compareWithLog(stage, 'pruned')).toMatchObject(exactly(210));
    await eventually(async () => expect(await stage.metric('cluster_offsets_shifted')).toBe(1));
  });
});
