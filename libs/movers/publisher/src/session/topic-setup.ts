import { KAFKA_ERROR, kafkaErrorName, type TopicOutcome, type TopicToCreate } from '#libs/foundation/kafka';
import { backoffMs, describeError, TidemarkError } from '#libs/foundation/kernel';
import { AffineMap, type ClusterPartition, type ClusterTopic } from '#libs/stores/log';
import { Lane } from '../lane/lane.ts';
import type { LogTopic } from '../ports.ts';
import type { PublishRoute } from '../publisher-parts.ts';
import { planTopic } from '../topics/plan-topic.ts';
import { DEFAULT_LIMITS, type PublishedTopic } from '../topics/published-topic.ts';
import type { TopicRoute } from '../topics/route.ts';
import { topicLimits } from '../topics/topic-limits.ts';
import type { Ledger } from './ledger.ts';
import type { SessionContext } from './session-context.ts';

export interface TopicHooks {
  /** Makes a lane known to the session. */
  laneAdded(lane: Lane): void;
  laneMoved(lane: Lane, from: Lane['phase']): void;
}

/** What Postgres knew of the cluster when the lease was taken: nobody else changes it under this term. */
export interface StoredState {
  readonly topics: ReadonlyMap<number, ClusterTopic>;
  readonly partitions: ReadonlyMap<string, ClusterPartition>;
}

/** Keeps the cluster's topics as the log and the routes ask for, and makes a lane for each partition that is published to. */
export class TopicSetup {
  readonly #context: SessionContext;
  readonly #ledger: Ledger;
  readonly #hooks: TopicHooks;
  readonly #stored: StoredState;
  /** Monotonic ms: until then, batches of a previous publisher may still arrive. */
  readonly #uncertainUntil: number;
  readonly #topics = new Map<number, PublishedTopic>();
  readonly #byName = new Map<string, PublishedTopic>();
  readonly #refused = new Map<number, string>();
  /** Passes in a row that left something to do soon. */
  #unfinished = 0;

  constructor(context: SessionContext, ledger: Ledger, stored: StoredState, uncertainUntil: number, hooks: TopicHooks) {
    this.#context = context;
    this.#ledger = ledger;
    this.#hooks = hooks;
    this.#stored = stored;
    this.#uncertainUntil = uncertainUntil;
  }

  topic(topicId: number): PublishedTopic | undefined {
    return this.#topics.get(topicId);
  }

  /** By its name on the cluster. */
  named(clusterTopic: string): PublishedTopic | undefined {
    return this.#byName.get(clusterTopic);
  }

  topics(): IterableIterator<PublishedTopic> {
    return this.#topics.values();
  }

