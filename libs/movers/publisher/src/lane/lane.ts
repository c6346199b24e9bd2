import { assert } from '#libs/foundation/kernel';
import { AffineMap } from '#libs/stores/log';
import type { RecordRun, RunWanted } from '../ports.ts';
import { RecordQueue } from '../batch/record-queue.ts';
import { afterFailure, type FailedBatch, type FailureWaits, type Recovery } from './after-failure.ts';
import type { Belief } from './evidence.ts';
import { type LaneEvent, type LanePhase, nextLanePhase } from './lane-phase.ts';
import { isFirstSequenceRefusal, LOST, OVERTAKEN, produceRule } from './produce-rules.ts';
import type { BatchAnswer, SentBatch } from './sent-batch.ts';

/** The broker remembers the last five batches of a producer; a sixth in flight could not be told from a repeated one. */
const WINDOW = 5;

export interface LaneStart {
  readonly topicId: number;
  readonly topic: string;
  readonly clusterTopic: string;
  readonly partition: number;
  readonly exact: boolean;
  readonly acked: bigint;
  readonly ackedPosition: bigint;
  readonly map: AffineMap;
  readonly everOpened: boolean;
}

/** What changed on the cluster by an ack. */
export interface Acked {
  readonly batches: readonly SentBatch[];
  readonly segmentOpened: boolean;
}

/**
 * One partition on one cluster: what is there, what is on its way, what waits. No I/O, no clock: the session asks it what
 * to do and tells it what happened. Only an open lane holds records that were not sent yet.
 */
export class Lane {
  readonly start: LaneStart;
  readonly onPhase: (lane: Lane, from: LanePhase) => void;
  readonly queue = new RecordQueue();
  phase: LanePhase = 'unlocated';
  /** Records before it are on the cluster. */
  acked: bigint;
  ackedPosition: bigint;
  map: AffineMap;
  savedMap: AffineMap;
  everOpened: boolean;
  recreated = false;
  /** Where a person decided to go on, whatever the cluster holds. */
  acceptFrom: bigint | undefined;
  logStart = 0n;
  logEnd = 0n;
  /** The next record to read from the log, and the next to send. */
  readNext: bigint;
  /** Position of some record before the next one to read; 0 when none is known. */
  #readAfter = 0n;
  sendNext: bigint;
  trusted: bigint;
  inFlight: SentBatch[] = [];
  inFlightBytes = 0;
  producerKnown = false;
  /** While the next record is before it, batches hold at most `records`. */
  cap: { readonly before: bigint; readonly records: number } | undefined;
  /** Offsets at which this cluster has placeholders. */
  readonly placeholders = new Set<bigint>();
  /** To be saved before it is sent. */
  placeholderToSave: { readonly offset: bigint; readonly detail: string } | undefined;
  clampAll = false;
  failures = 0;
  /** See LaneTroubles. */
  firstRefusals = 0;
  failed: FailedBatch | undefined;
  trouble: string | null = null;
  #troubleOf: 'sending' | 'locating' = 'locating';
  /** Monotonic ms: when to look again (blocked, quarantine). */
  dueAt = 0;
  /** Raised whenever its end is asked for, so that an answer to an older question is known as such. */
  locations = 0;
  unlocatedSince = 0;
  /** Monotonic ms: when the end was last known for certain. */
  confirmedAt = 0;
  /** Monotonic ms: until then, a batch that somebody sent may still arrive. */
  uncertainUntil: number;
  /** Monotonic ms: since when the first record in the queue waits. */
  queuedAt = 0;
  leader = -1;
  leaderEpoch = -1;
  /** Acked offset, segments or trouble differ from what Postgres has. */
  dirty = false;

  constructor(start: LaneStart, uncertainUntil: number, onPhase: (lane: Lane, from: LanePhase) => void) {
    this.start = start;
    this.onPhase = onPhase;
    this.acked = start.acked;
    this.ackedPosition = start.ackedPosition;
    this.map = start.map;
    this.savedMap = start.map;
    this.everOpened = start.everOpened;
    this.readNext = start.acked;
    this.sendNext = start.acked;
    this.trusted = start.acked;
    this.uncertainUntil = uncertainUntil;
  }

  get bufferedBytes(): number {
    return this.queue.bytes + this.inFlightBytes;
  }

