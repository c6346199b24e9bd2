import type { RunWanted } from '../ports.ts';
import type { Lane } from '../lane/lane.ts';
import type { SessionContext } from './session-context.ts';

/** Partitions in one read. */
const LANES_AT_ONCE = 500;
/** A lane with so many full batches unsent gets nothing more. */
const BATCHES_AHEAD = 2;
/** Nor do lanes of a broker that could be sent so many full requests. */
const REQUESTS_AHEAD = 1;

export interface ReaderHooks {
  /** The lane got records. */
  fed(lane: Lane): void;
  /** The lane has to be located again before it sends. */
  unlocated(): void;
  /** The log did not have what its ends promised: they are old. */
  staleEnds(): Promise<void>;
}

/** Reads records for the lanes that have room. Memory is shared between brokers, so that a slow one cannot take all of it. */
export class LogReader {
  readonly #context: SessionContext;
  readonly #hooks: ReaderHooks;

  constructor(context: SessionContext, hooks: ReaderHooks) {
    this.#context = context;
    this.#hooks = hooks;
  }

  /** True when there was something to read. */
  async step(): Promise<boolean> {
    const { lanes, options, parts, time } = this.#context;
    const { wanted, bytes } = this.#wanted();
    if (wanted.length === 0 || bytes === 0) return false;
    const limits = { maxRecords: options.readRecords, maxBytes: Math.min(options.readBytes, bytes) };
    const runs = await parts.source.read(wanted, limits);
    const now = time.now();
    let fed = false;
    for (const run of runs) {
      const lane = lanes.get(run.topicId, run.partition);
      if (lane === undefined || !lane.append(run, now)) continue;
      fed = true;
      lanes.toTheEnd(lane);
      this.#hooks.fed(lane);
    }
    if (runs.length === 0) await this.#hooks.staleEnds();
    return fed;
  }

  #wanted(): { wanted: RunWanted[]; bytes: number } {
    const { lanes, options, view, time } = this.#context;
    const now = time.now();
    const held = new Map<number, number>();
    const sendable = new Map<number, number>();
    let total = 0;
    for (const lane of [...lanes.in('open'), ...lanes.in('settling')]) {
      total += lane.bufferedBytes;
      held.set(lane.leader, (held.get(lane.leader) ?? 0) + lane.bufferedBytes);
      if (lane.mayBeSent(false)) sendable.set(lane.leader, (sendable.get(lane.leader) ?? 0) + lane.queue.bytes);
    }
    const share = options.bufferBytes / view.brokers;
    const wanted: RunWanted[] = [];
    let unlocated = false;
    for (const lane of lanes.in('open')) {
      const run = lane.wanted(options.laneBufferBytes);
      if (run === undefined || (held.get(lane.leader) ?? 0) >= share) continue;
      // What waits unsent lives as objects, each of which the garbage collector moves: no more than is about to be sent.
      if (lane.queue.bytes >= BATCHES_AHEAD * options.batchBytes) continue;
      if ((sendable.get(lane.leader) ?? 0) >= REQUESTS_AHEAD * options.requestBytes) continue;
      const pruned = lane.logStart > lane.readNext;
      if (lane.bufferedBytes === 0 && (pruned || now - lane.confirmedAt > options.quietMs))
        unlocated = lane.change('quiet') || unlocated;
      else if (pruned) continue;
      else if (wanted.length < LANES_AT_ONCE) wanted.push(run);
      else break;
    }
    if (unlocated) this.#hooks.unlocated();
    return { wanted, bytes: Math.max(0, options.bufferBytes - total) };
  }
}
