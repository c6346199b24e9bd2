import { backoffMs, TidemarkError } from '#libs/foundation/kernel';
import { endsWithin, Loop } from '#libs/foundation/lifecycle';
import type { MemberSettings } from './group-member-options.ts';
import type { GroupView, Release } from './group.ts';

/** What the session asks and tells the member. */
export interface SessionHooks {
  /** What can be given up now. */
  releasable(now: number): readonly Release[];
  /** What the group says now. True when the group should hear from the member again at once. */
  view(view: GroupView): boolean;
  /** The membership has ended, or the lease has: nothing is owned any more. */
  lost(): void;
  /** A heartbeat failed and is tried again. */
  error(error: unknown): void;
  /** The group refuses the member for good. */
  refused(error: TidemarkError): void;
}

/**
 * The membership in a group: joins, heartbeats, joins anew under another id when it was removed, leaves.
 *
 * The lease says how long the member may believe in what it owns without hearing from the group. It runs from the moment
 * the last successful heartbeat was sent; the group counts from when that arrived, so the lease ends first.
 */
export class GroupSession {
  readonly #settings: MemberSettings;
  readonly #hooks: SessionHooks;
  readonly #loop: Loop;
  #memberId: string;
  #topics: readonly string[];
  #joinSent = false;
  #joined = false;
  #leaseEnds = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(settings: MemberSettings, hooks: SessionHooks) {
    this.#settings = settings;
    this.#hooks = hooks;
    this.#memberId = settings.newMemberId();
    this.#topics = settings.topics;
    this.#loop = new Loop({
      name: `group ${settings.group}`,
      step: () => this.#beat(),
      onError: (error) => this.#afterError(error),
      clock: settings.clock,
      sleep: settings.sleep,
    });
  }

  get memberId(): string {
    return this.#memberId;
  }

  get joined(): boolean {
    return this.#joined;
  }

  /** Until when what is owned may be used without hearing from the group, ms; not positive when the lease has ended. */
  get leaseLeftMs(): number {
    return this.#leaseEnds - this.#settings.clock.now();
  }

  start(): Promise<void> {
    return this.#loop.start();
  }

  /** Lets the group hear of other topics than before, now. */
  subscribe(topics: readonly string[]): void {
    this.#topics = topics;
    this.wake();
  }

  /** Lets the group hear from the member now. */
  wake(): void {
    this.#loop.wake();
  }

  /** Ends the heartbeats and leaves. Rejects with STOP_DEADLINE_EXCEEDED when a heartbeat hangs. */
  async stop(deadlineMs: number): Promise<void> {
    const { clock, sleep, coordinator, group, instanceId } = this.#settings;
    const started = clock.now();
    await this.#loop.stop({ deadlineMs });
    this.#joined = false;
    if (!this.#joinSent) return;
    const left = coordinator
      .leave({ group, memberId: this.#memberId, instanceId })
      .catch((error: unknown) => this.#hooks.error(error));
    if (await endsWithin(left, Math.max(1, deadlineMs - (clock.now() - started)), sleep)) return;
    this.#hooks.error(
      new TidemarkError(
        'STOP_DEADLINE_EXCEEDED',
        `group ${group} could not be told in ${deadlineMs} ms that ${this.#memberId} leaves`,
      ),
    );
  }

  async #beat(): Promise<{ waitMs: number }> {
    const { coordinator, clock, group, instanceId, sessionTimeoutMs } = this.#settings;
    const sentAt = clock.now();
    if (sentAt >= this.#leaseEnds) this.#hooks.lost();
    const view = this.#joined
      ? await coordinator.heartbeat({
          group,
          topics: this.#topics,
          memberId: this.#memberId,
          instanceId,
          released: this.#hooks.releasable(sentAt),
        })
      : await this.#join();
    this.#joined = true;
    this.#failures = 0;
    this.#leaseEnds = sentAt + Math.min(sessionTimeoutMs, view.leaseMs ?? sessionTimeoutMs);
    if (this.#hooks.view(view)) return { waitMs: 0 };
    const moving = view.waiting.length > 0 || view.revoke.length > 0;
    const { rebalanceHeartbeatMs, heartbeatMs } = this.#settings;
    return { waitMs: moving ? rebalanceHeartbeatMs : Math.min(heartbeatMs, view.heartbeatMs ?? heartbeatMs) };
  }

  #join(): Promise<GroupView> {
    const { coordinator, group, instanceId, client, start, sessionTimeoutMs, drainMs } = this.#settings;
    this.#joinSent = true;
    // The group waits longer for a release than this member takes to give up on its application.
    const handoverTimeoutMs = drainMs + 2 * sessionTimeoutMs;
    return coordinator.join({
      group,
      instanceId,
      topics: this.#topics,
      client,
      start,
      sessionTimeoutMs,
      handoverTimeoutMs,
      memberId: this.#memberId,
    });
  }

  #afterError(error: unknown): { waitMs: number } | 'fail' {
    const code = error instanceof TidemarkError ? error.code : undefined;
    if (code === 'GROUP_FENCED') {
      this.#joined = false;
      this.#joinSent = false;
      this.#leaseEnds = Number.NEGATIVE_INFINITY;
      this.#memberId = this.#settings.newMemberId();
      this.#hooks.lost();
    }
    // Were a member that was replaced to join again, it would take its place back from its successor.
    if (code === 'GROUP_INVALID' || code === 'GROUP_INSTANCE_TAKEN') {
      this.#joined = false;
      this.#leaseEnds = Number.NEGATIVE_INFINITY;
      this.#hooks.refused(error as TidemarkError);
      return 'fail';
    }
    this.#hooks.error(error);
    const waitMs = backoffMs(this.#failures, { minMs: 50, maxMs: this.#settings.heartbeatMs }, this.#settings.random());
    this.#failures += 1;
    return { waitMs };
  }
}
