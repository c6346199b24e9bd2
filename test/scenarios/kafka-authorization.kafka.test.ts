import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '#libs/foundation/testing';
import { kafkaTool, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { compareWithLog, exactly } from './harness/compare-with-log.ts';
import { PublishingStage } from './harness/publishing-stage.ts';

const PRINCIPAL = ['--allow-principal', 'User:relay'];
/** What docs/CLUSTERS.md asks for, and nothing more. */
const ON_TOPICS = ['Read', 'Write', 'Describe', 'Create', 'Alter', 'DescribeConfigs'].flatMap((each) => [
  '--operation',
  each,
]);

whereKafkaRuns(describe)('a principal with nothing but the permissions that the docs ask for', () => {
  let stage: PublishingStage;

  beforeAll(async () => {
    stage = await PublishingStage.open({
      kafka: { doors: ['sasl'], authorize: true },
      clusters: async (kafka, folder) => {
        await writeFile(join(folder, 'password'), 'relay-secret\n');
        const sasl = { mechanism: 'scram-sha-256', username: 'relay', passwordFile: 'password' };
        return { main: { bootstrapServers: kafka.bootstrapOf('sasl'), requestTimeoutMs: 2_000, sasl } };
      },
      relay: false,
    });
    await acls('--add', ...ON_TOPICS, '--topic', 'topic.', '--resource-pattern-type', 'prefixed');
    await stage.startRelay();
    await stage.createTopic('topic.kept');
    await stage.createTopic('topic.lost');
    await stage.createTopic('other');
  });
  afterAll(() => stage?.close());

  async function acls(action: '--add' | '--remove', ...what: string[]): Promise<void> {
    const force = action === '--remove' ? ['--force'] : [];
    const args = ['--bootstrap-server', stage.kafka.bootstrap, action, ...force, ...what, ...PRINCIPAL];
    await kafkaTool(stage.kafka.distribution, 'kafka-acls', args);
  }

  const troubleOf = async (topic: string): Promise<string | null | undefined> =>
    (await stage.partitions(topic))[0]?.trouble;

  test('publishes', async () => {
    for (const topic of ['topic.kept', 'topic.lost']) {
      await stage.emit(topic, 50);
      await stage.published(topic);
      expect(await compareWithLog(stage, topic)).toMatchObject(exactly(50));
    }
  });

  test('stands still with the topic that it may not write, says what to grant, and goes on by itself', async () => {
    const deny = ['--deny-principal', 'User:relay', '--operation', 'Write', '--topic', 'topic.lost'];
    const broker = ['--bootstrap-server', stage.kafka.bootstrap];
    await kafkaTool(stage.kafka.distribution, 'kafka-acls', [...broker, '--add', ...deny]);
    await eventually(async () => {
      await stage.emit('topic.lost', 1);
      expect(await troubleOf('topic.lost')).toMatch(
        /TOPIC_AUTHORIZATION_FAILED.*allow the principal WRITE, READ and DESCRIBE/,
      );
    });
    for (let round = 1; round <= 5; round += 1) {
      await stage.emit('topic.kept', 20);
      await stage.published('topic.kept');
    }
    expect(await compareWithLog(stage, 'topic.kept')).toMatchObject(exactly(150));
    expect(await troubleOf('topic.kept')).toBeNull();
    expect(await stage.metric('cluster_authorization_missing_total')).toBeGreaterThan(0);
    await eventually(async () => expect(await stage.metric('cluster_partitions_in_trouble')).toBe(1));

    await kafkaTool(stage.kafka.distribution, 'kafka-acls', [...broker, '--remove', '--force', ...deny]);
    await stage.published('topic.lost');
    expect(await troubleOf('topic.lost')).toBeNull();
    const { rows } = await stage.database.db.query<{ messages: string }>(
      `select count(*) as messages from outbox.message m join outbox.topic t on t.id = m.topic_id where t.name = 'topic.lost'`,
    );
    expect(await compareWithLog(stage, 'topic.lost')).toMatchObject(exactly(Number(rows[0]!.messages)));
    await eventually(async () => expect(await stage.metric('cluster_partitions_in_trouble')).toBe(0));
  });

  test.each(['Read', 'Describe', 'All'])(
    'comes through the loss of %s on a topic, also over a new start, and loses nothing',
    async (operation) => {
      const deny = ['--deny-principal', 'User:relay', '--operation', operation, '--topic', 'topic.lost'];
      const broker = ['--bootstrap-server', stage.kafka.bootstrap];
      await stage.relay.kill();
      await kafkaTool(stage.kafka.distribution, 'kafka-acls', [...broker, '--add', ...deny]);
      await stage.startRelay();
      await stage.emit('topic.lost', 20);
      await stage.emit('topic.kept', 20);
      await stage.published('topic.kept');
      await eventually(async () => {
        const said = `${await troubleOf('topic.lost')} ${(await stage.topicState('topic.lost'))!.detail}`;
        expect(said).toMatch(/READ|DESCRIBE/);
      });
      await kafkaTool(stage.kafka.distribution, 'kafka-acls', [...broker, '--remove', '--force', ...deny]);
      await stage.published('topic.lost');
      expect(await troubleOf('topic.lost')).toBeNull();
      expect((await compareWithLog(stage, 'topic.lost')).counts).toEqual(exactly(0).counts);
    },
  );

  test('is told of a topic that it may not create or see, and goes on when it may', async () => {
    await stage.emit('other', 10);
    await eventually(async () => expect((await stage.topicState('other'))?.state).toBe('refused'));
    expect((await stage.topicState('other'))!.detail).toMatch(/AUTHORIZATION|grant/);
    await acls('--add', ...ON_TOPICS, '--topic', 'other');
    await stage.published('other');
    expect(await compareWithLog(stage, 'other')).toMatchObject(exactly(10));
  });
});