  /** One pass over all topics. What cannot be done for one does not keep the others; the next pass tries again. */
  async step(): Promise<{ waitMs: number }> {
    const { options, time } = this.#context;
    const unfinished = await this.#pass();
    this.#unfinished = unfinished ? this.#unfinished + 1 : 0;
    if (!unfinished) return { waitMs: options.metadataMaxAgeMs };
    const limits = { minMs: options.retryMinMs, maxMs: options.blockMaxMs };
    return { waitMs: backoffMs(this.#unfinished, limits, time.random()) };
  }

  async #pass(): Promise<boolean> {
    const { parts, view, time } = this.#context;
    const { topics } = await parts.source.topics();
    const routed = topics.flatMap((topic) => {
      const route = parts.routeOf(topic.name);
      return route === undefined ? [] : [{ topic, route }];
    });
    await view.refresh(
      routed.map(({ route }) => route.name),
      time.now(),
    );
    const taken = new Map<string, string>();
    let unfinished = false;
    for (const { topic, route } of routed) {
      const other = taken.get(route.name);
      taken.set(route.name, other ?? topic.name);
      if (other !== undefined && other !== topic.name)
        await this.#refuse(topic, route, `${other} goes to ${route.name} too; give one of them another name`);
      else unfinished = (await this.#setUp(topic, route)) || unfinished;
    }
    await this.#readConfigs();
    return (await this.#saveRecreated()) || unfinished;
  }

  /** True when the next pass should come soon. */
  async #setUp(topic: LogTopic, route: PublishRoute): Promise<boolean> {
    const { view, parts } = this.#context;
    const stored = this.#topics.get(topic.topicId)?.stored ?? this.#stored.topics.get(topic.topicId);
    const published = stored !== undefined && stored.name === route.name && stored.kafkaTopicId !== null;
    const plan = planTopic(view.topic(route.name), fullRoute(topic, route), { published, createTopics: route.create });
    switch (plan.action) {
      case 'refuse':
        await this.#refuse(topic, route, plan.detail);
        return true;
      case 'create':
        await this.#change(topic, route, () => this.#create(plan.create));
        return true;
      case 'grow':
        await this.#publish(topic, route, stored);
        await this.#change(topic, route, () => this.#grow(route.name, plan.to));
        return true;
      case 'alarm':
        parts.observer.expanded(topic.name, topic.partitions, view.topic(route.name)?.partitions.length ?? 0);
        break;
      case 'publish':
        break;
    }
    await this.#publish(topic, route, stored);
    return false;
  }

  /** What was made is taken up in the next pass, when the brokers know it. */
  async #change(topic: LogTopic, route: PublishRoute, make: () => Promise<TopicOutcome | undefined>): Promise<void> {
    try {
      const outcome = await make();
      if (outcome === undefined || outcome.errorCode === 0) return;
      if (outcome.errorCode === KAFKA_ERROR.TOPIC_ALREADY_EXISTS) return;
      const error = `${kafkaErrorName(outcome.errorCode)} ${outcome.errorMessage ?? ''}`;
      await this.#refuse(topic, route, `the cluster does not make ${route.name} as asked for: ${error}`);
    } catch (error) {
      if (error instanceof TidemarkError && error.code === 'LEASE_LOST') throw error;
      await this.#refuse(topic, route, `the cluster does not make ${route.name}: ${describeError(error)}`);
    }
  }

  async #create(topic: TopicToCreate): Promise<TopicOutcome | undefined> {
    const { parts, options } = this.#context;
    return (await parts.client.createTopics([topic], options.requestTimeoutMs))[0];
  }

