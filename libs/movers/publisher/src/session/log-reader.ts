import type { ReadLimits, RecordRun, RunWanted } from '../ports.ts';
import type { Lane } from '../lane/lane.ts';
import type { SessionContext } from './session-context.ts';

/** Partitions in one read. */
const LANES_AT_ONCE = 500;
/** A lane with so many full batches unsent gets nothing more. */
const BATCHES_AHEAD = 2;
/** Nor do lanes of a broker that could be sent so many full requests. */
const REQUESTS_AHEAD = 2;
/** Bytes of a record as long as none was read, with what Postgres sends around its fields. */
const FIRST_GUESS_BYTES = 500;
/** What a read makes room for beyond the mean of the last one. */
const SPARE = 1.1;

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
  #meanBytes = FIRST_GUESS_BYTES;

  constructor(context: SessionContext, hooks: ReaderHooks) {
    this.#context = context;
    this.#hooks = hooks;
  }

  /** True when there was something to read. `meanwhile` is called when Postgres has been asked, and has work to do. */
  async step(meanwhile: () => void): Promise<boolean> {
    const { lanes, parts, time } = this.#context;
    const { wanted, records, bytes } = this.#wanted();
    if (wanted.length === 0 || bytes === 0) return false;
    const asked = time.sleep(0).then(meanwhile);
    const [runs] = await Promise.all([parts.source.read(wanted, this.#limits(records, bytes)), asked]);
    this.#learn(runs);
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

  #limits(records: number, bytes: number): ReadLimits {
    const { readRecords, readBytes } = this.#context.options;
    const maxBytes = Math.min(readBytes, bytes);
    const bytesExpected = Math.ceil(Math.min(maxBytes, Math.min(records, readRecords) * this.#meanBytes) * SPARE);
    return { maxRecords: readRecords, maxBytes, bytesExpected };
  }

  #learn(runs: readonly RecordRun[]): void {
    const sum = (of: (run: RecordRun) => number): number => runs.reduce((total, run) => total + of(run), 0);
    const records = sum(({ stored }) => stored.count);
    if (records > 0) this.#meanBytes = sum(({ stored }) => stored.bytes) / records;
  }

  /** Where to read, how many records are there at most, and how much there is room for. */
  #wanted(): { wanted: RunWanted[]; records: number; bytes: number } {
    const { lanes, options, view, time } = this.#context;
    const now = time.now();
    const held = new Map<number, number>();
    const sendable = new Map<number, number>();
    let total = 0;
    for (const lane of [...lanes.in('open'), ...lanes.in('settling')]) {
      lane.queue.age();
      total += lane.bufferedBytes;
      held.set(lane.leader, (held.get(lane.leader) ?? 0) + lane.bufferedBytes);
      if (lane.mayBeSent(false)) sendable.set(lane.leader, (sendable.get(lane.leader) ?? 0) + lane.queue.bytes);
    }
    const share = options.bufferBytes / view.brokers;
    const wanted: RunWanted[] = [];
    let records = 0;
    let unlocated = false;
    for (const lane of lanes.in('open')) {
      const run = lane.wanted(options.laneBufferBytes);
      if (run === undefined || (held.get(lane.leader) ?? 0) >= share) continue;
      // No more than is about to be sent: what is read is in memory twice then, as it came and as it goes.
      if (lane.queue.bytes >= BATCHES_AHEAD * options.batchBytes) continue;
      if ((sendable.get(lane.leader) ?? 0) >= REQUESTS_AHEAD * options.requestBytes) continue;
      const pruned = lane.logStart > lane.readNext;
      if (lane.bufferedBytes === 0 && (pruned || now - lane.confirmedAt > options.quietMs))
        unlocated = lane.change('quiet') || unlocated;
      else if (pruned) continue;
      else if (wanted.length === LANES_AT_ONCE) break;
      else {
        wanted.push(run);
        records += Number(lane.logEnd - lane.readNext);
      }
    }
    if (unlocated) this.#hooks.unlocated();
    return { wanted, records, bytes: Math.max(0, options.bufferBytes - total) };
  }
}
