import type { ProduceBatch, ProduceResult } from '#libs/foundation/kafka';
import { describeError } from '#libs/foundation/kernel';
import { buildBatch, isFragile, type BuiltBatch } from '../batch/batch-builder.ts';
import type { TopicLimits } from '../topics/topic-limits.ts';
import { type Lane, lostAnswer } from '../lane/lane.ts';
import { UNENCODABLE } from '../lane/produce-rules.ts';
import type { SentBatch } from '../lane/sent-batch.ts';
import type { SessionContext } from './session-context.ts';

/** The part of a request's time in which the broker must have replicated it: it answers before we give up. */
const BROKER_SHARE = 0.8;

interface Passenger {
  readonly lane: Lane;
  readonly batch: SentBatch;
}

export interface SenderHooks {
  limitsOf(lane: Lane): TopicLimits;
  /** After answers and failures: the lane may have something to recover from, or room again. */
  answered(lane: Lane): void;
}

/** Sends batches of many partitions to one broker: a few requests at a time, each with at most one batch of a partition. */
export class BrokerSender {
  readonly broker: number;
  readonly #context: SessionContext;
  readonly #hooks: SenderHooks;
  /** Lanes that may have something to send, those that waited longest first. */
  readonly #ready = new Set<Lane>();
  readonly #requests = new Set<Promise<void>>();
  readonly #closed = new AbortController();
  #notBefore = 0;
  #pumping = false;
  #timerAt = Infinity;

  constructor(broker: number, context: SessionContext, hooks: SenderHooks) {
    this.broker = broker;
    this.#context = context;
    this.#hooks = hooks;
  }

  offer(lane: Lane): void {
    this.#ready.add(lane);
  }

  /** Sends what can be sent now: a request at once, more of them with turns for sockets in between. */
  pump(): void {
    if (!this.#pumping) void this.#pumpOn();
  }

  async #pumpOn(): Promise<void> {
    this.#pumping = true;
    try {
      while (this.#sendNext()) await this.#context.time.sleep(0);
    } finally {
      this.#pumping = false;
    }
  }

  /** True when a request was sent. */
  #sendNext(): boolean {
    const { options, guard, time } = this.#context;
    if (this.#closed.signal.aborted || this.#ready.size === 0) return false;
    if (this.#requests.size >= options.requestsPerBroker) return false;
    const now = time.now();
    if (!guard.holds(now)) return false;
    if (now < this.#notBefore) {
      this.#pumpAt(this.#notBefore);
      return false;
    }
    const passengers: Passenger[] = [];
    const batches = this.#load(passengers, now);
    if (batches.length === 0) return false;
    const request = this.#send(batches, passengers).finally(() => {
      this.#requests.delete(request);
      this.#context.parts.observer.inFlight(this.broker, this.#requests.size);
      this.pump();
    });
    this.#requests.add(request);
    this.#context.parts.observer.inFlight(this.broker, this.#requests.size);
    return true;
  }

  /** Sends nothing any more. */
  close(): void {
    this.#closed.abort();
  }

  /** Resolves when all requests have ended. */
  async idle(): Promise<void> {
    while (this.#requests.size > 0) await Promise.all(this.#requests);
  }

  #load(passengers: Passenger[], now: number): ProduceBatch[] {
    const { options, view } = this.#context;
    const batches: ProduceBatch[] = [];
    let bytes = 0;
    const later: Lane[] = [];
    for (const lane of this.#ready) {
      if (bytes >= options.requestBytes) break;
      this.#ready.delete(lane);
      const wait = this.#lingers(lane, now);
      if (wait > 0) {
        later.push(lane);
        this.#pumpAt(now + wait);
        continue;
      }
      const built = this.#board(lane, now);
      if (built === undefined) continue;
      passengers.push({ lane, batch: built.batch });
      const { clusterTopic: topic, partition } = lane.start;
      // A lane is open for one topic: when metadata tell of another id, it is located anew before it sends.
      batches.push({ topic, topicId: view.topic(topic)?.id ?? null, partition, bytes: built.bytes });
      bytes += built.bytes.length;
      if (!lane.queue.isEmpty) later.push(lane);
    }
    for (const lane of later) this.#ready.add(lane);
    return batches;
  }

