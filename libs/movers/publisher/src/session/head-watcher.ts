import type { LogHead } from '../ports.ts';
import type { SessionContext } from './session-context.ts';

export interface HeadHooks {
  /** Ends moved. */
  moved(): void;
  /** The log has a topic that is not known here. */
  unknownTopic(): void;
}

/** Follows the ends of the log's partitions. */
export class HeadWatcher {
  readonly #context: SessionContext;
  readonly #hooks: HeadHooks;
  readonly #stopped: AbortSignal;
  readonly #heads = new Map<string, LogHead>();
  #cursor = 0n;
  #known = false;
  #refreshing: Promise<void> | undefined;

  constructor(context: SessionContext, hooks: HeadHooks, stopped: AbortSignal) {
    this.#context = context;
    this.#hooks = hooks;
    this.#stopped = stopped;
  }

  head(topicId: number, partition: number): LogHead | undefined {
    return this.#heads.get(`${topicId}/${partition}`);
  }

  /** One round: waits for news, at most `pollMs`, and takes them in. */
  async step(): Promise<void> {
    const { source } = this.#context.parts;
    if (this.#known) await source.waitBeyond(this.#cursor, this.#context.options.pollMs, this.#stopped);
    if (this.#stopped.aborted) return;
    const { cursor, heads } = await source.heads(this.#known ? this.#cursor : 0n);
    this.#known = true;
    this.#cursor = cursor;
    this.#take(heads);
  }

  /** Reads the ends of all partitions again; callers share one reading unless it began before their call. */
  async refresh(): Promise<void> {
    await this.#refreshing;
    this.#refreshing ??= this.#readAll().finally(() => (this.#refreshing = undefined));
    await this.#refreshing;
  }

  async #readAll(): Promise<void> {
    const { heads } = await this.#context.parts.source.heads(0n);
    this.#take(heads);
  }

  #take(heads: readonly LogHead[]): void {
    let unknown = false;
    for (const head of heads) {
      this.#heads.set(`${head.topicId}/${head.partition}`, head);
      const lane = this.#context.lanes.get(head.topicId, head.partition);
      if (lane === undefined) unknown = true;
      else {
        // Answers to two questions may cross; an end never moves back.
        if (head.endOffset > lane.logEnd) lane.logEnd = head.endOffset;
        if (head.startOffset > lane.logStart) lane.logStart = head.startOffset;
      }
    }
    if (heads.length > 0) this.#hooks.moved();
    if (unknown) this.#hooks.unknownTopic();
  }
}
