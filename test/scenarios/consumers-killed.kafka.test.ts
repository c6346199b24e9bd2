import { describe } from '@jest/globals';
import { whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { consumersKilled } from './harness/consumers-killed.ts';
import { kafkaGround } from './harness/kafka-consumer-ground.ts';

whereKafkaRuns(describe)(
  'consumers of topics on Kafka: whatever is killed, stopped or joins, effects and follow-ups happen once, in order per key, and retries when they are due',
  () => {
    consumersKilled({ open: kafkaGround, kills: 5, soakKills: 200 });
  },
);
