import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '#libs/foundation/testing';
import { type ClusterLease, PostgresClusterStore, type Segment } from '../src/index.ts';

const LEASE_MS = 60_000;
const INFO = { host: 'test', pid: 1 };
const UNKNOWN = { kafkaClusterId: null, producer: null, mode: null, modeReason: null };

let database: TestDatabase;
let store: PostgresClusterStore;
let name: string;
let clusters = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  store = new PostgresClusterStore(database.db);
});
afterAll(() => database.drop());
beforeEach(() => {
  name = `cluster-${++clusters}`;
});

const acquire = (holder = 'a') => store.acquire({ name, required: false }, holder, INFO, LEASE_MS);

async function acquired(holder = 'a') {
  const lease = await acquire(holder);
  if (lease === undefined) throw new Error(`${holder} did not get the lease`);
  return lease;
}

const expire = () =>
  database.db.query(`update log.cluster set expires_at = clock_timestamp() - interval '1 ms' where name = $1`, [name]);

const segment = (fromOffset: bigint, delta = 0n, reason: Segment['reason'] = 'start'): Segment => ({
  fromOffset,
  delta,
  sequenceDelta: 0n,
  reason,
});

const at = (topicId: number, partition: number, ackedOffset: bigint, trouble: string | null = null) => ({
  topicId,
  partition,
  ackedOffset,
  ackedPosition: ackedOffset * 10n,
  trouble,
});

describe('the lease', () => {
  test('makes the row of a new cluster, is one holder’s, and grows its term', async () => {
    const first = await acquired();
    expect(first).toMatchObject({ term: 1n, identity: UNKNOWN });
    expect(await acquire('b')).toBeUndefined();
    expect(await acquired()).toMatchObject({ clusterId: first.clusterId, term: 2n });
    expect(await store.renew(first, LEASE_MS)).toBe(false);
  });

  test('goes to another when it has expired or was given back', async () => {
    const first = await acquired('a');
    await expire();
    const second = await acquired('b');
    expect(second.term).toBe(first.term + 1n);
    expect(await store.release(first)).toBe(false);
    expect(await store.release(second)).toBe(true);
    expect(await store.release(second)).toBe(false);
    expect((await acquired('a')).term).toBe(second.term + 1n);
  });

  test('is not waited for while the holder writes', async () => {
    await acquired('a');
    await expire();
    const writing = await database.db.connect();
    try {
      await writing.query('begin');
      await writing.query('select from log.cluster where name = $1 for no key update', [name]);
      expect(await acquire('b')).toBeUndefined();
    } finally {
      await writing.query('rollback');
      writing.release();
    }
    expect(await acquire('b')).toBeDefined();
  });

  test('is had by one of many that race for a new cluster, and again after each expiry', async () => {
    for (let round = 1; round <= 5; round++) {
      const racers = await Promise.all(Array.from({ length: 10 }, (_, n) => acquire(`racer-${n}`)));
      expect(racers.filter((lease) => lease !== undefined)).toMatchObject([{ term: BigInt(round) }]);
      await expire();
    }
  });
});

describe('a stale publisher', () => {
  const segments = [segment(0n)];
  const identity = {
    kafkaClusterId: 'k',
    producer: { id: 7n, epoch: 0 },
    mode: 'exact',
    modeReason: 'the probe',
  } as const;
  const topic = { topicId: 1, name: 't', kafkaTopicId: null, state: 'publishing', detail: '' } as const;
  const placeholder = { topicId: 1, partition: 0, offset: 5n, reason: 'too-large', detail: '2 MB' } as const;
  const writes: Record<string, (lease: ClusterLease) => Promise<boolean>> = {
    renew: (lease) => store.renew(lease, LEASE_MS),
    saveIdentity: (lease) => store.saveIdentity(lease, identity),
    saveTopics: (lease) => store.saveTopics(lease, [topic]),
    markOpened: (lease) => store.markOpened(lease, [{ topicId: 1, partition: 0 }]),
    saveSegments: (lease) => store.saveSegments(lease, [{ topicId: 1, partition: 0, segments }]),
    saveProgress: (lease) => store.saveProgress(lease, LEASE_MS, [at(1, 0, 9n)]),
    savePlaceholder: (lease) => store.savePlaceholder(lease, placeholder),
    release: (lease) => store.release(lease),
  };
  const everything = async () => {
    const dump = await database.db.query(
      `select (select jsonb_agg(to_jsonb(c)) from log.cluster c where c.id = $1) as cluster,
              (select jsonb_agg(to_jsonb(t)) from log.cluster_topic t where t.cluster_id = $1) as topics,
              (select jsonb_agg(to_jsonb(p)) from log.cluster_partition p where p.cluster_id = $1) as partitions,
              (select jsonb_agg(to_jsonb(s)) from log.cluster_segment s where s.cluster_id = $1) as segments,
              (select jsonb_agg(to_jsonb(p)) from log.cluster_placeholder p where p.cluster_id = $1) as placeholders`,
      [(await database.db.query<{ id: number }>('select id from log.cluster where name = $1', [name])).rows[0]!.id],
    );
    return dump.rows;
  };

  test.each(Object.keys(writes))('changes nothing: %s after a takeover', async (write) => {
    const stale = await acquired('a');
    await expire();
    await acquired('b');
    const before = await everything();
    expect(await writes[write]!(stale)).toBe(false);
    expect(await everything()).toEqual(before);
  });

  test.each(Object.keys(writes))('changes nothing: %s after it has given the lease back', async (write) => {
    const stale = await acquired('a');
    await store.release(stale);
    const before = await everything();
    expect(await writes[write]!(stale)).toBe(false);
    expect(await everything()).toEqual(before);
  });

  test.each(Object.keys(writes))('but %s of the newest term is written', async (write) => {
    const lease = await acquired();
    const before = await everything();
    expect(await writes[write]!(lease)).toBe(true);
    expect(await everything()).not.toEqual(before);
  });

  test('waits for the write of a takeover that is under way, and then changes nothing', async () => {
    const stale = await acquired('a');
    const other = await database.db.connect();
    try {
      await other.query('begin');
      await other.query('update log.cluster set term = term + 1 where id = $1', [stale.clusterId]);
      const late = store.saveProgress(stale, LEASE_MS, [at(1, 0, 9n)]);
      await other.query('commit');
      expect(await late).toBe(false);
    } finally {
      other.release();
    }
    expect(await store.partitions(stale.clusterId)).toEqual([]);
  });
});

