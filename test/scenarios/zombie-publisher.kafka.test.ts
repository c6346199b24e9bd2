import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { API, type Frame, type KafkaCluster, startKafka, whereKafkaRuns } from '#libs/foundation/testing-kafka';
import { type BatchVerdict, readProduceAnswer } from './harness/produce-answer.ts';
import { PublishBench } from './harness/publish-bench.ts';
import type { RelayProcess } from './harness/relay-process.ts';

// What a publisher has sent can arrive when another one has long taken over: nothing in Postgres can call it back. The
// broker must refuse it by its sequence.
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
/** So many records on, the broker has forgotten the batches that it would take for repetitions: it keeps five of each partition. */
const FORGOTTEN_AFTER = 1_000n;
const seed = testSeed();

const isProduceRequest = (frame: Frame): boolean => frame.apiKey === API.produce && frame.direction === 'request';

whereKafkaRuns(describe)('a publisher that does not know that another one has taken over', () => {
  let kafka: KafkaCluster;
  let bench: PublishBench;
  let zombie: RelayProcess;
  let standby: RelayProcess;

  beforeEach(async () => {
    kafka = await startKafka({ doors: ['proxied'] });
    // Small batches: so that many records are many batches, also where the machine is slow.
    const settings = { requestTimeoutMs: 30_000, batchMaxBytes: 2_048 };
    bench = await PublishBench.open({
      main: { bootstrap: kafka.bootstrapOf('proxied'), readFrom: kafka.bootstrap, settings },
    });
    // Before there is a load: a start of a relay under it may cost the other one its lease.
    const relays = [bench.relay(), bench.relay()];
    await Promise.all(relays.map((relay) => relay.url()));
    bench.crash.writers({ random: seededRandom(seed), pauseMaxMs: 40 });
    await bench.progress('main', 100n);
    // Not before: a relay that meets a broker that is not ready yet gives the lease back, and the other one takes it.
    const { publisher } = await bench.status('main');
    [zombie, standby] = (relays[0]!.pid === publisher?.pid ? relays : relays.toReversed()) as [
      RelayProcess,
      RelayProcess,
    ];
  });

  afterEach(async () => {
    kafka?.proxy.clearRules();
    await bench?.close();
    await kafka?.stop();
  });

  /** What the broker says when a request comes again. */
  async function again(request: Frame): Promise<BatchVerdict[]> {
    return readProduceAnswer(await kafka.proxy.deliverAgain(request), request.apiVersion);
  }

  /** Stops the publisher in its tracks, past its lease. */
  async function takeOver(): Promise<{ term: bigint }> {
    const { term, publisher } = await bench.status('main');
    expect(publisher?.pid).toBe(zombie.pid);
    zombie.signal('SIGSTOP');
    const next = await bench.publisherAfter('main', term);
    expect(next.pid).toBe(standby.pid);
    return next;
  }

  test(`its batches that were under way for the whole of a takeover are refused, and it stands by (SEED=${seed})`, async () => {
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => (release = resolve));
    const held: Frame[] = [];
    const answers: (readonly BatchVerdict[])[] = [];
    kafka.proxy.addRule((frame) => {
      if (frame.apiKey !== API.produce) return undefined;
      const ofZombie = held.some(({ connection }) => connection === frame.connection);
      if (frame.direction === 'response') {
        if (ofZombie) answers.push(readProduceAnswer(frame.bytes, frame.apiVersion));
        return undefined;
      }
      if (held.length > 0 && !ofZombie) return undefined;
      held.push(frame);
      return { until };
    });
    await eventually(() => expect(held.length).toBeGreaterThan(0));
    // By now only these requests of its are under way, behind one another on their connection.
    const next = await takeOver();
    await bench.progress('main', FORGOTTEN_AFTER);

    const answeredBefore = answers.length;
    release();
    // More may have waited behind those that were held; none comes from a process that is stopped.
    await eventually(() => expect(answers.length - answeredBefore).toBe(held.length));
    const underWay = held.length;
    const refused = answers.slice(answeredBefore).flat();
    expect(refused.map(({ errorCode }) => errorCode)).toEqual(refused.map(() => OUT_OF_ORDER_SEQUENCE_NUMBER));
    zombie.signal('SIGCONT');
    await zombie.line('publishes to the cluster no more');
    await bench.progress('main', 100n);
    expect((await bench.status('main')).term).toBe(next.term);

    // It publishes again when its turn comes.
    await standby.kill();
    expect((await bench.publisherAfter('main', next.term)).pid).toBe(zombie.pid);
    await bench.progress('main', 100n);
    const records = await bench.expectTruth();
    console.log(`${refused.length} batches in ${underWay} requests refused, ${records} records (SEED=${seed})`);
  }, 90_000);

  test(`its requests, delivered again after the takeover, are refused or taken for repetitions (SEED=${seed})`, async () => {
    const sent: Frame[] = [];
    const remove = kafka.proxy.addRule((frame) => {
      if (isProduceRequest(frame)) sent.push({ ...frame, bytes: Buffer.from(frame.bytes) });
      return undefined;
    });
    await bench.progress('main', 100n);
    await takeOver();
    remove();
    // The broker may remember the last of them: an answer that says where the records are, and nothing appended.
    const last = await again(sent.at(-1)!);
    expect([0, OUT_OF_ORDER_SEQUENCE_NUMBER]).toEqual(expect.arrayContaining(last.map(({ errorCode }) => errorCode)));
    await bench.progress('main', FORGOTTEN_AFTER);
    const verdicts: BatchVerdict[] = [];
    for (const frame of sent) verdicts.push(...(await again(frame)));
    expect(verdicts.length).toBeGreaterThanOrEqual(sent.length);
    expect(verdicts.filter(({ errorCode }) => errorCode !== OUT_OF_ORDER_SEQUENCE_NUMBER)).toEqual([]);
    zombie.signal('SIGCONT');
    await zombie.line('publishes to the cluster no more');
    await bench.progress('main', 100n);
    const records = await bench.expectTruth();
    console.log(`${verdicts.length} batches delivered again and refused, ${records} records (SEED=${seed})`);
  }, 90_000);
});
