import { afterAll, beforeAll, describe } from '@jest/globals';
import { whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { groupsBehave } from './group-conformance/group-conformance.ts';
import type { GroupWorld } from './group-conformance/group-world.ts';
import { kafkaWorld } from './group-conformance/kafka-world.ts';

whereKafkaRuns(describe)('groups of a Kafka cluster', () => {
  describe.each(['consumer', 'classic'] as const)('by the %s protocol', (protocol) => {
    let world: GroupWorld;

    beforeAll(async () => {
      world = await kafkaWorld('plain', 1, protocol);
    });

    afterAll(() => world?.stop());

    groupsBehave(() => world);
  });
});
