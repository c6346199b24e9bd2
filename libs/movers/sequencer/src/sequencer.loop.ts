import { adaptivePause, type AdaptivePause, Loop, type LoopStatus } from '#libs/foundation/lifecycle';
import { type Clock, systemClock, TidemarkError } from '#libs/foundation/kernel';
import type { HolderInfo } from '#libs/stores/log';
import type { PendingMessage } from '#libs/stores/outbox';
import type { LogSink, OutboxSource, SequencerObserver } from './ports.ts';
import { advance, planStep, type SequencerLimits, type SequencerState, type StepPlan } from './sequencer.ts';
import { nextStepSize, type StepSizeLimits } from './step-size.ts';

export interface SequencerOptions extends SequencerLimits, StepSizeLimits {
  /** Unique among all instances that serve this database. */
  readonly holder: string;
  readonly info: HolderInfo;
  /** How long the lease lasts without a sign of life, in ms. A standby takes over within this plus standbyPollMs. */
  readonly leaseMs: number;
  readonly standbyPollMs: number;
  /** Shortest and longest wait between looks at the outbox, in ms. */
  readonly pollMinMs: number;
  readonly pollMaxMs: number;
}

export const SEQUENCER_DEFAULTS = {
  batchBytesMax: 900_000,
  batchRecordsMax: 5_000,
  recordBytesMax: 104_857_600,
  messagesMax: 5_000,
  keyBytes: 4_000_000,
  leaseMs: 3_000,
  standbyPollMs: 400,
  pollMinMs: 1,
  pollMaxMs: 50,
} as const satisfies Omit<SequencerOptions, 'holder' | 'info'>;

interface Leadership {
  readonly term: bigint;
  cursor: bigint;
  readonly state: SequencerState & { topics: ReadonlyMap<number, number> };
  topicsRevision: string;
  renewedAt: number;
  stepSize: number;
}

/**
 * Moves committed messages from the outbox into the log, while it holds the lease; stands by otherwise.
 *
 * Every write to the log is one statement that is conditional on the term and the cursor, so an instance that was paused,
 * cut off or replaced can waste work but cannot commit. It keeps no state that it could not read again from Postgres.
 */
export class Sequencer {
  readonly #outbox: OutboxSource;
  readonly #log: LogSink;
  readonly #observer: SequencerObserver;
  readonly #options: SequencerOptions;
  readonly #clock: Clock;
  readonly #pause: AdaptivePause;
  readonly #loop: Loop;
  #leadership: Leadership | undefined;
  #waitMs = 0;
  #stopping: Promise<void> | undefined;

