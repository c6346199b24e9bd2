import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Database } from '#libs/foundation/postgres';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { type ClusterLease, type ClusterTopicState, PostgresClusterStore, removeCluster } from '#libs/stores/log';
import { PartitionMaintenance, type RetentionStore, retentionStore } from '../../src/index.ts';
import { emitMany, never, OPTIONS, prepareOutbox, sequenceAll } from './filled-outbox.ts';

/** Nothing is dropped before each required cluster has it. */
const LEASE_MS = 60_000;
const HELD = { relation: 'message_0', verdict: { drop: false, reason: 'reader-behind', heldBy: 'cluster main' } };

let database: TestDatabase;
let impatient: Database;
let retention: RetentionStore;
let clusters: PostgresClusterStore;

beforeEach(async () => {
  database = await createTestDatabase();
  await prepareOutbox(database);
  impatient = new Database({ url: database.url, poolMax: 2, statementTimeoutMs: 1_000 });
  retention = retentionStore(impatient);
  clusters = new PostgresClusterStore(database.db);
  await emitMany(database.db, 'brief', 1_500);
  await sequenceAll(database.db);
});

afterEach(async () => {
  await impatient.close();
  await database.drop();
});

const runOver = (store: RetentionStore) => new PartitionMaintenance(store, OPTIONS).run(never);
const run = () => runOver(retention);

async function publisher(name = 'main', required = true): Promise<ClusterLease> {
  return (await clusters.acquire({ name, required }, 'test', { host: 'test', pid: 1 }, LEASE_MS))!;
}

async function topicId(name: string): Promise<number> {
  return (await database.db.query<{ id: number }>('select id from outbox.topic where name = $1', [name])).rows[0]!.id;
}

async function decide(lease: ClusterLease, topic: string, state: ClusterTopicState): Promise<void> {
  await clusters.saveTopics(lease, [
    { topicId: await topicId(topic), name: topic, kafkaTopicId: null, state, detail: '' },
  ]);
}

/** Says that the cluster has everything of a topic below a position. */
async function ackBelow(lease: ClusterLease, topic: string, position: number): Promise<void> {
  const ends = await database.db.query<{ topic_id: number; partition: number; acked: string; position: string }>(
    `select h.topic_id, h.partition, count(u.position)::text as acked, coalesce(max(u.position), 0)::text as position
     from log.head h
     left join (log.batch b cross join lateral unnest(b.positions) u(position))
       on b.topic_id = h.topic_id and b.partition = h.partition and u.position < $2
     where h.topic_id = $1 group by h.topic_id, h.partition`,
    [await topicId(topic), position],
  );
  await clusters.saveProgress(
    lease,
    LEASE_MS,
    ends.rows.map((row) => ({
      topicId: row.topic_id,
      partition: row.partition,
      ackedOffset: BigInt(row.acked),
      ackedPosition: BigInt(row.position),
      trouble: null,
    })),
  );
}

