import { afterEach, expect, test } from '@jest/globals';
import { systemSleep } from '#libs/foundation/lifecycle';
import { eventually, seededRandom, testSeed } from '#libs/foundation/testing';
import { ConsumerBench } from './consumer-bench.ts';
import type { ConsumerChild } from './consumer-child.ts';
import type { ConsumerGround } from './consumer-ground.ts';
import { EFFECT_GROUPS, TRIES_IN_ALL } from './consumer-setup.ts';
import { readRetries } from './read-retries.ts';
import { soak } from './soak.ts';

export interface KillOptions {
  readonly open: () => Promise<ConsumerGround>;
  /** In npm test or test:kafka. */
  readonly kills: number;
  /** In test:soak. */
  readonly soakKills: number;
}

const MEMBERS = 3;
/** Messages that wait, each of a key of its own: below what opens a breaker. */
const WAITING = 12;

/** Tests of consumers that die, are stopped, join and leave; the same for each transport. */
export function consumersKilled({ open, kills, soakKills }: KillOptions): void {
  const seed = testSeed();
  const disturbances = soak(kills, soakKills);
  let bench: ConsumerBench | undefined;

  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  test(
    `that are killed, stopped, joined and left at random moments: effects happen once, in order per key (${disturbances} times, SEED=${seed})`,
    async () => {
      const random = seededRandom(seed);
      bench = await ConsumerBench.open(await open(), {
        random: seededRandom(seed + 1),
        pauseMs: 20,
        retryDelayMs: 300,
        handlerMaxMs: 10,
      });
      const crowd = new Crowd(bench, random);
      bench.writer.start();
      for (let n = 0; n < MEMBERS; n += 1) crowd.join();
      for (let n = 0; n < disturbances; n += 1) {
        if (random() < 0.7) await bench.progress(15);
        await systemSleep(random() * 150);
        await crowd.disturb();
      }
      await crowd.allAwake();
      const truth = await bench.expectTruth(soak(30_000, 120_000));
      console.log(
        `${crowd.killed} kills, ${crowd.stopped} stops, ${crowd.left} leaves; ${truth.orders.length} orders, ` +
          `${bench.writer.repeated} again, ${bench.said('duplicate')} skipped; ${truth.failures.length} failures, ` +
          `${truth.deadLetters.length} dead; ${bench.said('lost')} partitions lost (SEED=${seed})`,
      );
      expect(crowd.killed).toBeGreaterThan(0);
      expect(crowd.stopped).toBeGreaterThan(0);
      expect(bench.writer.repeated).toBeGreaterThan(0);
    },
    soak(90_000, 1_800_000),
  );

  test(`that die while messages wait in the retry topics: those are tried when they are due, once (SEED=${seed})`, async () => {
    const retryDelayMs = 1_500;
    bench = await ConsumerBench.open(await open(), {
      random: seededRandom(seed),
      pauseMs: 0,
      retryDelayMs,
      handlerMaxMs: 5,
    });
    const { db } = bench;
    const first = bench.consumer();
    await bench.writer.write(Array.from({ length: WAITING }, () => ({ fails: 3, poison: null })));
    const moved = (tier: string): Promise<void> =>
      eventually(async () => expect((await readRetries(db, tier)).length).toBe(WAITING * EFFECT_GROUPS.length), 30_000);
    await moved('retry');
    await first.kill();
    const second = bench.consumer();
    await moved('retry.2');
    await second.kill();
    bench.consumer();
    await bench.expectTruth(30_000);
    const retries = await readRetries(db, 'retry.2');
    expect(retries.filter(({ at, dueAt }) => at === null || at < dueAt)).toEqual([]);
    expect(retries.map(({ attempt }) => attempt)).toEqual(retries.map(() => TRIES_IN_ALL));
    // No restart has sent one on again.
    await moved('retry');
    await moved('retry.2');
  }, 90_000);
}

/** Members that come and go. */
class Crowd {
  killed = 0;
  stopped = 0;
  left = 0;
  readonly #bench: ConsumerBench;
  readonly #random: () => number;
  readonly #asleep = new Map<ConsumerChild, Promise<void>>();
  #awake: ConsumerChild[] = [];

  constructor(bench: ConsumerBench, random: () => number) {
    this.#bench = bench;
    this.#random = random;
  }

  join(): void {
    this.#awake.push(this.#bench.consumer());
  }

  async disturb(): Promise<void> {
    const dice = this.#random();
    const victim = this.#awake.splice(Math.trunc(this.#random() * this.#awake.length), 1)[0];
    if (victim === undefined) throw new Error('nobody is awake');
    if (dice < 0.2 || this.stopped === 0) {
      this.stopped += 1;
      const ms = this.#bench.sessionTimeoutMs * (0.5 + 2 * this.#random());
      this.#asleep.set(victim, this.#sleep(victim, ms));
    } else if (dice < 0.9 || this.killed === 0) {
      await victim.kill();
      this.killed += 1;
    } else {
      await victim.ready();
      victim.signal('SIGTERM');
      expect(await victim.exited).toEqual({ code: 0, signal: null });
      this.left += 1;
    }
    if (this.#awake.length < MEMBERS) this.join();
  }

  async allAwake(): Promise<void> {
    await Promise.all(this.#asleep.values());
  }

  /** Then it is one more than is usual, until somebody dies. */
  async #sleep(child: ConsumerChild, ms: number): Promise<void> {
    child.signal('SIGSTOP');
    await systemSleep(ms);
    child.signal('SIGCONT');
    this.#asleep.delete(child);
    this.#awake.push(child);
  }
}
