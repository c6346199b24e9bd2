import { backoffMs, TidemarkError } from '#libs/foundation/kernel';
import { endsWithin, Loop } from '#libs/foundation/lifecycle';
import type { MemberFactory } from '../ports/member.ts';
import type { SubscriptionSettings } from '../subscription/subscription-settings.ts';
import { GroupMembership } from './group-membership.ts';
import { LagWatch } from './lag-watch.ts';
import { ParkedRunner } from './parked-runner.ts';
import type { SharedParts } from './run-parts.ts';
import { SubscriptionRunner } from './subscription-runner.ts';
import { TopicWatch } from './topic-watch.ts';
import { ABORT_GRACE_MS } from './within-time.ts';

export interface GroupOptions {
  readonly group: string;
  readonly members: MemberFactory;
  readonly offsetsInTransaction: boolean;
  readonly commitIntervalMs: number;
  readonly readyLag: number;
  readonly lagIntervalMs: number;
  readonly topicsIntervalMs: number;
  readonly parkedIntervalMs: number;
}

/** Between two looks at the lag while readiness waits for it, ms. */
const CATCHING_UP_MS = 500;
/** What transactions get to roll back after their handlers were told to end, ms. */
const ROLLBACK_MS = 1_000;

/** The subscriptions of one group, fed by one member of it. */
export class GroupRunner<Tx> {
  readonly subscriptions: readonly SubscriptionRunner<Tx>[];
  readonly watch: TopicWatch<Tx>;
  readonly lag: LagWatch;
  readonly #shared: SharedParts<Tx>;
  readonly #options: GroupOptions;
  readonly #parked: readonly ParkedRunner<Tx>[];
  #membership: GroupMembership<Tx> | undefined;
  #loops: Loop[] = [];
  #topics: readonly string[] = [];

  constructor(shared: SharedParts<Tx>, options: GroupOptions, settings: readonly SubscriptionSettings<Tx>[]) {
    this.#shared = shared;
    this.#options = options;
    this.subscriptions = settings.map(
      (one) =>
        new SubscriptionRunner<Tx>(
          { ...shared, settings: one },
          {
            ended: (owned, by) => this.#membership?.workEnded(owned, by),
            defect: (error) => this.#defect(error),
          },
        ),
    );
    this.watch = new TopicWatch<Tx>(
      shared.topics,
      settings,
      (topics) => {
        this.#topics = topics;
        this.#membership?.member.subscribe(topics);
      },
      (subscription, topic) => shared.observer.topicMissing?.(options.group, subscription, topic),
    );
    this.lag = new LagWatch(shared.topics, options.readyLag);
    this.#parked = this.subscriptions
      .filter(({ parts }) => parts.settings.afterDeadLetter === 'park')
      .map(
        (one) => new ParkedRunner(one, () => this.watch.sourcesOf(one.parts.settings.name), options.parkedIntervalMs),
      );
  }

  get membership(): GroupMembership<Tx> | undefined {
    return this.#membership;
  }

  /** Rejects when topics cannot be listed or created: nothing has begun then. */
  async start(): Promise<void> {
    const { group, members, offsetsInTransaction } = this.#options;
    await this.watch.refresh();
    const membership = new GroupMembership<Tx>(
      {
        group,
        members,
        offsetsInTransaction,
        shared: this.#shared,
        subscriptions: this.subscriptions,
        watch: this.watch,
      },
      this.#topics,
    );
    this.#membership = membership;
    await membership.member.start();
    this.#loops = this.#makeLoops(membership);
    await Promise.all(this.#loops.map((loop) => loop.start()));
  }

  /** See Consumer.stop. */
  async stop(deadlineMs: number): Promise<void> {
    const membership = this.#membership;
    if (membership === undefined) return;
    const { sleep } = this.#shared;
    for (const subscription of this.subscriptions) subscription.stop();
    for (const parked of this.#parked) parked.end();
    membership.end();
    const loops = Promise.allSettled(this.#loops.map((loop) => loop.stop({ deadlineMs: deadlineMs + ROLLBACK_MS })));
    const drained = Promise.all([...this.subscriptions, ...this.#parked].map((one) => one.drained()));
    let ended = await endsWithin(drained, deadlineMs, sleep);
    if (!ended) {
      membership.lose();
      for (const parked of this.#parked) parked.lose();
      ended = await endsWithin(drained, ABORT_GRACE_MS + ROLLBACK_MS, sleep);
    }
    await this.#lastFlush(membership);
    await membership.member.stop({ deadlineMs: Math.max(ROLLBACK_MS, deadlineMs) });
    await loops;
    if (ended) return;
    throw new TidemarkError(
      'STOP_DEADLINE_EXCEEDED',
      `group ${this.#options.group}: deliveries did not end within ${deadlineMs} ms, nor when they were cancelled`,
    );
  }

  #makeLoops(membership: GroupMembership<Tx>): Loop[] {
    const { commitIntervalMs, lagIntervalMs, topicsIntervalMs } = this.#options;
    const partitions = () => [...membership.slots].filter(({ route }) => route.tier === 0).map(({ owned }) => owned);
    return [
      this.#loop('poll', 0, () => membership.poll()),
      this.#loop('commit', commitIntervalMs, () => membership.flush()),
      this.#loop('topics', topicsIntervalMs, () => this.watch.refresh()),
      this.#loop('lag', null, async () => {
        if (membership.hasPolled) await this.lag.look(partitions);
        return { waitMs: this.lag.caughtUp ? lagIntervalMs : Math.min(lagIntervalMs, CATCHING_UP_MS) };
      }),
      ...this.#parked.map((parked) => this.#loop('parked', null, () => parked.step())),
    ];
  }

  /** A step and its wait; null: the step says it. Failures are told, shown as trouble and tried again. */
  #loop(step: string, waitMs: number, run: () => Promise<void>): Loop;
  #loop(step: string, waitMs: null, run: () => Promise<{ waitMs: number }>): Loop;
  #loop(step: string, waitMs: number | null, run: () => Promise<void | { waitMs: number }>): Loop {
    const { clock, sleep, random, troubles, troubleBackoff, observer } = this.#shared;
    const { group } = this.#options;
    const about = `${step} of group ${group}`;
    let failures = 0;
    return new Loop({
      name: `consumer ${group} ${step}`,
      clock,
      sleep,
      step: async () => {
        const said = await run();
        failures = 0;
        troubles.clear(about);
        return { waitMs: waitMs ?? said?.waitMs ?? 0 };
      },
      onError: (error) => {
        troubles.set(about, error);
        observer.failed?.(group, step, error);
        failures += 1;
        return { waitMs: Math.max(1, backoffMs(failures - 1, troubleBackoff, random())) };
      },
    });
  }

  /** What cannot be committed now is delivered again, and skipped by the inbox. */
  async #lastFlush(membership: GroupMembership<Tx>): Promise<void> {
    const flushed = membership.flush().catch((error: unknown) => {
      this.#shared.observer.failed?.(this.#options.group, 'commit', error);
    });
    await endsWithin(flushed, ROLLBACK_MS, this.#shared.sleep);
  }

  /** A record whose delivery broke an invariant stays where it is: nothing passes it, and readiness says so. */
  #defect(error: unknown): void {
    this.#shared.troubles.set(`defect in group ${this.#options.group}`, error);
    this.#shared.observer.failed?.(this.#options.group, 'delivery', error);
  }
}
