import { createKafkaClient } from '#libs/foundation/kafka';
import { startKafka } from '#libs/foundation/testing-kafka';
import { connectionTo } from '../../../libs/stores/topic/test/group-conformance/kafka-connection.ts';
import { QUICK_GROUPS } from '../../../libs/stores/topic/test/group-conformance/kafka-world.ts';
import { CrashBench } from './crash-bench.ts';
import type { ConsumerGround } from './consumer-ground.ts';

/** Topics on a broker of its own, to which a relay publishes what consumers and writers put into the outbox. */
export async function kafkaGround(): Promise<ConsumerGround> {
  const kafka = await startKafka({ config: QUICK_GROUPS });
  const bench = await CrashBench.open();
  const client = createKafkaClient(connectionTo(kafka.bootstrap));
  const close = async (): Promise<void> => {
    await client.close();
    await bench.close();
    await kafka.stop();
  };
  // Not waited for: consumers start beside it, and wait for the topics that it makes.
  bench.relay({ TIDEMARK_CLUSTERS: `main=${kafka.bootstrap}` });

  /** Ends in the log, which is what will be on the cluster: nobody else writes to it. */
  async function ends(prefix: string): Promise<Map<string, bigint>> {
    const { rows } = await bench.db.query<{ partition: string; next_offset: string }>(
      `select t.name || '/' || h.partition as partition, h.next_offset
       from log.head h join outbox.topic t on t.id = h.topic_id
       where t.name = 'orders' or starts_with(t.name, $1)`,
      [`${prefix}.retry`],
    );
    return new Map(rows.map(({ partition, next_offset }) => [partition, BigInt(next_offset)]));
  }

  return {
    url: bench.url,
    db: bench.db,
    setup: { kafka: kafka.bootstrap, sessionTimeoutMs: 1_500, heartbeatMs: 300 },
    async behind(group) {
      const offsets = await client.groupOffsets(group);
      const committed = new Map(offsets.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]));
      return [...(await ends(`orders.${group}`))]
        .filter(([partition, end]) => (committed.get(partition) ?? 0n) !== end)
        .map(([partition, end]) => `${group} ${partition}: ${committed.get(partition)} of ${end}`);
    },
    close,
  };
}
