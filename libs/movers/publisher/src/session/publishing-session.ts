import type { TopicMetadata } from '#libs/foundation/kafka';
import { Loop, endsWithin, type LoopStatus } from '#libs/foundation/lifecycle';
import { TidemarkError } from '#libs/foundation/kernel';
import type { ClusterIdentity } from '#libs/stores/log';
import type { Lane } from '../lane/lane.ts';
import type { LanePhase } from '../lane/lane-phase.ts';
import { DEFAULT_LIMITS } from '../topics/published-topic.ts';
import type { TopicLimits } from '../topics/topic-limits.ts';
import { recover } from './apply-recovery.ts';
import { BrokerSender } from './broker-sender.ts';
import { HeadWatcher } from './head-watcher.ts';
import { LaneLocator } from './lane-locator.ts';
import { Ledger } from './ledger.ts';
import { LogReader } from './log-reader.ts';
import type { SessionContext } from './session-context.ts';
import { type StoredState, TopicSetup } from './topic-setup.ts';

/** How long a loop that failed waits. */
const FAILED_WAIT_MS = 500;
const NOWHERE = { leaderEpoch: -1 };

type SessionLoops = Readonly<Record<'topics' | 'ends' | 'locator' | 'reader' | 'ledger' | 'requests', Loop>>;

/**
 * Publishes to one cluster under one lease, from taking it to losing it. What it knows of the cluster beyond Postgres dies with it.
 *
 * Six loops: topics (set-up, metadata), ends (of the log), locator (ends on the cluster), reader (records into lanes),
 * ledger (progress and lease), requests (of people). Senders, one per broker, run on answers.
 */
export class PublishingSession {
  readonly context: SessionContext;
  readonly identity: ClusterIdentity;
  readonly topics: TopicSetup;
  readonly #ledger: Ledger;
  readonly #heads: HeadWatcher;
  readonly #reader: LogReader;
  readonly #locator: LaneLocator;
  readonly #senders = new Map<number, BrokerSender>();
  readonly #stopped = new AbortController();
  readonly #loops: SessionLoops;