  #grow(clusterTopic: string, partitions: number): Promise<TopicOutcome> {
    const { parts, options } = this.#context;
    return parts.client.createPartitions(clusterTopic, partitions, options.requestTimeoutMs);
  }

  async #publish(topic: LogTopic, route: PublishRoute, stored: ClusterTopic | undefined): Promise<void> {
    const { topicId, name } = topic;
    const seenId = this.#context.view.topic(route.name)?.id ?? null;
    const kafkaTopicId = stored?.kafkaTopicId ?? seenId;
    const wanted: ClusterTopic = { topicId, name: route.name, kafkaTopicId, state: 'publishing', detail: '' };
    if (!sameTopic(stored, wanted)) await this.#ledger.saveTopics([wanted]);
    this.#refused.delete(topicId);
    let published = this.#topics.get(topicId);
    if (published === undefined) {
      published = { topicId, name, route, stored: wanted, seenId: kafkaTopicId, limits: DEFAULT_LIMITS, lanes: [] };
      this.#topics.set(topicId, published);
      this.#byName.set(route.name, published);
    }
    published.stored = wanted;
    if (published.lanes.length < topic.partitions) await this.#addLanes(published, topic.partitions);
    this.noticeId(published, seenId);
  }

  async #addLanes(topic: PublishedTopic, partitions: number): Promise<void> {
    const { parts, lease } = this.#context;
    const placeholders = await parts.store.placeholders(lease.clusterId, topic.topicId);
    while (topic.lanes.length < partitions) {
      const lane = this.#makeLane(topic, topic.lanes.length);
      for (const { partition, offset } of placeholders)
        if (partition === lane.start.partition) lane.placeholders.add(offset);
      topic.lanes.push(lane);
      this.#hooks.laneAdded(lane);
    }
  }

  #makeLane(topic: PublishedTopic, partition: number): Lane {
    const known = this.#stored.partitions.get(`${topic.topicId}/${partition}`);
    const lane = new Lane(
      {
        topicId: topic.topicId,
        topic: topic.name,
        clusterTopic: topic.route.name,
        partition,
        exact: this.#context.mode === 'exact',
        acked: known?.ackedOffset ?? 0n,
        ackedPosition: known?.ackedPosition ?? 0n,
        map: new AffineMap(known?.segments ?? []),
        everOpened: known !== undefined && known.openedTerm !== null,
      },
      this.#uncertainUntil,
      (lane, from) => this.#hooks.laneMoved(lane, from),
    );
    lane.trouble = known?.trouble ?? null;
    return lane;
  }

  /** Another id is another topic: what was there is gone, and every lane begins anew once its answers are in. */
  noticeId(topic: PublishedTopic, id: string | null): void {
    if (id === null || id === topic.seenId) return;
    const known = topic.seenId !== null;
    topic.seenId = id;
    if (!known) return;
    this.#context.parts.observer.recreated(topic.name);
    for (const lane of topic.lanes) {
      lane.recreated = lane.everOpened || !lane.map.isEmpty;
      if (lane.recreated) lane.change('retry');
    }
  }

  /** The id is stored when no lane needs the knowledge any more that it was another one. */
  async #saveRecreated(): Promise<boolean> {
    let unfinished = false;
    for (const topic of this.#topics.values()) {
      if (topic.seenId === topic.stored.kafkaTopicId) continue;
      if (topic.lanes.some((lane) => lane.recreated || lane.phase === 'opening')) {
        unfinished = true;
        continue;
      }
      const stored = { ...topic.stored, kafkaTopicId: topic.seenId };
      await this.#ledger.saveTopics([stored]);
      topic.stored = stored;
    }
    return unfinished;
  }

  async #readConfigs(): Promise<void> {
    const topics = [...this.#topics.values()];
    for (let from = 0; from < topics.length; from += CONFIGS_AT_ONCE) {
      const some = topics.slice(from, from + CONFIGS_AT_ONCE);
      try {
        const configs = await this.#context.parts.client.topicConfigs(some.map(({ route }) => route.name));
        for (const topic of some) {
          const known = configs.get(topic.route.name);
          if (known !== undefined) topic.limits = topicLimits(known);
        }
      } catch (error) {
        // The broker's answers tell the limits too, only later; DESCRIBE_CONFIGS is not demanded.
        if (!(error instanceof TidemarkError)) throw error;
        return;
      }
    }
  }

  async #refuse(topic: LogTopic, route: PublishRoute, detail: string): Promise<void> {
    const stored = this.#topics.get(topic.topicId)?.stored ?? this.#stored.topics.get(topic.topicId);
    if (!this.#tellRefused(topic, detail)) return;
    const kafkaTopicId = stored?.kafkaTopicId ?? null;
    await this.#ledger.saveTopics([
      { topicId: topic.topicId, name: route.name, kafkaTopicId, state: 'refused', detail },
    ]);
  }

  /** False when it was told before. */
  #tellRefused(topic: LogTopic, detail: string): boolean {
    if (this.#refused.get(topic.topicId) === detail) return false;
    this.#refused.set(topic.topicId, detail);
    this.#context.parts.observer.topicRefused(topic.name, detail);
    return true;
  }

  refusals(): ReadonlyMap<number, string> {
    return this.#refused;
  }
}

const CONFIGS_AT_ONCE = 100;

function fullRoute(topic: LogTopic, route: PublishRoute): TopicRoute {
  const { name, replicationFactor, configs } = route;
  const partitions = route.partitions ?? topic.partitions;
  return { state: 'routed', topicId: topic.topicId, topic: topic.name, name, partitions, replicationFactor, configs };
}

function sameTopic(one: ClusterTopic | undefined, other: ClusterTopic): boolean {
  return (
    one !== undefined &&
    one.name === other.name &&
    one.kafkaTopicId === other.kafkaTopicId &&
    one.state === other.state &&
    one.detail === other.detail
  );
}