  get belief(): Belief {
    const { acked, map, everOpened, recreated, trusted, acceptFrom } = this;
    return { acked, map, everOpened, recreated, trusted, ...(acceptFrom === undefined ? {} : { acceptFrom }) };
  }

  /** Changes the phase; false when the event means nothing in this phase. */
  change(event: LaneEvent): boolean {
    const from = this.phase;
    const to = nextLanePhase(from, event);
    if (to === 'refused') return false;
    if (to !== from && to !== 'open') this.#forgetQueue();
    if (event === 'locate') this.locations += 1;
    this.phase = to;
    if (to !== from) this.onPhase(this, from);
    return true;
  }

  /** What to read next; undefined when there is nothing or no room. */
  wanted(laneBufferBytes: number): RunWanted | undefined {
    if (this.phase !== 'open' || this.readNext >= this.logEnd || this.bufferedBytes >= laneBufferBytes)
      return undefined;
    return {
      topicId: this.start.topicId,
      partition: this.start.partition,
      offset: this.readNext,
      after: this.#readAfter,
    };
  }

  /** Takes records that were read; what was read for an older state of the lane is dropped. */
  append(run: RecordRun, now: number): boolean {
    if (this.phase !== 'open' || run.offset !== this.readNext || run.stored.count === 0) return false;
    if (this.queue.isEmpty) this.queuedAt = now;
    this.readNext += BigInt(run.stored.count);
    this.#readAfter = BigInt(run.stored.lastPosition);
    this.queue.append(run.stored);
    return true;
  }

  /** Whether a batch may be sent now, as far as what is on its way goes. */
  mayBeSent(fragile: boolean): boolean {
    if (this.phase !== 'open' || this.queue.isEmpty) return false;
    const window = this.start.exact && this.producerKnown && !fragile ? WINDOW : 1;
    return this.inFlight.length < window && !(this.inFlight[0]?.fragile ?? false);
  }

  sending(batch: SentBatch): void {
    assert(batch.from === this.sendNext, `lane ${this.start.topic}/${this.start.partition} sends out of order`);
    this.inFlight.push(batch);
    this.inFlightBytes += batch.bytes;
    this.sendNext = batch.to;
    if (this.sendNext > this.trusted) this.trusted = this.sendNext;
  }

  /** Takes an answer; answers count in the order of the batches, and none counts behind one that failed. */
  answered(batch: SentBatch, answer: BatchAnswer): Acked {
    batch.answer = answer;
    const done: SentBatch[] = [];
    let segmentOpened = false;
    while (this.inFlight[0]?.answer !== undefined) {
      const [first] = this.inFlight.splice(0, 1) as [SentBatch];
      this.inFlightBytes -= first.bytes;
      if (this.failed !== undefined) continue;
      const overtaken = this.#overtaken(first, first.answer!);
      if (overtaken !== undefined) this.#fail(first, overtaken);
      else if (first.answer!.errorCode === 0) {
        segmentOpened = this.#ack(first, first.answer!.baseOffset) || segmentOpened;
        done.push(first);
      } else this.#fail(first, first.answer!);
    }
    // Told at once, so that nothing more is sent behind a batch that failed while earlier ones are still under way.
    if (this.failed === undefined && answer.errorCode !== 0) this.change('fail');
    return { batches: done, segmentOpened };
  }

  /** Ends sending for a reason that no broker gave. */
  giveUp(failed: FailedBatch): void {
    this.failed ??= failed;
    this.change('fail');
  }

  /** Sends nothing until `dueAt` (monotonic ms), then asks again where the end is. */
  hold(dueAt: number): void {
    if (this.change('hold')) this.dueAt = dueAt;
  }

  /** The way on once nothing is under way any more; undefined until then. Resets what the failure left behind. */
  recovery(waits: FailureWaits, random: number): Recovery | undefined {
    if (this.phase !== 'settling' || this.inFlight.length > 0) return undefined;
    const { failed } = this;
    if (failed === undefined) return { kind: 'locate', trouble: this.trouble };
    const first = !this.producerKnown && (failed.sequence ?? 0) !== 0 && isFirstSequenceRefusal(failed.rule.code);
    this.firstRefusals = first ? this.firstRefusals + 1 : 0;
    const { failures, firstRefusals, clampAll: timestampsClamped } = this;
    const recovery = afterFailure(failed, { failures, firstRefusals, timestampsClamped }, waits, random);
    this.failed = undefined;
    if (recovery.kind === 'locate' || recovery.kind === 'wait' || recovery.kind === 'no-first-sequence')
      this.failures += 1;
    return recovery;
  }

