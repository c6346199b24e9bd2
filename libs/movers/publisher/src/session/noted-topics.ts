import type { ClusterTopic } from '#libs/stores/log';
import type { PublisherObserver } from '../publisher-observer.ts';
import type { Ledger } from './ledger.ts';

/** What becomes of a topic on the cluster, with its own name. */
export interface TopicDecision {
  readonly topic: string;
  readonly as: ClusterTopic;
}

/**
 * What becomes of each topic of the log on one cluster, kept in Postgres too: retention waits for topics of which nothing is
 * known.
 */
export class NotedTopics {
  readonly #ledger: Ledger;
  readonly #observer: Pick<PublisherObserver, 'topicRefused'>;
  readonly #noted: Map<number, ClusterTopic>;
  readonly #refused = new Map<number, string>();

  /** `stored`: what Postgres has, by topic id. */
  constructor(
    ledger: Ledger,
    observer: Pick<PublisherObserver, 'topicRefused'>,
    stored: ReadonlyMap<number, ClusterTopic>,
  ) {
    this.#ledger = ledger;
    this.#observer = observer;
    this.#noted = new Map(stored);
  }

  /** What Postgres knows of a topic; undefined before anything was decided. */
  of(topicId: number): ClusterTopic | undefined {
    return this.#noted.get(topicId);
  }

  /** Notes what is news, all in one write, and tells of each refusal once while it lasts. Throws LEASE_LOST. */
  async note(decisions: readonly TopicDecision[]): Promise<void> {
    const news = decisions.filter(({ as }) => this.#isNews(as));
    if (news.length > 0) await this.#ledger.saveTopics(news.map(({ as }) => as));
    for (const { topic, as } of news) {
      this.#noted.set(as.topicId, as);
      if (as.state !== 'refused') this.#refused.delete(as.topicId);
      else if (this.#refused.get(as.topicId) !== as.detail) {
        this.#refused.set(as.topicId, as.detail);
        this.#observer.topicRefused(topic, as.detail);
      }
    }
  }

  /** Why topics are refused, by topic id. */
  refusals(): ReadonlyMap<number, string> {
    return this.#refused;
  }

  #isNews(as: ClusterTopic): boolean {
    // One that was stored by an earlier publisher was not told by this one.
    if (as.state === 'refused' && this.#refused.get(as.topicId) !== as.detail) return true;
    const noted = this.#noted.get(as.topicId);
    return (
      noted === undefined ||
      noted.name !== as.name ||
      noted.kafkaTopicId !== as.kafkaTopicId ||
      noted.state !== as.state ||
      noted.detail !== as.detail
    );
  }
}
