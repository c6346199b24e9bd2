import { TidemarkError, systemClock } from '#libs/foundation/kernel';
import { Loop, type LoopStatus, systemSleep } from '#libs/foundation/lifecycle';
import type { PublisherOptions } from './publisher-options.ts';
import type { PublisherParts } from './publisher-parts.ts';
import type { PublisherStatus } from './publisher-status.ts';
import { openSession } from './session/open-session.ts';
import type { PublishingSession } from './session/publishing-session.ts';
import type { SessionTime } from './session/session-context.ts';
import { sessionStatus, standbyStatus } from './session/session-status.ts';

/** How long parts of a session that lost its lease may take to end. */
const ABANDON_MS = 5_000;

/**
 * Publishes the log to one cluster while it holds the cluster's lease; stands by otherwise.
 *
 * In exact mode every record is on the cluster once, at the offset that its segments say, whatever is lost on the way,
 * whoever takes over, and however late a request of an earlier publisher arrives. Elsewhere records are there at least
 * once, in order.
 */
export class Publisher {
  readonly #cluster: string;
  readonly #parts: PublisherParts;
  readonly #options: PublisherOptions;
  readonly #time: SessionTime;
  readonly #loop: Loop;
  #session: PublishingSession | undefined;
  #trouble: string | null = null;
  #stopping: Promise<void> | undefined;
  #stopSignal = new AbortController();

  constructor(cluster: string, parts: PublisherParts, options: PublisherOptions) {
    this.#cluster = cluster;
    this.#parts = parts;
    this.#options = options;
    this.#time = {
      clock: parts.clock ?? systemClock,
      now: parts.monotonic ?? (() => performance.now()),
      sleep: parts.sleep ?? systemSleep,
      random: parts.random ?? Math.random,
    };
    this.#loop = new Loop({
      name: `publisher ${cluster}`,
      step: () => this.#step(),
      onError: (error) => this.#recover(error),
      clock: this.#time.clock,
      sleep: this.#time.sleep,
    });
  }

  get leading(): boolean {
    return this.#session !== undefined && !this.#session.context.guard.lost;
  }

  loops(): readonly LoopStatus[] {
    return [this.#loop.status(), ...(this.#session?.loops() ?? [])];
  }

  status(): PublisherStatus {
    const stopped = this.#loop.state !== 'running';
    return this.#session === undefined
      ? standbyStatus(stopped, this.#trouble)
      : sessionStatus(this.#session, this.#trouble);
  }

  async start(): Promise<void> {
    this.#stopSignal = new AbortController();
    await this.#loop.start();
    this.#stopping = undefined;
  }

  /**
   * Sends nothing new, waits for the answers that are under way, writes down what is on the cluster and gives the lease
   * back. Callers share one stop. Throws STOP_DEADLINE_EXCEEDED; nothing is lost then, the next publisher finds out.
   */
  stop(deadlineMs: number): Promise<void> {
    this.#stopping ??= this.#stop(deadlineMs);
    return this.#stopping;
  }

  async #stop(deadlineMs: number): Promise<void> {
    const started = this.#time.now();
    this.#stopSignal.abort();
    await this.#loop.stop({ deadlineMs });
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    const { lease, guard } = session.context;
    await session.drain(Math.max(0, deadlineMs - (this.#time.now() - started)));
    if (!guard.lost) await this.#parts.store.release(lease);
    this.#parts.observer.ledNoMore(lease.term, 'released');
  }

  async #step(): Promise<{ waitMs: number }> {
    const session = this.#session;
    if (session === undefined) {
      this.#session = await openSession(this.#cluster, this.#parts, this.#options, this.#time, this.#stopSignal.signal);
      this.#trouble = null;
      if (this.#session === undefined) return { waitMs: this.#options.standbyPollMs };
      await this.#session.start();
    } else if (session.context.guard.lost) {
      this.#session = undefined;
      this.#parts.observer.ledNoMore(session.context.lease.term, 'lease lost');
      await session.abandon(ABANDON_MS);
    } else {
      const reason = session.reasonToFallBack();
      if (reason !== undefined) {
        await this.#fallBack(session, reason);
        return { waitMs: 0 };
      }
    }
    return { waitMs: this.#options.flushMs };
  }

  /** Ends the session with a note that the cluster is not published to exactly any more; the next one goes on with that. */
  async #fallBack(session: PublishingSession, modeReason: string): Promise<void> {
    const { store, observer } = this.#parts;
    const { lease, guard } = session.context;
    this.#session = undefined;
    let ended: 'lease lost' | 'released' | 'error' = 'error';
    try {
      await session.drain(this.#options.requestTimeoutMs + ABANDON_MS);
      const identity = { ...session.identity, mode: 'at-least-once', modeReason } as const;
      const saved = !guard.lost && (await store.saveIdentity(lease, identity));
      ended = saved ? 'released' : 'lease lost';
      if (!saved) return;
      observer.fellBack(modeReason);
      await store.release(lease);
    } finally {
      observer.ledNoMore(lease.term, ended);
    }
  }

  #recover(error: unknown): { waitMs: number } {
    if (error instanceof TidemarkError && error.code === 'SHUTTING_DOWN') return { waitMs: 0 };
    this.#trouble = error instanceof Error ? error.message : String(error);
    this.#parts.observer.failed('lead', error);
    const retryable = error instanceof TidemarkError && error.retryable;
    return { waitMs: retryable ? this.#options.standbyPollMs : 1_000 };
  }
}
