import { backoffMs } from '#libs/foundation/kernel';
import type { ClusterPartition, ClusterTopic } from '#libs/stores/log';
import type { Lane } from '../lane/lane.ts';
import type { LogTopic } from '../ports.ts';
import { planTopic } from '../topics/plan-topic.ts';
import { DEFAULT_LIMITS, type PublishedTopic } from '../topics/published-topic.ts';
import type { TopicRoute } from '../topics/route.ts';
import { readTopicConfigs } from './topic-configs.ts';
import { changeTopic } from './change-topic.ts';
import { makeLane } from './make-lane.ts';
import type { Ledger } from './ledger.ts';
import { NotedTopics } from './noted-topics.ts';
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
  readonly #hooks: TopicHooks;
  readonly #stored: StoredState;
  /** Monotonic ms: until then, batches of a previous publisher may still arrive. */
  readonly #uncertainUntil: number;
  readonly #topics = new Map<number, PublishedTopic>();
  readonly #byName = new Map<string, PublishedTopic>();
  readonly #noted: NotedTopics;
  /** Passes in a row that left something to do soon. */
  #unfinished = 0;

  constructor(context: SessionContext, ledger: Ledger, stored: StoredState, uncertainUntil: number, hooks: TopicHooks) {
    this.#context = context;
    this.#hooks = hooks;
    this.#stored = stored;
    this.#noted = new NotedTopics(ledger, context.parts.observer, stored.topics);
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
    const topics = await parts.source.topics();
    const routes = parts.routes(topics);
    const routed = topics.flatMap((topic) => {
      const route = routes.get(topic.topicId);
      return route?.state === 'routed' ? [{ topic, route }] : [];
    });
    await view.refresh(
      routed.map(({ route }) => route.name),
      time.now(),
    );
    await this.#noted.note(
      topics.flatMap((topic) => {
        const route = routes.get(topic.topicId);
        if (route?.state === 'routed') return [];
        const state = route?.state ?? 'not routed';
        return [{ topic: topic.name, as: this.#notPublished(topic, state, route?.detail ?? '') }];
      }),
    );
    let unfinished = false;
    for (const { topic, route } of routed) unfinished = (await this.#setUp(topic, route)) || unfinished;
    await readTopicConfigs([...this.#topics.values()], this.#context);
    return (await this.#saveRecreated()) || unfinished;
  }

  /** True when the next pass should come soon. */
  async #setUp(topic: LogTopic, route: TopicRoute): Promise<boolean> {
    const { view, parts, options } = this.#context;
    const stored = this.#noted.of(topic.topicId);
    const published = stored !== undefined && stored.name === route.name && stored.kafkaTopicId !== null;
    const plan = planTopic(view.topic(route.name), route, { published, createTopics: options.createTopics });
    switch (plan.action) {
      case 'refuse':
        await this.#refuse(topic, route.name, plan.detail);
        return true;
      case 'create':
        await this.#change(topic, route, plan);
        return true;
      case 'grow':
        // What is there already goes on meanwhile; a refusal stands until the cluster has grown.
        await this.#publish(topic, route, { noted: stored?.state === 'refused' });
        await this.#change(topic, route, plan);
        return true;
      case 'alarm':
        parts.observer.expanded(topic.name, topic.partitions, view.topic(route.name)?.partitions.length ?? 0);
        break;
      case 'publish':
        break;
    }
    await this.#publish(topic, route, { noted: false });
    return false;
  }

  async #change(topic: LogTopic, route: TopicRoute, plan: Parameters<typeof changeTopic>[1]): Promise<void> {
    const failed = await changeTopic(route.name, plan, this.#context);
    if (failed !== undefined) await this.#refuse(topic, route.name, failed);
  }

  /** `noted`: what Postgres knows of the topic is to stay. */
  async #publish(topic: LogTopic, route: TopicRoute, { noted }: { readonly noted: boolean }): Promise<void> {
    const { topicId, name } = topic;
    const seenId = this.#context.view.topic(route.name)?.id ?? null;
    const kafkaTopicId = this.#noted.of(topicId)?.kafkaTopicId ?? seenId;
    const as: ClusterTopic = { topicId, name: route.name, kafkaTopicId, state: 'publishing', detail: '' };
    if (!noted) await this.#noted.note([{ topic: name, as }]);
    let published = this.#topics.get(topicId);
    if (published === undefined) {
      published = {
        topicId,
        name,
        route,
        messageMaxBytes: topic.messageMaxBytes,
        seenId: kafkaTopicId,
        limits: DEFAULT_LIMITS,
        warned: new Set(),
        lanes: [],
      };
      this.#topics.set(topicId, published);
      this.#byName.set(route.name, published);
    }
    if (published.lanes.length < topic.partitions) await this.#addLanes(published, topic.partitions);
    this.noticeId(published, seenId);
  }

  async #addLanes(topic: PublishedTopic, partitions: number): Promise<void> {
    const { parts, lease, mode } = this.#context;
    const exact = mode === 'exact';
    const placeholders = await parts.store.placeholders(lease.clusterId, topic.topicId);
    while (topic.lanes.length < partitions) {
      const partition = topic.lanes.length;
      const known = this.#stored.partitions.get(`${topic.topicId}/${partition}`);
      const origin = { topic, partition, exact, known, uncertainUntil: this.#uncertainUntil };
      const lane = makeLane(origin, (moved, from) => this.#hooks.laneMoved(moved, from));
      for (const { partition: place, offset } of placeholders) if (place === partition) lane.placeholders.add(offset);
      topic.lanes.push(lane);
      this.#hooks.laneAdded(lane);
    }
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
      const noted = this.#noted.of(topic.topicId)!;
      if (topic.seenId === noted.kafkaTopicId) continue;
      if (topic.lanes.some((lane) => lane.recreated || lane.phase === 'opening')) {
        unfinished = true;
        continue;
      }
      await this.#noted.note([{ topic: topic.name, as: { ...noted, kafkaTopicId: topic.seenId } }]);
    }
    return unfinished;
  }

  async #refuse(topic: LogTopic, clusterTopic: string, detail: string): Promise<void> {
    const as = { ...this.#notPublished(topic, 'refused', detail), name: clusterTopic };
    await this.#noted.note([{ topic: topic.name, as }]);
  }

  #notPublished({ topicId, name }: LogTopic, state: 'not routed' | 'refused', detail: string): ClusterTopic {
    const noted = this.#noted.of(topicId);
    return { topicId, name: noted?.name ?? name, kafkaTopicId: noted?.kafkaTopicId ?? null, state, detail };
  }

  refusals(): ReadonlyMap<number, string> {
    return this.#noted.refusals();
  }
}