describe('the identity', () => {
  const known = { kafkaClusterId: 'k1', producer: { id: 4n, epoch: 0 }, mode: 'exact', modeReason: 'probe' } as const;

  test('is given to the next publisher', async () => {
    await store.saveIdentity(await acquired('a'), known);
    expect((await acquired('a')).identity).toEqual(known);
  });

  test.each([
    ['another producer id', { ...known, producer: { id: 5n, epoch: 0 } }],
    ['another epoch', { ...known, producer: { id: 4n, epoch: 1 } }],
    ['none', { ...known, producer: null }],
  ])('keeps its producer: %s is refused', async (_, changed) => {
    const lease = await acquired();
    await store.saveIdentity(lease, known);
    await expect(store.saveIdentity(lease, changed)).rejects.toMatchObject({ code: 'CLUSTER_PRODUCER_CHANGED' });
    // An error is answered before its transaction lets go of the row.
    expect((await eventually(() => acquired())).identity).toEqual(known);
  });

  test.each([
    ['a new producer with a new Kafka cluster', { ...known, kafkaClusterId: 'k2', producer: { id: 0n, epoch: 0 } }],
    ['another mode at any time', { ...known, mode: 'at-least-once', modeReason: 'no DescribeProducers' } as const],
  ])('may get %s', async (_, changed) => {
    const lease = await acquired();
    await store.saveIdentity(lease, known);
    expect(await store.saveIdentity(lease, changed)).toBe(true);
    expect((await acquired()).identity).toEqual(changed);
  });
});

describe('topics', () => {
  test('are written by id; the others stay', async () => {
    const lease = await acquired();
    const one = { topicId: 1, name: 'shop.one', kafkaTopicId: null, state: 'publishing', detail: '' } as const;
    const two = { topicId: 2, name: 'two', kafkaTopicId: null, state: 'not routed', detail: '' } as const;
    const refused = {
      ...one,
      kafkaTopicId: 'x-1',
      state: 'refused',
      detail: `3 partitions, not 6: \0'"\\ \ud800`,
    } as const;
    await store.saveTopics(lease, [one, two]);
    expect(await store.topics(lease.clusterId)).toEqual([one, two]);
    await store.saveTopics(lease, [refused]);
    expect(await store.topics(lease.clusterId)).toEqual([
      { ...refused, detail: `3 partitions, not 6: '"\\ \ufffd` },
      two,
    ]);
  });
});

