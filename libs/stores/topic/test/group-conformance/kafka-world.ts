import { createKafkaClient, encodeRecordBatch, type KafkaClient } from '#libs/foundation/kafka';
import { eventually } from '#libs/foundation/testing';
import { createTopic, type Door, type KafkaCluster, startKafka } from '#libs/foundation/testing-kafka';
import type { GroupProtocol } from '../../src/kafka-groups/kafka-group-coordinator.ts';
import { kafkaTransport } from '../../src/kafka-groups/kafka-transport.ts';
import type { GroupWorld } from './group-world.ts';
import { connectionTo } from './kafka-connection.ts';

/** A broker that takes a member for dead after two seconds, and assigns partitions at once. */
export const QUICK_GROUPS = {
  'group.min.session.timeout.ms': '500',
  'group.consumer.min.session.timeout.ms': '1000',
  'group.consumer.session.timeout.ms': '2000',
  'group.consumer.min.heartbeat.interval.ms': '100',
  'group.consumer.heartbeat.interval.ms': '300',
  'group.consumer.min.assignment.interval.ms': '0',
  'group.consumer.assignment.interval.ms': '0',
};

/** Appends records with the time of now; each value says which it is. A leader that has only just become one refuses. */
export async function append(client: KafkaClient, topic: string, partition: number, count: number): Promise<void> {
  const records = Array.from({ length: count }, (_, n) => ({
    key: null,
    value: Buffer.from(String(n)),
    headers: [],
    timestampMs: Date.now(),
  }));
  const bytes = encodeRecordBatch(records, { compression: 'none' });
  await eventually(async () => {
    const { topics } = await client.metadata([topic]);
    const leader = topics[0]?.partitions.find((each) => each.partition === partition)?.leader ?? -1;
    const { results } = await client.produce(leader, [{ topic, partition, bytes }], 10_000);
    if (results[0]?.errorCode !== 0) throw new Error(`${topic}-${partition} answers ${results[0]?.errorCode}`);
  });
}

export interface KafkaWorld extends GroupWorld {
  readonly kafka: KafkaCluster;
  readonly client: KafkaClient;
  /** What members were told of troubles that passed. */
  readonly troubles: unknown[];
}

/** Members come by the door; everything else goes straight to the brokers. */
export async function kafkaWorld(
  door: Door = 'plain',
  brokers: 1 | 3 = 1,
  protocol: GroupProtocol = 'consumer',
): Promise<KafkaWorld> {
  const doors = door === 'plain' ? [] : [door];
  const kafka = await startKafka({ brokers, doors, config: QUICK_GROUPS });
  const client = createKafkaClient(connectionTo(kafka.bootstrap));
  const troubles: unknown[] = [];
  return {
    sessionTimeoutMs: 1_500,
    kafka,
    client,
    troubles,
    createTopic: (topic, partitions) => createTopic(kafka.bootstrap, { topic, partitions }),
    write: (topic, partition, count) => append(client, topic, partition, count),
    async connect() {
      const connection = connectionTo(kafka.bootstrapOf(door));
      const transport = kafkaTransport({
        connection,
        protocol,
        cluster: 'test',
        onTrouble: (error) => troubles.push(error),
      });
      await transport.start();
      return { ...transport, close: () => transport.stop({ deadlineMs: 5_000 }) };
    },
    async committed(group, topic) {
      const offsets = await client.groupOffsets(group);
      return new Map(offsets.filter((each) => each.topic === topic).map((each) => [each.partition, each.offset]));
    },
    async stop() {
      await client.close();
      await kafka.stop();
    },
  };
}
