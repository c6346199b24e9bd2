import { KAFKA_ERROR } from '#libs/foundation/kafka';
import { backoffMs, describeError } from '#libs/foundation/kernel';
import type { Lane } from '../lane/lane.ts';
import { block } from './apply-recovery.ts';
import { askBroker, type BrokerWord } from './collect-evidence.ts';
import { CannotTell } from './cannot-tell.ts';
import { findEnd, findEndInOrder, type FoundEnd } from './find-end.ts';
import type { Ledger } from './ledger.ts';
import { positionBefore } from './position-before.ts';
import type { SessionContext } from './session-context.ts';

/** Partitions in one question to a broker; also how many are looked at together. */
const LANES_AT_ONCE = 200;
const WALKS_AT_ONCE = 4;

export interface LocatorHooks {
  freshLogEnds(): Promise<void>;
  /** The lane is open: it may read and send. */
  opened(lane: Lane): void;
  /** The cluster does not know the topic (any more). */
  topicMissing(): void;
}

/** Finds the ends of lanes on the cluster, broker by broker: a broker that does not answer keeps only its own lanes waiting. */
export class LaneLocator {
  readonly #context: SessionContext;
  readonly #ledger: Ledger;
  readonly #hooks: LocatorHooks;
  readonly #busy = new Map<number, Promise<void>>();

  constructor(context: SessionContext, ledger: Ledger, hooks: LocatorHooks) {
    this.#context = context;
    this.#ledger = ledger;
    this.#hooks = hooks;
  }

