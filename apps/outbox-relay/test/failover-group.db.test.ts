import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ANONYMOUS, Writes } from '#libs/foundation/http';
import type { GroupOffset } from '#libs/foundation/kafka';
import { TidemarkError } from '#libs/foundation/kernel';
import { createTestDatabase, type TestDatabase } from '#libs/foundation/testing';
import { PostgresClusterStore, type Segment } from '#libs/stores/log';
import { auditedFailover } from '../src/clusters/audited-failover.ts';
import {
  copyGroupOffsets,
  type FailoverSide,
  planGroupFailover,
  requireReady,
} from '../src/clusters/failover-group.ts';

const LEASE_MS = 60_000;
const START: Segment = { fromOffset: 0n, delta: 0n, sequenceDelta: 0n, reason: 'start' };

let database: TestDatabase;
let store: PostgresClusterStore;
beforeAll(async () => {
  database = await createTestDatabase();
  store = new PostgresClusterStore(database.db);
  await database.db.query(`select outbox.create_topic('orders', 2)`);
});
afterAll(() => database.drop());

/** The groups of a cluster in memory; `refuses` names topics whose commits it answers with an error. */
class Groups {
  members = 0;
  refuses = '';
  offsets: GroupOffset[];
  constructor(offsets: GroupOffset[] = []) {
    this.offsets = offsets;
  }
  groupOffsets = () => Promise.resolve(this.offsets);
  groupMembers = () => Promise.resolve(this.members);
  commitGroupOffsets = (_group: string, wanted: readonly GroupOffset[]) => {
    const taken = wanted.filter(({ topic }) => topic !== this.refuses);
    this.offsets = [
      ...this.offsets.filter(
        (old) => !taken.some((each) => each.topic === old.topic && each.partition === old.partition),
      ),
      ...taken,
    ];
    return Promise.resolve(
      wanted.map(({ topic, partition }) => ({ topic, partition, errorCode: topic === this.refuses ? 29 : 0 })),
    );
  };
}

/** A cluster on which partition 0 of orders is acked so far; partition 1 is empty. */
async function side(name: string, acked: bigint, segments: Segment[], groups: Groups): Promise<FailoverSide> {
  await database.db.query('delete from log.cluster where name = $1', [name]);
  const lease = (await store.acquire({ name, required: true }, 'relay', { host: 'h', pid: 1 }, LEASE_MS))!;
  const topicId = 1;
  await store.saveTopics(lease, [
    { topicId, name: `${name}.orders`, kafkaTopicId: null, state: 'publishing', detail: '' },
  ]);
  await store.saveSegments(lease, [{ topicId, partition: 0, segments }]);
  await store.saveProgress(lease, LEASE_MS, [
    { topicId, partition: 0, ackedOffset: acked, ackedPosition: acked, trouble: null },
  ]);
  return { name, clusterId: lease.clusterId, client: groups };
}

const at = (topic: string, partition: number, offset: bigint, metadata: string | null = null): GroupOffset => ({
  topic,
  partition,
  offset,
  metadata,
});

test('copies what a group has committed to the same records, with its metadata, and leaves other topics alone', async () => {
  const groups = new Groups([at('b.orders', 0, 3n)]);
  const committed = [at('a.orders', 0, 7n, 'mine'), at('a.orders', 1, 0n), at('theirs', 0, 4n)];
  const a = await side('a', 10n, [START], new Groups(committed));
  const b = await side('b', 10n, [{ ...START, delta: 100n, reason: 'adopted' }], groups);
  const plan = await planGroupFailover(database.db, 'billing', a, b);
  expect(plan).toMatchObject({ ready: true, membersOnSource: 0, before: [{ offset: 3n }] });
  requireReady(plan, 'billing', 'b');
  expect(await copyGroupOffsets(plan, 'billing', b)).toEqual(['committed', 'committed', undefined]);
  // A partition that no record was sent to begins at 0 on both.
  expect(groups.offsets).toEqual([at('b.orders', 0, 107n, 'mine'), at('b.orders', 1, 0n)]);
});

test('is refused while the target lacks records, and says how many', async () => {
  const a = await side('a', 10n, [START], new Groups([at('a.orders', 0, 7n)]));
  const b = await side('b', 5n, [START], new Groups());
  const plan = await planGroupFailover(database.db, 'billing', a, b);
  expect(() => requireReady(plan, 'billing', 'b')).toThrow(
    expect.objectContaining({
      code: 'FAILOVER_NOT_READY',
      context: { partitionsInTheWay: 1, partitions: 'a.orders-0: the target lacks 2 records that were handled' },
    }),
  );
});