  /** ms that a batch that is not full still waits. */
  #lingers(lane: Lane, now: number): number {
    const { lingerMs, batchBytes } = this.#context.options;
    if (lingerMs === 0 || lane.queue.bytes >= batchBytes) return 0;
    return lane.queuedAt + lingerMs - now;
  }

  #board(lane: Lane, now: number): BuiltBatch | undefined {
    const { options, time, parts } = this.#context;
    const next = lane.queue.next;
    if (next === undefined || lane.leader !== this.broker) return undefined;
    const fragile = lane.start.exact && isFragile(next.firstTimeMs, options.producerExpiryMs, time.clock.now());
    if (!lane.mayBeSent(fragile)) return undefined;
    // The broker could forget the batch of another publisher between its arrival and ours.
    if (fragile && now < lane.uncertainUntil) {
      if (lane.inFlight.length === 0) lane.hold(lane.uncertainUntil);
      return undefined;
    }
    try {
      const built = buildBatch(lane, fragile, this.#hooks.limitsOf(lane), this.#context);
      lane.sending(built.batch);
      lane.queuedAt = now;
      if (built.clamped > 0) parts.observer.timestampsClamped(lane.start, built.clamped);
      return built;
    } catch (error) {
      const one = { records: 1, fragile: false, placeholder: false, sequence: null };
      lane.giveUp({ rule: UNENCODABLE, detail: describeError(error), ...one });
      this.#hooks.answered(lane);
      return undefined;
    }
  }

  async #send(batches: readonly ProduceBatch[], passengers: readonly Passenger[]): Promise<void> {
    const { parts, options, time } = this.#context;
    try {
      const timeoutMs = Math.floor(options.requestTimeoutMs * BROKER_SHARE);
      const answer = await parts.client.produce(this.broker, batches, timeoutMs);
      if (answer.throttleMs > 0) {
        this.#notBefore = Math.max(this.#notBefore, time.now() + answer.throttleMs);
        parts.observer.throttled(this.broker, answer.throttleMs);
      }
      const results = new Map(answer.results.map((result) => [`${result.topic}/${result.partition}`, result]));
      for (const passenger of passengers) {
        const { clusterTopic, partition } = passenger.lane.start;
        this.#deliver(passenger, results.get(`${clusterTopic}/${partition}`), 'the broker left the partition out');
      }
    } catch (error) {
      const detail = describeError(error);
      for (const passenger of passengers) this.#deliver(passenger, undefined, detail);
    }
  }

  #deliver({ lane, batch }: Passenger, result: ProduceResult | undefined, lost: string): void {
    const answer =
      result === undefined
        ? lostAnswer(lost)
        : { errorCode: result.errorCode, baseOffset: result.baseOffset, detail: result.errorMessage };
    const now = this.#context.time.now();
    if (result === undefined) lane.uncertainUntil = now + this.#context.options.requestTimeoutMs;
    const { batches, segmentOpened } = lane.answered(batch, answer);
    const { observer } = this.#context.parts;
    for (const done of batches) observer.acked(lane.start, done.records, done.bytes);
    if (batches.length > 0) lane.confirmedAt = now;
    if (segmentOpened) observer.segmentOpened(lane.start, lane.map.last!);
    if (!lane.queue.isEmpty) this.#ready.add(lane);
    this.#hooks.answered(lane);
  }

  #pumpAt(at: number): void {
    if (this.#timerAt <= at) return;
    this.#timerAt = at;
    const { time } = this.#context;
    void this.#pumpAfter(Math.max(1, at - time.now()));
  }

  async #pumpAfter(ms: number): Promise<void> {
    await this.#context.time.sleep(ms, this.#closed.signal);
    this.#timerAt = Infinity;
    this.pump();
  }
}
