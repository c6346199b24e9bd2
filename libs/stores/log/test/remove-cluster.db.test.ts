import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { PostgresClusterStore, removeCluster } from '../src/index.ts';

let database: TestDatabase;
let store: PostgresClusterStore;

beforeAll(async () => {
  database = await createTestDatabase();
  store = new PostgresClusterStore(database.db);
});
afterAll(() => database.drop());

/** A cluster that was published to, whose publisher has gone. */
async function publishedTo(name: string) {
  const lease = (await store.acquire({ name, required: true }, 'a', { host: 'test', pid: 1 }, 60_000))!;
  await store.saveIdentity(lease, {
    kafkaClusterId: 'k1',
    producer: { id: 2n ** 60n, epoch: 3 },
    mode: 'exact',
    modeReason: null,
  });
  await store.saveProgress(lease, 60_000, [
    { topicId: 1, partition: 0, ackedOffset: 40n, ackedPosition: 50n, trouble: null },
    { topicId: 1, partition: 1, ackedOffset: 2n, ackedPosition: 52n, trouble: null },
  ]);
  return lease;
}

const KNOWN = {
  kafkaClusterId: 'k1',
  producerId: (2n ** 60n).toString(),
  producerEpoch: 3,
  required: true,
  mode: 'exact',
  partitions: 2,
  ackedRecords: '42',
};

const auditOf = async (target: string) =>
  (await database.db.query('select actor, role, via, action, detail from audit.entry where target = $1', [target]))
    .rows;

test('forgets a cluster and says what was known of it; its publisher changes nothing any more', async () => {
  const lease = await publishedTo('old');
  await store.release(lease);
  expect(await removeCluster(database.db, 'old')).toEqual(KNOWN);
  expect(await store.partitions(lease.clusterId)).toEqual([]);
  expect(await store.saveProgress(lease, 60_000, [])).toBe(false);
  // The caller writes the entry, as the HTTP API does with every write.
  expect(await auditOf('old')).toEqual([]);
  const anew = await store.acquire({ name: 'old', required: true }, 'a', { host: 'test', pid: 1 }, 60_000);
  expect(anew).toMatchObject({ term: 1n, identity: { producer: null } });
  expect(anew!.clusterId).not.toBe(lease.clusterId);
});

test('is written to the audit when it is done in SQL', async () => {
  await store.release(await publishedTo('by-hand'));
  await database.db.query(`select log.remove_cluster('by-hand')`);
  expect(await auditOf('by-hand')).toEqual([
    { actor: 'postgres', role: 'database', via: 'sql', action: 'cluster.remove', detail: KNOWN },
  ]);
});

test('is refused while somebody publishes, until that lease has expired', async () => {
  const lease = await publishedTo('busy');
  await expect(removeCluster(database.db, 'busy')).rejects.toMatchObject({
    code: 'CLUSTER_IN_USE',
    message: 'cluster busy is being published to by a',
  });
  expect(await store.renew(lease, -1)).toBe(true);
  expect(await removeCluster(database.db, 'busy')).toEqual(KNOWN);
});

test('is refused for a name that is not known', async () => {
  await expect(removeCluster(database.db, 'nobody')).rejects.toMatchObject({ code: 'CLUSTER_UNKNOWN' });
});
