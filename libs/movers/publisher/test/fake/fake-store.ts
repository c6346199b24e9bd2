import type {
  ChangedSegments,
  ClusterIdentity,
  ClusterLease,
  ClusterPartition,
  ClusterPlaceholder,
  ClusterRequest,
  ClusterStore,
  ClusterTopic,
} from '#libs/stores/log';
import type { VirtualTime } from './virtual-time.ts';

type Row = { -readonly [K in keyof ClusterPartition]: ClusterPartition[K] };

/** What Postgres remembers of one cluster; it takes a millisecond or two for anything. */
export class FakeStore implements ClusterStore {
  readonly #time: VirtualTime;
  #term = 0n;
  #holder: string | undefined;
  #expiresAt = 0;
  identity: ClusterIdentity = { kafkaClusterId: null, producer: null, mode: null, modeReason: null };
  readonly #topics = new Map<number, ClusterTopic>();
  readonly #rows = new Map<string, Row>();
  #placeholders: ClusterPlaceholder[] = [];

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  get term(): bigint {
    return this.#term;
  }

  row(topicId: number, partition: number): ClusterPartition | undefined {
    return this.#rows.get(`${topicId}/${partition}`);
  }

  async acquire(
    _cluster: unknown,
    holder: string,
    _info: unknown,
    leaseMs: number,
  ): Promise<(ClusterLease & { identity: ClusterIdentity }) | undefined> {
    await this.#time.sleep(1);
    const free = this.#holder === undefined || this.#holder === holder || this.#time.now() >= this.#expiresAt;
    if (!free) return undefined;
    this.#term += 1n;
    this.#holder = holder;
    this.#expiresAt = this.#time.now() + leaseMs;
    return { clusterId: 1, term: this.#term, identity: this.identity };
  }

  renew(lease: ClusterLease, leaseMs: number): Promise<boolean> {
    return this.#under(lease, () => (this.#expiresAt = this.#time.now() + leaseMs));
  }

  release(lease: ClusterLease): Promise<boolean> {
    return this.#under(lease, () => (this.#holder = undefined));
  }

  saveIdentity(lease: ClusterLease, identity: ClusterIdentity): Promise<boolean> {
    return this.#under(lease, () => (this.identity = identity));
  }

  async topics(): Promise<readonly ClusterTopic[]> {
    await this.#time.sleep(1);
    return [...this.#topics.values()];
  }

  saveTopics(lease: ClusterLease, topics: readonly ClusterTopic[]): Promise<boolean> {
    return this.#under(lease, () => topics.forEach((topic) => this.#topics.set(topic.topicId, topic)));
  }

  async partitions(): Promise<readonly ClusterPartition[]> {
    await this.#time.sleep(1);
    return [...this.#rows.values()].map((row) => ({ ...row }));
  }

  markOpened(lease: ClusterLease, of: readonly { topicId: number; partition: number }[]): Promise<boolean> {
    return this.#under(lease, () => of.forEach((each) => (this.#row(each).openedTerm ??= lease.term)));
  }

  saveSegments(lease: ClusterLease, partitions: readonly ChangedSegments[]): Promise<boolean> {
    return this.#under(lease, () => {
      for (const { segments, ...of } of partitions) {
        const row = this.#row(of);
        row.segments = [...row.segments.filter((each) => each.fromOffset < segments[0]!.fromOffset), ...segments];
      }
    });
  }

  saveProgress(
    lease: ClusterLease,
    leaseMs: number,
    progress: Parameters<ClusterStore['saveProgress']>[2],
  ): Promise<boolean> {
    return this.#under(lease, () => {
      this.#expiresAt = this.#time.now() + leaseMs;
      for (const each of progress) Object.assign(this.#row(each), each);
    });
  }

  savePlaceholder(lease: ClusterLease, placeholder: ClusterPlaceholder): Promise<boolean> {
    return this.#under(lease, () => (this.#placeholders = [...this.#placeholders, placeholder]));
  }

  async placeholders(_clusterId: number, topicId: number): Promise<readonly ClusterPlaceholder[]> {
    await this.#time.sleep(1);
    return this.#placeholders.filter((each) => each.topicId === topicId);
  }

  readonly requests: ClusterRequest[] = [];

  async takeRequests(lease: ClusterLease): Promise<readonly ClusterRequest[]> {
    await this.#time.sleep(1);
    return lease.term === this.#term ? this.requests.splice(0) : [];
  }

  /** As after a restore from a backup of `state`. */
  snapshot(): () => void {
    const rows = structuredClone([...this.#rows]);
    const topics = [...this.#topics];
    const { identity } = this;
    return () => {
      this.#rows.clear();
      for (const [key, row] of rows) this.#rows.set(key, row);
      this.#topics.clear();
      for (const [key, topic] of topics) this.#topics.set(key, topic);
      this.identity = identity;
    };
  }

  #row({ topicId, partition }: { topicId: number; partition: number }): Row {
    const key = `${topicId}/${partition}`;
    const row = this.#rows.get(key) ?? {
      topicId,
      partition,
      ackedOffset: 0n,
      ackedPosition: 0n,
      openedTerm: null,
      trouble: null,
      segments: [],
    };
    this.#rows.set(key, row);
    return row;
  }

  async #under(lease: ClusterLease, write: () => unknown): Promise<boolean> {
    await this.#time.sleep(1);
    if (lease.term !== this.#term || this.#holder === undefined) return false;
    write();
    return true;
  }
}
