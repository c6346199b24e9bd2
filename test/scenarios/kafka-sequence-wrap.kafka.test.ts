import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '#libs/foundation/testing';
import { whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { PublishingStage } from './harness/publishing-stage.ts';

const SEQUENCES = 2n ** 31n;

/** Sequences count to 2^31 - 1 and go on with 0; log offsets do not. */
whereKafkaRuns(describe)('a partition that passes 2^31 records', () => {
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await PublishingStage.open({ relay: false });
    await topicThatBeginsAt('slowly', SEQUENCES - 20n);
    await topicThatBeginsAt('within', SEQUENCES - 250n);
    await topicThatBeginsAt('killed', SEQUENCES - 500n);
    await stage.startRelay();
  });
  afterAll(() => stage?.close());

  /** As if the records before had gone by retention. */
  async function topicThatBeginsAt(topic: string, offset: bigint): Promise<void> {
    await stage.createTopic(topic);
    await stage.database.db.query(
      `insert into log.head (topic_id, partition, start_offset, next_offset) select id, 0, $2, $2 from outbox.topic where name = $1`,
      [topic, offset],
    );
  }

  async function expectSequences(topic: string, from: bigint, records: number): Promise<void> {
    const sequences = (await stage.records(topic)).map(({ sequence }) => sequence);
    expect(sequences).toEqual(Array.from({ length: records }, (_, n) => Number((from + BigInt(n)) % SEQUENCES)));
  }

  test('goes on one record at a time', async () => {
    for (let round = 1; round <= 40; round += 1) {
      await stage.emit('slowly', 1);
      await stage.published('slowly');
    }
    expect(await compareWithLog(stage, 'slowly')).toMatchObject(exactly(40));
    await expectSequences('slowly', SEQUENCES - 20n, 40);
  });

  test('goes on where the wrap is inside of a batch', async () => {
    await stage.emit('within', 200);
    await stage.published('within');
    await stage.emit('within', 100);
    await stage.published('within');
    expect(await compareWithLog(stage, 'within')).toMatchObject(exactly(300));
    await expectSequences('within', SEQUENCES - 250n, 300);
    // What began beyond 0 in the log begins at 0 on the cluster.
    expect((await stage.partitions('within'))[0]!.segments).toMatchObject([
      { fromOffset: SEQUENCES - 250n, delta: 250n - SEQUENCES, reason: 'pruned' },
    ]);
  });

  test('is found again by relays that come after one that died around the wrap', async () => {
    await stage.emit('killed', 450);
    await stage.published('killed');
    let emitted = 450;
    for (let round = 1; round <= 4; round += 1) {
      await stage.emit('killed', 40);
      emitted += 40;
      await eventually(
        async () => expect((await stage.records('killed')).length).toBeGreaterThan(emitted - 40),
        20_000,
      );
      await stage.relay.kill();
      await stage.startRelay();
    }
    await stage.published('killed');
    expect(await compareWithLog(stage, 'killed')).toMatchObject(exactly(emitted));
    await expectSequences('killed', SEQUENCES - 500n, emitted);
  });
});