  constructor(
    outbox: OutboxSource,
    log: LogSink,
    observer: SequencerObserver,
    options: SequencerOptions,
    clock: Clock = systemClock,
  ) {
    this.#outbox = outbox;
    this.#log = log;
    this.#observer = observer;
    this.#options = options;
    this.#clock = clock;
    this.#pause = adaptivePause({ minMs: options.pollMinMs, maxMs: options.pollMaxMs });
    this.#loop = new Loop({
      name: 'sequencer',
      step: () => this.#step(),
      onError: (error) => this.#recover(error),
    });
  }

  get leading(): boolean {
    return this.#leadership !== undefined;
  }

  status(): LoopStatus {
    return this.#loop.status();
  }

  async start(): Promise<void> {
    await this.#loop.start();
    this.#stopping = undefined;
  }

  /**
   * Finishes the step in hand and gives the lease back, so that a standby takes over at once. Callers share one stop. Throws
   * when the lease could not be given back (it expires then), and STOP_DEADLINE_EXCEEDED.
   */
  stop(deadlineMs: number): Promise<void> {
    this.#stopping ??= this.#stop(deadlineMs);
    return this.#stopping;
  }

  async #stop(deadlineMs: number): Promise<void> {
    await this.#loop.stop({ deadlineMs });
    const led = this.#leadership;
    this.#leadership = undefined;
    if (led !== undefined) {
      await this.#log.releaseLease(led.term);
      this.#observer.ledNoMore(led.term, 'released');
    }
  }

  async #step(): Promise<{ waitMs: number }> {
    const leadership = this.#leadership ?? (await this.#takeOver());
    if (leadership === undefined) return { waitMs: this.#options.standbyPollMs };
    const worked = await this.#sequence(leadership);
    this.#waitMs = this.#pause(this.#waitMs, worked === 'partly');
    return { waitMs: worked === 'full' ? 0 : this.#waitMs };
  }

  async #takeOver(): Promise<Leadership | undefined> {
    const { holder, info, leaseMs, messagesMax } = this.#options;
    const askedAt = this.#clock.now();
    const lease = await this.#log.acquireLease(holder, info, leaseMs);
    if (lease === undefined) return undefined;
    // Read after the lease was taken: nobody else can move the heads under this term.
    const heads = await this.#log.heads();
    this.#leadership = {
      term: lease.term,
      cursor: lease.cursor,
      state: { heads, topics: new Map(), spread: new Map() },
      topicsRevision: '',
      renewedAt: askedAt,
      stepSize: messagesMax,
    };
    this.#observer.ledSince(lease.term, lease.cursor);
    return this.#leadership;
  }

  /** 'full': more is probably waiting; 'partly': there was some work; 'idle': none. */
  async #sequence(led: Leadership): Promise<'full' | 'partly' | 'idle'> {
    const startedAt = this.#clock.now();
    const { horizon, partitionEnd, topicsRevision } = await this.#outbox.horizon(led.cursor);
    if (topicsRevision !== led.topicsRevision) {
      led.state.topics = await this.#outbox.topics();
      led.topicsRevision = topicsRevision;
    }
    // A step ends where a partition of outbox.message ends, so that both can be dropped together. Without a partition
    // at the cursor there is nothing to read yet.
    const upTo = partitionEnd === null ? led.cursor : partitionEnd - 1n < horizon ? partitionEnd - 1n : horizon;
    if (upTo <= led.cursor) {
      await this.#stayLeader(led);
      return 'idle';
    }
    const messages = await this.#outbox.pending(led.cursor, upTo, led.stepSize);
    const full = messages.length === led.stepSize;
    const to = full ? messages.at(-1)!.position : upTo;
    const plan = await this.#plan(led, messages);
    const readAt = this.#clock.now();
    const committed = await this.#log.commit({
      term: led.term,
      from: led.cursor,
      to,
      leaseMs: this.#options.leaseMs,
      batches: plan.batches,
      placeholders: plan.placeholders,
    });
    if (!committed) {
      this.#lose(led, 'lease lost');
      return 'idle';
    }
    advance(led.state, plan);
    led.cursor = to;
    led.renewedAt = startedAt;
    led.stepSize = nextStepSize(
      this.#options,
      messages.length,
      messages.reduce((sum, message) => sum + (message.key?.length ?? 0), 0),
    );
    this.#observer.committed({
      messages: messages.length,
      batches: plan.batches.length,
      placeholders: plan.placeholders.length,
      cursor: to,
      horizon,
      readMs: readAt - startedAt,
      commitMs: this.#clock.now() - readAt,
    });
    return full || upTo < horizon ? 'full' : 'partly';
  }

  async #plan(led: Leadership, messages: readonly PendingMessage[]): Promise<StepPlan> {
    const plan = planStep(led.state, messages, this.#options);
    if (plan.placeholders.every((placeholder) => placeholder.reason === 'too-large')) return plan;
    // The topics may be older than the messages (both can commit in one transaction): poison is judged by newer ones only.
    led.state.topics = await this.#outbox.topics();
    return planStep(led.state, messages, this.#options);
  }

  async #stayLeader(led: Leadership): Promise<void> {
    const now = this.#clock.now();
    if (now - led.renewedAt < this.#options.leaseMs / 3) return;
    if (await this.#log.renewLease(led.term, this.#options.leaseMs)) led.renewedAt = now;
    else this.#lose(led, 'lease lost');
  }

  #lose(led: Leadership, reason: 'lease lost' | 'error'): void {
    this.#leadership = undefined;
    this.#observer.ledNoMore(led.term, reason);
  }

  #recover(error: unknown): { waitMs: number } {
    // The commit may or may not have happened: forget everything and read it again under a new term.
    if (this.#leadership !== undefined) this.#lose(this.#leadership, 'error');
    const retryable = error instanceof TidemarkError && error.retryable;
    this.#observer.failed(error);
    return { waitMs: retryable ? this.#options.standbyPollMs : 1_000 };
  }
}
