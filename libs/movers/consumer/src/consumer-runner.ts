import { systemClock, TidemarkError } from '#libs/foundation/kernel';
import { systemSleep } from '#libs/foundation/lifecycle';
import type { Consumer } from './consumer.ts';
import type { ConsumerOptions } from './consumer-options.ts';
import type { ConsumerStatus } from './consumer-status.ts';
import { GroupRunner } from './running/group-runner.ts';
import type { SharedParts } from './running/run-parts.ts';
import { subscriptionStatus } from './running/subscription-status.ts';
import type { SubscriptionRunner } from './running/subscription-runner.ts';
import { Troubles } from './running/troubles.ts';
import { topicRoutes } from './subscription/topic-routes.ts';
import { type SubscriptionSettings, subscriptionSettings } from './subscription/subscription-settings.ts';

/** Makes a consumer; nothing happens before `start`. Throws CONSUMER_INVALID and TOPIC_INVALID for options that cannot work. */
export function createConsumer<Tx>(options: ConsumerOptions<Tx>): Consumer {
  return new ConsumerRunner(options);
}

class ConsumerRunner<Tx> implements Consumer {
  readonly #groups: readonly GroupRunner<Tx>[];
  readonly #shared: SharedParts<Tx>;
  #state: ConsumerStatus['state'] = 'idle';
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: ConsumerOptions<Tx>) {
    this.#shared = sharedParts(options);
    const settings = options.subscriptions.map((subscription) => subscriptionSettings(subscription));
    refuseRepeatedNames(settings);
    const groups = [...new Set(settings.map(({ group }) => group))];
    this.#groups = groups.map((group) => {
      const ofGroup = settings.filter((one) => one.group === group);
      // For its errors: names that cannot be, topics that two subscriptions name.
      topicRoutes(ofGroup, []);
      return new GroupRunner(this.#shared, { ...groupOptions(options), group }, ofGroup);
    });
  }

  start(): Promise<void> {
    if (this.#stopping !== undefined) {
      return Promise.reject(new TidemarkError('SHUTTING_DOWN', 'this consumer has stopped; make another one'));
    }
    this.#starting ??= this.#begin();
    return this.#starting;
  }

  stop(options: { readonly deadlineMs: number }): Promise<void> {
    this.#stopping ??= this.#stop(options.deadlineMs);
    return this.#stopping;
  }

  pause(subscription: string): void {
    const { runner, group } = this.#find(subscription);
    if (runner.paused) return;
    runner.pause();
    group.membership?.pause(runner);
    this.#shared.observer.paused?.(subscription);
  }

  resume(subscription: string): void {
    const { runner, group } = this.#find(subscription);
    if (!runner.paused) return;
    runner.resume();
    group.membership?.resume(runner);
    this.#shared.observer.resumed?.(subscription);
  }

  status(): ConsumerStatus {
    const { troubles } = this.#shared;
    const behind = this.#groups.filter((group) => !group.lag.caughtUp);
    return {
      state: this.#state,
      ready: this.#state === 'running' && troubles.isEmpty && behind.length === 0,
      troubles: troubles.list(),
      subscriptions: this.#groups.flatMap((group) =>
        group.subscriptions.map((runner) => subscriptionStatus(group, runner)),
      ),
    };
  }

  #begin(): Promise<void> {
    this.#shared.observer.starting?.(() => this.status());
    return this.#start();
  }

  async #start(): Promise<void> {
    try {
      for (const group of this.#groups) await group.start();
      if (this.#state === 'idle') this.#state = 'running';
    } catch (error) {
      this.#state = 'failed';
      await Promise.allSettled(this.#groups.map((group) => group.stop(0)));
      throw error;
    }
  }

  async #stop(deadlineMs: number): Promise<void> {
    this.#state = 'stopping';
    // A start that failed has told its caller.
    await this.#starting?.catch(() => undefined);
    try {
      const stops = await Promise.allSettled(this.#groups.map((group) => group.stop(deadlineMs)));
      const failed = stops.find((stop) => stop.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      this.#state = 'stopped';
    } catch (error) {
      this.#state = 'failed';
      throw error;
    }
  }

  #find(name: string): { runner: SubscriptionRunner<Tx>; group: GroupRunner<Tx> } {
    for (const group of this.#groups) {
      const runner = group.subscriptions.find(({ parts }) => parts.settings.name === name);
      if (runner !== undefined) return { runner, group };
    }
    throw new TidemarkError('CONSUMER_INVALID', `there is no subscription ${JSON.stringify(name)}`, {
      remedy: `Use one of: ${this.#names().join(', ')}.`,
    });
  }

  #names(): string[] {
    return this.#groups.flatMap((group) => group.subscriptions.map(({ parts }) => parts.settings.name));
  }
}

function groupOptions<Tx>(options: ConsumerOptions<Tx>) {
  return {
    members: options.members,
    offsetsInTransaction: options.offsetsInTransaction,
    commitIntervalMs: options.commitIntervalMs ?? 1_000,
    readyLag: options.readyLag ?? 1_000,
    lagIntervalMs: options.lagIntervalMs ?? 5_000,
    topicsIntervalMs: options.topicsIntervalMs ?? 5_000,
    parkedIntervalMs: options.parkedIntervalMs ?? 1_000,
  };
}

function sharedParts<Tx>(options: ConsumerOptions<Tx>): SharedParts<Tx> {
  const { transactions, inbox, forwarder, decoder, topics } = options;
  return {
    transactions,
    inbox,
    forwarder,
    decoder,
    topics,
    cluster: options.cluster ?? null,
    appVersion: options.appVersion ?? null,
    troubleBackoff: options.troubleBackoff ?? { minMs: 100, maxMs: 10_000 },
    observer: options.observer ?? {},
    clock: options.clock ?? systemClock,
    sleep: options.sleep ?? systemSleep,
    random: options.random ?? Math.random,
    newId: options.newId ?? (() => crypto.randomUUID()),
    troubles: new Troubles(),
  };
}

function refuseRepeatedNames(settings: readonly SubscriptionSettings<never>[]): void {
  const names = new Set<string>();
  for (const { name } of settings) {
    if (names.has(name)) {
      throw new TidemarkError('CONSUMER_INVALID', `two subscriptions are called ${JSON.stringify(name)}`, {
        remedy: 'Give each subscription a name of its own.',
      });
    }
    names.add(name);
  }
}
