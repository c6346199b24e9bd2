import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { systemSleep } from '#libs/foundation/lifecycle';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { CrashBench } from './harness/crash-bench.ts';
import type { LogTruth } from './harness/log-truth.ts';
import { soak } from './harness/soak.ts';

// The whole relay is killed and started again on its port, while a client follows a topic and comes back each time.
const CRASHES = soak(4, 60);
const seed = testSeed();

let bench: CrashBench;

beforeEach(async () => {
  bench = await CrashBench.open();
});

afterEach(() => bench.close());

async function topicId(name: string): Promise<number> {
  const result = await bench.db.query<{ id: number }>('select t.id from outbox.topic t where t.name = $1', [name]);
  return result.rows[0]!.id;
}

/** What the log says each partition of a topic consists of: positions in the order of offsets. */
function partitionsOf(truth: LogTruth, id: number): Record<number, string[]> {
  const partitions: Record<number, string[]> = {};
  for (const batch of [...truth.batches].sort((a, b) => Number(a.baseOffset - b.baseOffset))) {
    if (batch.topicId === id) (partitions[batch.partition] ??= []).push(...batch.positions.map(String));
  }
  return partitions;
}

test(
  `a tail sees every record once and in order across ${CRASHES} kills of the relay (SEED=${seed})`,
  async () => {
    const random = seededRandom(seed);
    const writers = bench.writers({ random: seededRandom(seed + 1) });
    let relay = bench.relay();
    const url = await relay.url();
    const settings = { TIDEMARK_RELAY_PORT: new URL(url).port };
    const tail = bench.tail(url, 'orders', 'earliest');
    for (let crash = 0; crash < CRASHES; crash += 1) {
      const seen = tail.records.length;
      await eventually(() => expect(tail.records.length).toBeGreaterThan(seen));
      await systemSleep(random() * 300);
      await relay.kill();
      relay = bench.relay(settings);
      await relay.url();
    }
    await writers.stop();
    const truth = await bench.expectTruth();
    const expected = partitionsOf(truth, await topicId('orders'));
    const total = Object.values(expected).flat().length;
    await eventually(() => expect(tail.records.length).toBeGreaterThanOrEqual(total));
    const seen: Record<number, string[]> = {};
    for (const record of tail.records) {
      const partition = (seen[record.partition] ??= []);
      expect(record.offset).toBe(String(partition.length));
      partition.push(record.position);
    }
    expect(seen).toEqual(expected);
    expect(tail.connections).toBeGreaterThan(CRASHES);
  },
  soak(60_000, 600_000),
);

test('partitions that were added while a client was away are read from their beginning', async () => {
  const relay = bench.relay();
  const url = await relay.url();
  const tail = bench.tail(url, 'orders', 'latest');
  await eventually(async () => {
    await bench.db.query(`select outbox.emit('orders', 'key', '{}')`);
    expect(tail.records.length).toBeGreaterThan(0);
  });
  await relay.kill();
  await bench.db.query(`select outbox.alter_topic('orders', p_partitions => 4)`);
  const emitted = await bench.db.query<{ id: string }>(`select outbox.emit('orders', null, '{}', null, 3) as id`);
  await bench.sequencer().ready();
  await bench.caughtUp();
  await bench.relay({ TIDEMARK_RELAY_PORT: new URL(url).port }).url();
  await eventually(() => {
    const added = tail.records.filter((record) => record.partition === 3);
    expect(added).toMatchObject([{ offset: '0', messageId: emitted.rows[0]!.id }]);
  });
});