  /** Starts looking for all lanes that can be looked for now; `wake` is called when a broker is done. */
  async step(wake: () => void): Promise<{ waitMs: number }> {
    const { lanes, time, options } = this.#context;
    const now = time.now();
    let waitMs = options.pollMs;
    for (const lane of [...lanes.in('blocked'), ...lanes.in('quarantine')]) {
      if (lane.dueAt <= now) lane.change('due');
      else waitMs = Math.min(waitMs, lane.dueAt - now);
    }
    const wanted = [...lanes.in('unlocated')].filter((lane) => lane.everOpened || lane.logEnd > lane.acked);
    if (wanted.length === 0) return { waitMs };
    await this.#findLeaders(wanted);
    for (const [broker, led] of this.#byLeader(wanted)) {
      if (this.#busy.has(broker)) continue;
      const task = this.#locate(broker, led).finally(() => {
        this.#busy.delete(broker);
        wake();
      });
      this.#busy.set(broker, task);
    }
    return { waitMs };
  }

  /** Resolves when no broker is being asked any more. */
  async idle(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all(this.#busy.values());
  }

  async #findLeaders(lanes: readonly Lane[]): Promise<void> {
    const { view } = this.#context;
    const since = Math.max(...lanes.map((lane) => lane.unlocatedSince));
    try {
      await view.refresh([...new Set(lanes.map((lane) => lane.start.clusterTopic))], since);
    } catch (error) {
      for (const lane of lanes) this.#later(lane, `the cluster gives no metadata: ${describeError(error)}`);
    }
  }

  #byLeader(lanes: readonly Lane[]): Map<number, Lane[]> {
    const byLeader = new Map<number, Lane[]>();
    for (const lane of lanes) {
      if (lane.phase !== 'unlocated') continue;
      const { clusterTopic, partition } = lane.start;
      const seen = this.#context.view.partition(clusterTopic, partition);
      if (seen === undefined || seen.leader < 0) {
        const code =
          seen?.errorCode ??
          this.#context.view.topic(clusterTopic)?.errorCode ??
          KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION;
        if (code === KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION) this.#hooks.topicMissing();
        this.#later(lane, `${clusterTopic}/${partition} has no leader on the cluster (Kafka error ${code})`);
        continue;
      }
      lane.leader = seen.leader;
      lane.leaderEpoch = seen.leaderEpoch;
      const led = byLeader.get(seen.leader) ?? [];
      if (led.length < LANES_AT_ONCE) led.push(lane);
      byLeader.set(seen.leader, led);
    }
    return byLeader;
  }

  async #locate(broker: number, lanes: readonly Lane[]): Promise<void> {
    for (const lane of lanes) lane.change('locate');
    const asked = new Map(lanes.map((lane) => [lane, lane.locations]));
    const current = (lane: Lane): boolean => lane.phase === 'locating' && lane.locations === asked.get(lane);
    try {
      const words = await askBroker(broker, lanes, this.#context);
      const queue = [...words];
      const worker = async (): Promise<void> => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift())
          if (current(next[0])) await this.#place(next[0], next[1], current);
      };
      await Promise.all(Array.from({ length: WALKS_AT_ONCE }, worker));
      const found = lanes.filter((lane) => lane.phase === 'opening' && lane.locations === asked.get(lane));
      await this.#open(found, asked);
    } catch (error) {
      const trouble = `broker ${broker} does not say where the partition ends: ${describeError(error)}`;
      for (const lane of lanes)
        if (current(lane) || (lane.phase === 'opening' && lane.locations === asked.get(lane)))
          this.#later(lane, trouble);
    }
  }

  async #place(lane: Lane, word: BrokerWord, current: (lane: Lane) => boolean): Promise<void> {
    if ('problem' in word) return this.#problem(lane, word);
    try {
      const { clusterEnd, lastSequence } = word;
      const end =
        lane.start.exact && clusterEnd !== undefined
          ? await findEnd(lane, { clusterEnd, lastSequence }, this.#context, () => this.#hooks.freshLogEnds())
          : findEndInOrder(lane, clusterEnd);
      const position = end.kind === 'at' ? await positionBefore(end.offset, lane, this.#context) : 0n;
      if (current(lane)) this.#apply(lane, end, position, word.lastSequence !== 'unknown');
    } catch (error) {
      if (current(lane)) this.#later(lane, error instanceof CannotTell ? error.message : describeError(error));
    }
  }

  #apply(lane: Lane, end: FoundEnd, position: bigint, producerKnown: boolean): void {
    const { parts, time } = this.#context;
    if (end.kind === 'quarantine') {
      parts.observer.quarantined(lane.start, Math.max(0, lane.uncertainUntil - time.now()));
      lane.hold(lane.uncertainUntil);
    } else if (end.kind === 'stop') {
      lane.setTrouble(end.detail);
      lane.change('stop');
      parts.observer.stopped(lane.start, end.why, end.detail);
    } else {
      const before = lane.map;
      lane.place(end.offset, end.map, position);
      lane.producerKnown = producerKnown;
      lane.change('found');
      parts.observer.located(lane.start, end.cause, end.offset);
      for (const segment of before === end.map ? [] : end.map.changesSince(before))
        parts.observer.segmentOpened(lane.start, segment);
    }
  }

  async #open(lanes: readonly Lane[], asked: ReadonlyMap<Lane, number>): Promise<void> {
    if (lanes.length === 0) return;
    await this.#ledger.saveOpening(lanes);
    const now = this.#context.time.now();
    for (const lane of lanes) {
      if (lane.locations === asked.get(lane) && lane.open(now)) this.#hooks.opened(lane);
    }
  }

  #problem(lane: Lane, word: Extract<BrokerWord, { problem: string }>): void {
    const denied = word.errorCode === KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED;
    if (denied) this.#context.parts.observer.authorizationMissing(lane.start);
    const remedy = denied ? '; allow the principal DESCRIBE, READ and WRITE on the topic' : '';
    const text = `${word.problem} (${lane.start.clusterTopic}/${lane.start.partition})${remedy}`;
    this.#later(lane, text, denied ? this.#context.options.blockMaxMs : undefined);
  }

  /** Tries again, sooner at first; a trouble that lasts is told. */
  #later(lane: Lane, trouble: string, maxMs: number = this.#context.options.retryMaxMs): void {
    const { options, time } = this.#context;
    const ms = backoffMs(lane.failures, { minMs: options.retryMinMs, maxMs }, time.random());
    block(lane, ms, lane.failures >= 3 ? trouble : null, this.#context, 'locating');
    lane.failures += 1;
  }
}