test('is refused while the group has members on the target, whose commits would win', async () => {
  const groups = new Groups();
  groups.members = 2;
  const a = await side('a', 10n, [START], new Groups([at('a.orders', 0, 7n)]));
  const plan = await planGroupFailover(database.db, 'billing', a, await side('b', 10n, [START], groups));
  expect(() => requireReady(plan, 'billing', 'b')).toThrow(
    expect.objectContaining({ code: 'FAILOVER_GROUP_ACTIVE', context: { members: 2 } }),
  );
});

test('a group that has committed nothing is not known', async () => {
  const a = await side('a', 10n, [START], new Groups());
  const plan = planGroupFailover(database.db, 'billing', a, await side('b', 10n, [START], new Groups()));
  await expect(plan).rejects.toMatchObject({ code: 'CLUSTER_GROUP_UNKNOWN' });
});

test('a commit that the target refuses, or does not keep, is told', async () => {
  const refusing = new Groups();
  refusing.refuses = 'b.orders';
  const a = await side('a', 10n, [START], new Groups([at('a.orders', 0, 7n)]));
  const b = await side('b', 10n, [START], refusing);
  const plan = await planGroupFailover(database.db, 'billing', a, b);
  expect(await copyGroupOffsets(plan, 'billing', b)).toEqual([{ failed: 'TOPIC_AUTHORIZATION_FAILED' }]);
  const forgetful = new Groups([at('b.orders', 0, 2n)]);
  const commit = ((_group, wanted) =>
    Promise.resolve(wanted.map((each) => ({ ...each, errorCode: 0 })))) as Groups['commitGroupOffsets'];
  forgetful.commitGroupOffsets = commit;
  const outcome = await copyGroupOffsets(plan, 'billing', { ...b, client: forgetful });
  expect(outcome).toEqual([{ failed: 'the cluster has 2 committed instead' }]);
});

test('the audit has the planned offsets before they are committed, and the outcome of each attempt', async () => {
  const groups = new Groups([at('b.orders', 0, 2n)]);
  const commit = groups.commitGroupOffsets;
  const a = await side('a', 10n, [START], new Groups([at('a.orders', 0, 7n), at('theirs', 0, 1n)]));
  const b = await side('b', 10n, [START], groups);
  const writes = new Writes(database.db);
  const failOver = () =>
    writes.runOutside(
      {
        actor: ANONYMOUS,
        requestId: 'r',
        operation: 'POST /v1/clusters/a/failover',
        idempotencyKey: 'k',
        fingerprint: () => 'f',
        onReplayed: () => undefined,
      },
      auditedFailover(database.db, { group: 'billing', source: a, target: b, reason: 'drill' }),
      ({ outcomes }) => outcomes,
    );
  const audit = async () =>
    (await database.db.query<{ action: string; detail: object }>('select action, detail from audit.entry order by id'))
      .rows;
  const way = { from: 'a', to: 'b' };
  const offsets = [{ topic: 'b.orders', partition: 0, offset: '7', before: '2' }];
  const intent = { action: 'group.failover', detail: { ...way, reason: 'drill', offsets } };

  groups.commitGroupOffsets = async () => {
    expect(await audit()).toEqual([intent]);
    throw new TidemarkError('KAFKA_UNREACHABLE', 'no answer');
  };
  await expect(failOver()).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
  expect(groups.offsets).toEqual([at('b.orders', 0, 2n)]);
  groups.commitGroupOffsets = commit;
  groups.refuses = 'b.orders';
  // A part that was refused is an outcome too, and the answer that a repeat under the key gets.
  expect(await failOver()).toEqual([{ failed: 'TOPIC_AUTHORIZATION_FAILED' }, undefined]);
  const entries = await audit();
  expect(entries.slice(0, 2)).toEqual([
    intent,
    {
      action: 'group.failover-outcome',
      detail: { ...way, code: 'KAFKA_UNREACHABLE', message: 'no answer' },
    },
  ]);
  const failed = [{ topic: 'b.orders', partition: 0, why: 'TOPIC_AUTHORIZATION_FAILED' }];
  expect(entries.slice(2)).toEqual([
    intent,
    { action: 'group.failover-outcome', detail: { ...way, committed: 0, failed } },
  ]);
});
