import { afterAll, beforeAll, describe } from '@jest/globals';
import { groupsBehave } from './group-conformance/group-conformance.ts';
import type { GroupWorld } from './group-conformance/group-world.ts';
import { postgresWorld } from './group-conformance/postgres-world.ts';

describe('groups of topics in Postgres', () => {
  let world: GroupWorld;

  beforeAll(async () => {
    world = await postgresWorld();
  });

  afterAll(() => world.stop());

  groupsBehave(() => world);
});