describe('a required cluster', () => {
  test('holds everything from its first moment, before any routing is decided', async () => {
    await publisher();
    expect((await run()).kept).toEqual([HELD]);
  });

  test('holds by the first record that it lacks', async () => {
    const lease = await publisher();
    await decide(lease, 'brief', 'publishing');
    expect((await run()).kept).toEqual([HELD]);
    await ackBelow(lease, 'brief', 999);
    expect((await run()).kept).toEqual([HELD]);
    await ackBelow(lease, 'brief', 1_000);
    expect((await run()).dropped).toEqual(['message_0']);
  });

  test('holds a topic that it refuses, and lets go of one that is not routed to it', async () => {
    const lease = await publisher();
    await decide(lease, 'brief', 'refused');
    expect((await run()).kept).toEqual([HELD]);
    await decide(lease, 'brief', 'not routed');
    expect((await run()).dropped).toEqual(['message_0']);
  });

  test('holds nothing of a topic that it lacks only the newest record of', async () => {
    await database.db.query(`select outbox.create_topic('rare', 1, p_retention_ms => 1)`);
    const lease = await publisher();
    await emitMany(database.db, 'rare', 1);
    await sequenceAll(database.db);
    await decide(lease, 'brief', 'publishing');
    await decide(lease, 'rare', 'publishing');
    await ackBelow(lease, 'brief', 10_000);
    expect((await run()).dropped).toEqual(['message_0']);
  });

  test('holds nothing when it has everything', async () => {
    const lease = await publisher();
    await decide(lease, 'brief', 'publishing');
    await ackBelow(lease, 'brief', 10_000);
    const floors = await database.db.query('select * from log.retention_floor');
    expect(floors.rows).toEqual([]);
  });

  test('is not a best-effort one, until it is made required', async () => {
    const lease = await publisher('main', false);
    expect((await database.db.query('select * from log.retention_floor')).rows).toEqual([]);
    await publisher('main', true);
    expect((await run()).kept).toEqual([HELD]);
    await clusters.release(lease);
    await publisher('main', false);
    expect((await run()).dropped).toEqual(['message_0']);
  });

  test('holds on without a publisher, until it is removed', async () => {
    await clusters.release(await publisher());
    expect((await run()).kept).toEqual([HELD]);
    await removeCluster(database.db, 'main');
    expect((await run()).dropped).toEqual(['message_0']);
  });

  test('does not wait for what was dropped before it came', async () => {
    expect((await run()).dropped).toEqual(['message_0']);
    await publisher();
    const floors = await database.db.query<{ position: string }>('select position from log.retention_floor');
    expect(floors.rows).toEqual([{ position: '999' }]);
  });
});

describe('a decision to drop', () => {
  // What begins to hold, and how it comes about: each of them between the estimate and the decision.
  const holds: Record<string, () => Promise<() => Promise<unknown>>> = {
    'a new cluster': async () => () => publisher(),
    'a cluster that becomes required': async () => {
      await publisher('main', false);
      return () => publisher('main', true);
    },
    'a topic that becomes routed': async () => {
      const lease = await publisher();
      await decide(lease, 'brief', 'not routed');
      return () => decide(lease, 'brief', 'publishing');
    },
    'a cluster that has lost records': async () => {
      const lease = await publisher();
      await decide(lease, 'brief', 'publishing');
      await ackBelow(lease, 'brief', 10_000);
      return () => ackBelow(lease, 'brief', 500);
    },
  };

  test.each(Object.keys(holds))('sees %s that came after the estimate', async (hold) => {
    const begin = await holds[hold]!();
    const late: RetentionStore = {
      ...retention,
      estimate: async (range) => {
        const facts = await retention.estimate(range);
        await begin();
        return facts;
      },
    };
    expect(await runOver(late)).toMatchObject({ marked: [], kept: [HELD] });
  });

  test.each(Object.keys(holds))('makes %s wait, which then sees the raised start offsets', async (hold) => {
    const begin = await holds[hold]!();
    const seen: string[] = [];
    let began: Promise<unknown> | undefined;
    const starts = async () => {
      const result = await database.db.query<{ n: string }>('select sum(start_offset)::text as n from log.head');
      return result.rows[0]!.n;
    };
    // Stops the decision while it holds its lock: the update of the start offsets waits for this row.
    const blocker = await database.db.connect();
    try {
      await blocker.query('begin; select from log.sequencer for update');
      const decided = retention.markForDrop({ lower: 0n, upper: 1_000n }, ({ floors }) => {
        expect(floors).toEqual([]);
        return { drop: true };
      });
      await waiting('select from log.sequencer%');
      began = begin().then(async () => seen.push(await starts()));
      await waiting('select%log.%cluster%');
      expect(seen).toEqual([]);
      await blocker.query('commit');
      expect(await decided).toEqual({ drop: true });
    } finally {
      await blocker.query('rollback');
      blocker.release();
    }
    await began;
    const left = await database.db.query<{ n: number }>(
      'select count(*)::integer as n from outbox.message where id < 1000',
    );
    expect(seen).toEqual([left.rows[0]!.n.toString()]);
  });

  /** Resolves when a statement like this waits for a lock. */
  const waiting = (statement: string) =>
    eventually(async () => {
      const found = await database.db.query(
        `select from pg_stat_activity a where a.datname = current_database() and a.wait_event_type = 'Lock' and a.query like $1`,
        [statement],
      );
      expect(found.rowCount).toBe(1);
    });
});
