import { backoffMs, describeError, TidemarkError } from '#libs/foundation/kernel';
import { AffineMap, type ClusterPartition, type ClusterTopic } from '#libs/stores/log';
import { Lane } from '../lane/lane.ts';
import type { LogTopic } from '../ports.ts';
import type { TopicRoute } from '../publisher-parts.ts';
import { planTopic } from '../topics/topic-plan.ts';
import { type PublishedTopic, topicLimits, UNKNOWN_LIMITS } from '../topics/published-topic.ts';
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
  async #setUp(topic: LogTopic, route: TopicRoute): Promise<boolean> {
    const { view, parts } = this.#context;
    const stored = this.#topics.get(topic.topicId)?.stored ?? this.#stored.topics.get(topic.topicId);
    const plan = planTopic(topic, route, stored, view.topic(route.name));
    if (plan.kind === 'create' || plan.kind === 'extend') {
      const outcome = await this.#change(topic, route, plan.kind).catch((error: unknown) => describeError(error));
      if (outcome !== null) await this.#refuse(topic, route, outcome);
    } else if (plan.kind === 'refuse') await this.#refuse(topic, route, plan.detail);
    else if (plan.kind === 'wait') this.#tellRefused(topic, plan.detail);
    else if (plan.kind === 'publish') {
      if (plan.expandedTo !== null) parts.observer.expanded(topic.name, topic.partitions, plan.expandedTo);
      await this.#publish(topic, route, stored);
    }
    return plan.kind === 'create' || plan.kind === 'extend' || plan.kind === 'wait';
  }

  /** Null when it was done; a reason otherwise. The topic is taken up in the next pass, when the brokers know it. */
  async #change(topic: LogTopic, route: TopicRoute, what: 'create' | 'extend'): Promise<string | null> {
    const { client } = this.#context.parts;
    const { requestTimeoutMs } = this.#context.options;
    const { name, replicationFactor, configs } = route;
    const created = { name, partitions: topic.partitions, replicationFactor, configs };
    const outcome =
      what === 'create'
        ? (await client.createTopics([created], requestTimeoutMs))[0]
        : await client.createPartitions(name, topic.partitions, requestTimeoutMs);
    if (outcome === undefined || outcome.errorCode === 0 || outcome.errorCode === TOPIC_ALREADY_EXISTS) return null;
    return `the cluster refused to ${what} ${name}: Kafka error ${outcome.errorCode} ${outcome.errorMessage ?? ''}`;
  }

  async #publish(topic: LogTopic, route: TopicRoute, stored: ClusterTopic | undefined): Promise<void> {
    const { topicId, name } = topic;
    const seenId = this.#context.view.topic(route.name)?.id ?? null;
    const kafkaTopicId = stored?.kafkaTopicId ?? seenId;
    const wanted: ClusterTopic = { topicId, name: route.name, kafkaTopicId, state: 'publishing', detail: '' };
    if (!sameTopic(stored, wanted)) await this.#ledger.saveTopics([wanted]);
    this.#refused.delete(topicId);
    let published = this.#topics.get(topicId);
    if (published === undefined) {
      published = { topicId, name, route, stored: wanted, seenId: kafkaTopicId, limits: UNKNOWN_LIMITS, lanes: [] };
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

  async #refuse(topic: LogTopic, route: TopicRoute, detail: string): Promise<void> {
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

const TOPIC_ALREADY_EXISTS = 36;
const CONFIGS_AT_ONCE = 100;

function sameTopic(one: ClusterTopic | undefined, other: ClusterTopic): boolean {
  return (
    one !== undefined &&
    one.name === other.name &&
    one.kafkaTopicId === other.kafkaTopicId &&
    one.state === other.state &&
    one.detail === other.detail
  );
}
