import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createKafkaClient, type KafkaClient } from '#libs/foundation/kafka';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { createTopic, type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import type { GroupProtocol } from '../src/kafka-groups/kafka-group-coordinator.ts';
import { connectionTo } from './group-conformance/kafka-connection.ts';
import { append, QUICK_GROUPS } from './group-conformance/kafka-world.ts';
import { doubleOwnership, neverHanded } from './kafka-churn/check-ownership.ts';
import type { WorkerEvent } from './kafka-churn/worker-event.ts';
import { type WorkerPlace, WorkerProcess } from './kafka-churn/worker-process.ts';

const PARTITIONS = [0, 1, 2, 3, 4, 5];
const WITHIN_MS = 60_000;
const seed = testSeed();

whereKafkaRuns(describe)('members of a Kafka group, in processes of their own', () => {
  describe.each(['consumer', 'classic'] as const)('by the %s protocol', churn);
});

function churn(protocol: GroupProtocol): void {
  let kafka: KafkaCluster;
  let client: KafkaClient;
  const events: WorkerEvent[] = [];
  const workers: WorkerProcess[] = [];
  let place: WorkerPlace;

  beforeAll(async () => {
    kafka = await startKafka({ config: QUICK_GROUPS });
    client = createKafkaClient(connectionTo(kafka.bootstrap));
    place = { bootstrap: kafka.bootstrap, group: 'churners', topic: 'churn', protocol };
    await createTopic(kafka.bootstrap, { topic: 'churn', partitions: PARTITIONS.length });
  });

  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
    await client?.close();
    await kafka?.stop();
  });

  const join = (): void => {
    workers.push(new WorkerProcess(`w${workers.length}`, place, events));
  };
  const running = (): WorkerProcess[] => workers.filter((worker) => worker.isRunning);

  async function committed(): Promise<Map<number, bigint>> {
    const offsets = await client.groupOffsets('churners').catch(() => []);
    return new Map(offsets.map((each) => [each.partition, each.offset]));
  }

  /** Until the signal: writes to all partitions, and looks at what is committed. Answers the ends, and commits that went back. */
  async function load(signal: AbortSignal): Promise<{ ends: Map<number, bigint>; back: string[] }> {
    const ends = new Map(PARTITIONS.map((partition) => [partition, 0n]));
    const back: string[] = [];
    let last = new Map<number, bigint>();
    while (!signal.aborted) {
      for (const partition of PARTITIONS) {
        await append(client, 'churn', partition, 5);
        ends.set(partition, ends.get(partition)! + 5n);
      }
      const now = await committed();
      for (const [partition, offset] of last) {
        if ((now.get(partition) ?? offset) < offset) back.push(`${partition}: ${offset} to ${now.get(partition)}`);
      }
      last = new Map([...last, ...now]);
    }
    return { ends, back };
  }

  async function progress(): Promise<void> {
    const before = events.length;
    await eventually(() => expect(events.length).toBeGreaterThan(before + 30), WITHIN_MS);
  }

  /**
   * Who was assigned each partition last, as far as they have told. One that was stopped may tell of an assignment after
   * others were given the partition; then it tells at once that it has lost it.
   */
  function owners(): Map<number, string> {
    const found = new Map<number, string>();
    for (const { what, partition, worker } of events.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
      if (what === 'assigned') found.set(partition, worker);
      if ((what === 'lost' || what === 'released') && found.get(partition) === worker) found.delete(partition);
    }
    return found;
  }

  const taken = (): Promise<void> =>
    eventually(() => {
      const names = new Set(running().map((worker) => worker.name));
      expect([...owners().values()].filter((owner) => !names.has(owner))).toEqual([]);
    }, WITHIN_MS);

  /** Others take over what it owned, and it notices by itself when it goes on. */
  async function stopPastItsSession(worker: WorkerProcess): Promise<void> {
    await eventually(() => expect([...owners().values()]).toContain(worker.name), WITHIN_MS);
    worker.signal('SIGSTOP');
    await eventually(() => expect([...owners().values()]).not.toContain(worker.name), WITHIN_MS);
    await progress();
    worker.signal('SIGCONT');
    await eventually(
      () => expect(events.some((event) => event.what === 'lost' && event.worker === worker.name)).toBe(true),
      WITHIN_MS,
    );
  }

  test(`that join, leave, are killed and are stopped: every record is handed out, to one at a time (SEED=${seed})`, async () => {
    const random = seededRandom(seed);
    const pick = (): WorkerProcess => running()[Math.floor(random() * running().length)]!;
    const ended = new AbortController();
    const loaded = load(ended.signal);
    for (let n = 0; n < 3; n += 1) join();
    await progress();
    for (const what of ['stop', 'kill', 'leave', 'stop', 'kill'] as const) {
      const worker = pick();
      if (what === 'kill') await worker.end('SIGKILL');
      if (what === 'leave') await worker.end('SIGTERM');
      if (what === 'stop') {
        await stopPastItsSession(worker);
      } else {
        await taken();
      }
      await progress();
      if (running().length < 3) join();
    }
    ended.abort();
    const { ends, back } = await loaded;
    await eventually(async () => expect(await committed()).toEqual(ends), WITHIN_MS);
    await Promise.all(running().map((worker) => worker.end('SIGTERM')));
    expect(back).toEqual([]);
    expect(doubleOwnership(events)).toEqual([]);
    for (const [partition, end] of ends) expect(neverHanded(events, partition, end)).toEqual([]);
  }, 240_000);
}