  /** `of`: what is in trouble; once the end is known, trouble in finding it is over. True when it is news. */
  setTrouble(trouble: string | null, of: 'sending' | 'locating' = 'sending'): boolean {
    if (this.trouble === trouble) return false;
    this.trouble = trouble;
    this.#troubleOf = of;
    this.dirty = true;
    return true;
  }

  #ack(batch: SentBatch, baseOffset: bigint): boolean {
    const before = this.map;
    this.map = this.map.isEmpty
      ? new AffineMap([firstSegment(batch.from, baseOffset)])
      : this.map.placing(batch.from, baseOffset);
    this.acked = batch.to;
    this.ackedPosition = batch.lastPosition;
    this.producerKnown = true;
    this.everOpened = true;
    this.failures = 0;
    this.firstRefusals = 0;
    this.dirty = true;
    if (this.cap !== undefined && batch.to >= this.cap.before) this.cap = undefined;
    this.trouble = null;
    return this.map !== before;
  }

  /** An ack that cannot be one in exact mode: the batch lies where an earlier record of ours was. */
  #overtaken(batch: SentBatch, answer: BatchAnswer): BatchAnswer | undefined {
    if (!this.start.exact || answer.errorCode !== 0) return undefined;
    const before = this.map.toCluster(batch.from - 1n);
    if (before === undefined || answer.baseOffset > before) return undefined;
    const detail = `log offset ${batch.from} was appended at ${answer.baseOffset}, although the record before it was at ${before}; delete the topic and create it again to have it filled from the log`;
    return { errorCode: OVERTAKEN.code, baseOffset: -1n, detail };
  }

  #fail(batch: SentBatch, answer: BatchAnswer): void {
    const rule = produceRule(answer.errorCode);
    const placeholder = batch.records === 1 && this.placeholders.has(batch.from);
    const sequence = this.start.exact ? this.map.sequenceOf(batch.from) : null;
    this.failed = {
      rule,
      detail: answer.detail,
      records: batch.records,
      fragile: batch.fragile,
      placeholder,
      sequence,
    };
    if (rule.action === 'split' && !placeholder) {
      if (batch.records > 1) this.cap = { before: batch.to, records: Math.ceil(batch.records / 2) };
      else
        this.placeholderToSave = {
          offset: batch.from,
          detail: `${rule.name}: ${answer.detail ?? 'the broker takes no batch of this size'}`,
        };
    }
    this.change('fail');
  }

  #forgetQueue(): void {
    this.queue.clear();
    this.readNext = this.sendNext;
    this.#readAfter = 0n;
  }

  /** Its end is known and saved: batches may be sent. False when something came in between. */
  open(now: number): boolean {
    if (!this.change('opened')) return false;
    this.confirmedAt = now;
    if (this.#troubleOf === 'locating' || this.acked >= this.logEnd) this.setTrouble(null);
    return true;
  }

  /** The end was found: goes on from there. */
  place(offset: bigint, map: AffineMap, ackedPosition: bigint): void {
    this.dirty ||= offset !== this.acked || map !== this.map;
    // Before what was acked, the position may be that of a later record.
    this.#readAfter = offset < this.acked ? 0n : ackedPosition;
    this.acked = offset;
    this.ackedPosition = ackedPosition;
    this.map = map;
    this.sendNext = offset;
    this.readNext = offset;
    if (offset > this.trusted || this.recreated || this.acceptFrom !== undefined) this.trusted = offset;
    this.recreated = false;
    this.acceptFrom = undefined;
  }
}

function firstSegment(from: bigint, baseOffset: bigint): AffineMap['segments'][number] {
  const delta = baseOffset - from;
  return { fromOffset: from, delta, sequenceDelta: 0n, reason: delta === 0n ? 'start' : 'adopted' };
}

/** The answer in the place of one that did not come. */
export function lostAnswer(detail: string): BatchAnswer {
  return { errorCode: LOST.code, baseOffset: -1n, detail };
}