describe('partitions', () => {
  test('keep the term under which they were opened first', async () => {
    const first = await acquired();
    await store.markOpened(first, [{ topicId: 1, partition: 0 }]);
    const second = await acquired();
    await store.markOpened(second, [
      { topicId: 1, partition: 0 },
      { topicId: 1, partition: 1 },
    ]);
    expect(await store.partitions(second.clusterId)).toMatchObject([
      { partition: 0, openedTerm: first.term, ackedOffset: 0n },
      { partition: 1, openedTerm: second.term, ackedOffset: 0n },
    ]);
  });

  test('replace their segments from an offset on', async () => {
    const lease = await acquired();
    const of = { topicId: 3, partition: 2 };
    const other = { topicId: 3, partition: 3 };
    const first = [segment(0n), segment(10n, 1n, 'foreign'), segment(20n, 2n, 'foreign')];
    const second = [segment(10n, -3n, 'truncated'), segment(15n, 2n ** 40n, 'pruned')];
    expect(
      await store.saveSegments(lease, [
        { ...of, segments: first },
        { ...other, segments: [segment(0n, 9n)] },
      ]),
    ).toBe(true);
    expect(await store.saveSegments(lease, [{ ...of, segments: second }])).toBe(true);
    expect(await store.partitions(lease.clusterId)).toMatchObject([
      {
        ...of,
        ackedOffset: 0n,
        openedTerm: null,
        segments: [segment(0n), segment(10n, -3n, 'truncated'), segment(15n, 2n ** 40n, 'pruned')],
      },
      { ...other, segments: [segment(0n, 9n)] },
    ]);
    await store.saveSegments(lease, [{ ...of, segments: [segment(0n, 5n, 'recreated')] }]);
    expect((await store.partitions(lease.clusterId))[0]!.segments).toEqual([segment(0n, 5n, 'recreated')]);
  });

  test('refuse segments that are none or out of order', async () => {
    const lease = await acquired();
    const of = { topicId: 3, partition: 2 };
    await expect(store.saveSegments(lease, [])).rejects.toThrow('no segments');
    await expect(store.saveSegments(lease, [{ ...of, segments: [] }])).rejects.toThrow('no segments');
    await expect(store.saveSegments(lease, [{ ...of, segments: [segment(5n), segment(5n)] }])).rejects.toThrow(
      'in the order',
    );
    expect(await store.partitions(lease.clusterId)).toEqual([]);
  });

  test('come forward, stand still in trouble, and go back', async () => {
    const lease = await acquired();
    await store.markOpened(lease, [{ topicId: 1, partition: 0 }]);
    const steps = [at(1, 0, 100n), at(1, 0, 100n, `refused: 'x' "y" {z}, \\ $1 NULL`), at(1, 0, 40n)];
    for (const step of steps) {
      expect(await store.saveProgress(lease, LEASE_MS, [step])).toBe(true);
      expect(await store.partitions(lease.clusterId)).toMatchObject([{ ...step, openedTerm: lease.term }]);
    }
  });

  test('of ten thousand come in one call, prolong the lease, and cost no write when nothing has changed', async () => {
    const lease = await acquired();
    await expire();
    const progress = Array.from({ length: 10_000 }, (_, n) => at(1 + (n % 100), Math.floor(n / 100), BigInt(n)));
    expect(await store.saveProgress(lease, LEASE_MS, progress)).toBe(true);
    expect(await acquire('b')).toBeUndefined();
    const written = await store.partitions(lease.clusterId);
    expect(written).toHaveLength(10_000);
    expect(new Set(written.map((p) => `${p.topicId}/${p.partition}/${p.ackedOffset}/${p.ackedPosition}`))).toEqual(
      new Set(progress.map((p) => `${p.topicId}/${p.partition}/${p.ackedOffset}/${p.ackedPosition}`)),
    );
    const versions = () =>
      database.db.query(
        'select p.topic_id, p.partition, p.xmin from log.cluster_partition p where p.cluster_id = $1 order by 1, 2',
        [lease.clusterId],
      );
    const before = (await versions()).rows;
    expect(await store.saveProgress(lease, LEASE_MS, progress)).toBe(true);
    expect((await versions()).rows).toEqual(before);
  });

  test('of the publishers that race, only those of the newest terms are written, in the order of terms', async () => {
    const terms = new Map<bigint, bigint>();
    const publish = async (holder: string) => {
      for (let n = 0; n < 20; n++) {
        const lease = await acquire(holder);
        if (lease === undefined) continue;
        const saved = await store.saveProgress(lease, LEASE_MS, [at(1, 0, lease.term * 1000n)]);
        if (saved) terms.set(lease.term, lease.term * 1000n);
        await expire();
      }
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(publish));
    expect(terms.size).toBeGreaterThan(4);
    const newest = [...terms.keys()].reduce((a, b) => (a > b ? a : b));
    const lease = await acquired('z');
    expect((await store.partitions(lease.clusterId))[0]!.ackedOffset).toBe(terms.get(newest));
  });
});

describe('placeholders', () => {
  test('keep what was noted first', async () => {
    const lease = await acquired();
    const noted = { topicId: 1, partition: 4, offset: 2n ** 40n, reason: 'too-large', detail: 'first' } as const;
    await store.savePlaceholder(lease, noted);
    expect(await store.savePlaceholder(lease, { ...noted, detail: 'second' })).toBe(true);
    await store.savePlaceholder(lease, { ...noted, topicId: 2 });
    expect(await store.placeholders(lease.clusterId, 1)).toEqual([noted]);
  });
});
