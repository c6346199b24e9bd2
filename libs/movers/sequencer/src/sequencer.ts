import {
  type Batch,
  type Head,
  type PartitionKey,
  partitionKey,
  type Placeholder,
  type PlaceholderReason,
} from '#libs/stores/log';
import type { PendingMessage } from '#libs/stores/outbox';
import { partitionForKey } from './murmur2.ts';

/** What the decision depends on besides the messages. Changed only by `advance`, after a step was committed. */
export interface SequencerState {
  readonly heads: Map<PartitionKey, Head>;
  /** Partitions per topic id. */
  readonly topics: ReadonlyMap<number, number>;
  /** Per topic id: where the next message without a key goes, so that they spread evenly. */
  readonly spread: Map<number, number>;
}

export interface SequencerLimits {
  /** A batch is closed before it exceeds this many bytes; one record may be larger by itself. */
  readonly batchBytesMax: number;
  readonly batchRecordsMax: number;
  /** A larger record gets a placeholder, because no cluster would take it. */
  readonly recordBytesMax: number;
}

/** What one step appends. */
export interface StepPlan {
  readonly batches: readonly Batch[];
  readonly placeholders: readonly Placeholder[];
  /** New values for the state, of the entries that changed. */
  readonly heads: ReadonlyMap<PartitionKey, Head>;
  readonly spread: ReadonlyMap<number, number>;
}

interface OpenBatch {
  baseOffset: bigint;
  positions: bigint[];
  bytes: number;
  firstUs: number;
  lastUs: number;
  highUs: number;
  placeholders: number;
}

/**
 * Gives each message its partition and its offset: pure, so that the same messages and state always give the same
 * records. Messages must be in order of position, all of them up to a horizon. Within a partition records follow the
 * order of positions, so messages of one key keep theirs.
 */
export function planStep(
  state: SequencerState,
  messages: readonly PendingMessage[],
  limits: SequencerLimits,
): StepPlan {
  const plan = new StepBuilder(state, limits);
  for (const message of messages) plan.place(message);
  return plan.finish();
}

/** Brings the state to where a committed plan has left the log. In place: there may be very many partitions. */
export function advance(state: SequencerState, plan: StepPlan): void {
  for (const [key, head] of plan.heads) state.heads.set(key, head);
  for (const [topicId, next] of plan.spread) state.spread.set(topicId, next);
}

class StepBuilder {
  readonly #state: SequencerState;
  readonly #limits: SequencerLimits;
  readonly #batches: Batch[] = [];
  readonly #placeholders: Placeholder[] = [];
  readonly #heads = new Map<PartitionKey, Head>();
  readonly #spread = new Map<number, number>();
  readonly #open = new Map<PartitionKey, OpenBatch & { topicId: number; partition: number }>();

  constructor(state: SequencerState, limits: SequencerLimits) {
    this.#state = state;
    this.#limits = limits;
  }

  place(message: PendingMessage): void {
    const partitions = this.#state.topics.get(message.topicId);
    if (partitions === undefined) {
      this.#keepPlace(message, -1, message.position, 'topic-unknown', `topic id ${message.topicId} does not exist`);
      return;
    }
    const asked = message.partition;
    const misplaced = asked !== null && (asked < 0 || asked >= partitions);
    const partition = asked === null || misplaced ? this.#choose(message, partitions) : asked;
    const offset = this.#append(message, partition);
    if (misplaced) {
      this.#keepPlace(
        message,
        partition,
        offset,
        'partition-out-of-range',
        `partition ${asked} of a topic with ${partitions}`,
      );
    } else if (message.bytes > this.#limits.recordBytesMax) {
      this.#keepPlace(
        message,
        partition,
        offset,
        'too-large',
        `${message.bytes} bytes, at most ${this.#limits.recordBytesMax}`,
      );
    } else return;
    const open = this.#open.get(partitionKey(message.topicId, partition))!;
    open.placeholders += 1;
  }

  finish(): StepPlan {
    for (const key of this.#open.keys()) this.#close(key);
    return { batches: this.#batches, placeholders: this.#placeholders, heads: this.#heads, spread: this.#spread };
  }

  #choose(message: PendingMessage, partitions: number): number {
    if (message.key !== null) return partitionForKey(message.key, partitions);
    const next = (this.#spread.get(message.topicId) ?? this.#state.spread.get(message.topicId) ?? 0) % partitions;
    this.#spread.set(message.topicId, next + 1);
    return next;
  }

  #append(message: PendingMessage, partition: number): bigint {
    const key = partitionKey(message.topicId, partition);
    const current = this.#open.get(key);
    if (current !== undefined && this.#isFull(current, message.bytes)) this.#close(key);
    const head = this.#heads.get(key) ?? this.#state.heads.get(key) ?? { nextOffset: 0n, highUs: 0 };
    const highUs = Math.max(head.highUs, message.createdUs);
    this.#heads.set(key, { nextOffset: head.nextOffset + 1n, highUs });
    const open = this.#open.get(key) ?? {
      topicId: message.topicId,
      partition,
      baseOffset: head.nextOffset,
      positions: [],
      bytes: 0,
      firstUs: message.createdUs,
      lastUs: message.createdUs,
      highUs,
      placeholders: 0,
    };
    open.positions.push(message.position);
    open.bytes += message.bytes;
    open.firstUs = Math.min(open.firstUs, message.createdUs);
    open.lastUs = Math.max(open.lastUs, message.createdUs);
    open.highUs = highUs;
    this.#open.set(key, open);
    return head.nextOffset;
  }

  #isFull(batch: OpenBatch, bytes: number): boolean {
    return batch.bytes + bytes > this.#limits.batchBytesMax || batch.positions.length >= this.#limits.batchRecordsMax;
  }

  #close(key: PartitionKey): void {
    const batch = this.#open.get(key);
    if (batch === undefined) return;
    this.#batches.push(batch);
    this.#open.delete(key);
  }

  #keepPlace(
    message: PendingMessage,
    partition: number,
    offset: bigint,
    reason: PlaceholderReason,
    detail: string,
  ): void {
    this.#placeholders.push({
      topicId: message.topicId,
      partition,
      offset,
      position: message.position,
      reason,
      detail,
    });
  }
}