  constructor(context: SessionContext, identity: ClusterIdentity, stored: StoredState) {
    this.context = context;
    this.identity = identity;
    const { options, time } = context;
    this.#ledger = new Ledger(context);
    this.#heads = new HeadWatcher(
      context,
      {
        moved: () => {
          this.#loops.locator.wake();
          this.#loops.reader.wake();
        },
        unknownTopic: () => this.#loops.topics.wake(),
      },
      this.#stopped.signal,
    );
    this.topics = new TopicSetup(context, this.#ledger, stored, time.now() + options.requestTimeoutMs, {
      laneAdded: (lane) => this.#addLane(lane),
      laneMoved: (lane, from) => this.#moved(lane, from),
    });
    this.#locator = new LaneLocator(context, this.#ledger, {
      freshLogEnds: () => this.#heads.refresh(),
      opened: () => this.#loops.reader.wake(),
      topicMissing: () => this.#loops.topics.wake(),
    });
    this.#reader = new LogReader(context, {
      fed: (lane) => this.#sender(lane.leader).offer(lane),
      unlocated: () => this.#loops.locator.wake(),
      staleEnds: () => this.#heads.refresh(),
    });
    this.#loops = this.#makeLoops();
    context.view.onTopic = (topic) => this.#seen(topic);
  }

  loops(): readonly LoopStatus[] {
    return Object.values(this.#loops).map((loop) => loop.status());
  }

  async start(): Promise<void> {
    for (const loop of Object.values(this.#loops)) await loop.start();
  }

  /** Why the cluster is to be published to at least once from now on; undefined while it is not. */
  reasonToFallBack(): string | undefined {
    const { options, exactMode, lanes } = this.context;
    return options.mode === 'auto' ? exactMode.reasonToLeave(lanes) : undefined;
  }

  /** What people ask for through Postgres. */
  async #takeRequests(): Promise<void> {
    const { parts, lease, lanes } = this.context;
    for (const request of await parts.store.takeRequests(lease)) {
      const lane = lanes.get(request.topicId, request.partition);
      if (lane === undefined) continue;
      if (request.action === 'accept') lane.acceptFrom = request.fromOffset;
      if (lane.change('retry')) this.#answered(lane);
    }
  }

  /**
   * Sends nothing new, waits for the answers that are under way and writes down what is on the cluster. Throws
   * STOP_DEADLINE_EXCEEDED when that takes longer; nothing is lost then, the next publisher finds out.
   */
  async drain(deadlineMs: number): Promise<void> {
    for (const sender of this.#senders.values()) sender.close();
    this.#stopped.abort();
    const idle = Promise.all([...this.#senders.values()].map((sender) => sender.idle()));
    const { time } = this.context;
    const started = time.now();
    if (!(await endsWithin(idle, deadlineMs, time.sleep)))
      throw new TidemarkError('STOP_DEADLINE_EXCEEDED', `brokers did not answer within ${deadlineMs} ms`);
    await this.#stopLoops(Math.max(0, deadlineMs - (time.now() - started)));
    if (!this.context.guard.lost) await this.#ledger.save(this.#dirtyLanes());
  }

  /** Ends without waiting for the cluster: another publisher goes on. */
  async abandon(deadlineMs: number): Promise<void> {
    this.context.guard.lose();
    for (const sender of this.#senders.values()) sender.close();
    this.#stopped.abort();
    await this.#stopLoops(deadlineMs);
  }

  async #stopLoops(deadlineMs: number): Promise<void> {
    const stops = await Promise.allSettled(Object.values(this.#loops).map((loop) => loop.stop({ deadlineMs })));
    const failed = stops.find((stop) => stop.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    if (!(await endsWithin(this.#locator.idle(), deadlineMs, this.context.time.sleep)))
      throw new TidemarkError('STOP_DEADLINE_EXCEEDED', `brokers did not answer within ${deadlineMs} ms`);
  }

  #makeLoops(): SessionLoops {
    const { options } = this.context;
    const loop = (name: string, step: () => Promise<{ waitMs: number }>): Loop =>
      new Loop({
        name: `publisher ${name}`,
        step,
        onError: (error) => {
          this.context.parts.observer.failed(name, error);
          return { waitMs: FAILED_WAIT_MS };
        },
        clock: this.context.time.clock,
        sleep: this.context.time.sleep,
      });
    return {
      topics: loop('topics', () => this.topics.step()),
      ends: loop('ends', async () => {
        await this.#heads.step();
        return { waitMs: this.#stopped.signal.aborted ? options.pollMs : 0 };
      }),
      locator: loop('locator', () => this.#locator.step(() => this.#loops.locator.wake())),
      reader: loop('reader', async () => {
        const read = await this.#reader.step(() => this.#pump());
        if (!read) this.#pump();
        return { waitMs: read ? 0 : options.pollMs };
      }),
      ledger: loop('ledger', async () => {
        await this.#flush();
        return { waitMs: options.flushMs };
      }),
      requests: loop('requests', async () => {
        await this.#takeRequests();
        return { waitMs: options.pollMs };
      }),
    };
  }

  #lastFlush = -Infinity;

  async #flush(): Promise<void> {
    const { time, options } = this.context;
    const dirty = this.#dirtyLanes();
    const now = time.now();
    if (dirty.length === 0 && now - this.#lastFlush < options.leaseMs / 4) return;
    await this.#ledger.save(dirty);
    this.#lastFlush = now;
    this.#pump();
  }

  #dirtyLanes(): Lane[] {
    return [...this.context.lanes.all()].filter((lane) => lane.dirty);
  }

  #addLane(lane: Lane): void {
    const head = this.#heads.head(lane.start.topicId, lane.start.partition);
    lane.logStart = head?.startOffset ?? 0n;
    lane.logEnd = head?.endOffset ?? 0n;
    lane.unlocatedSince = this.context.time.now();
    this.context.lanes.add(lane);
    this.#loops.locator.wake();
  }

  #moved(lane: Lane, from: LanePhase): void {
    this.context.lanes.moved(lane, from);
    if (lane.phase === 'unlocated') lane.unlocatedSince = this.context.time.now();
    if (lane.phase === 'unlocated' || lane.phase === 'blocked' || lane.phase === 'quarantine')
      this.#loops.locator.wake();
  }

  #answered(lane: Lane): void {
    if (recover(lane, this.context)) this.#loops.locator.wake();
    else if (lane.phase === 'open' && lane.readNext < lane.logEnd) this.#loops.reader.wake();
  }

  /** Metadata came in: another topic, or another leader, which may have lost records. */
  #seen(metadata: TopicMetadata): void {
    const topic = this.topics.named(metadata.name);
    if (topic === undefined || metadata.errorCode !== 0) return;
    this.topics.noticeId(topic, metadata.id);
    for (const lane of topic.lanes) {
      const seen = metadata.partitions[lane.start.partition] ?? NOWHERE;
      if (lane.phase === 'open' && seen.leaderEpoch > lane.leaderEpoch) lane.change('retry');
      this.#answered(lane);
    }
  }

  #pump(): void {
    for (const sender of this.#senders.values()) sender.pump();
  }

  #sender(broker: number): BrokerSender {
    const known = this.#senders.get(broker);
    if (known !== undefined) return known;
    const sender = new BrokerSender(broker, this.context, {
      limitsOf: (lane) => this.#limitsOf(lane),
      answered: (lane) => this.#answered(lane),
    });
    this.#senders.set(broker, sender);
    return sender;
  }

  #limitsOf(lane: Lane): TopicLimits {
    return this.topics.topic(lane.start.topicId)?.limits ?? DEFAULT_LIMITS;
  }
}
