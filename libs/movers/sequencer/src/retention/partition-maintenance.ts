import { type DropAction, nextDropAction } from './drop-progress.ts';
import { judgePartition, type PartitionVerdict, type PositionRange } from './partition-verdict.ts';
import type { RegisteredPartition, RetentionStore } from './retention-store.ts';

export interface MaintenanceOptions {
  /** Unique among all instances that serve this database. */
  readonly holder: string;
  /** How long the turn lasts without a sign of life, in ms; longer than the statement timeout of the store's database. */
  readonly leaseMs: number;
  /** Time for readers that have seen the old start offsets, in ms; longer than the longest read. */
  readonly graceMs: number;
  /** Batches deleted in one statement. */
  readonly batchesPerDelete: number;
  /** Partitions that are looked at in one run; the next run goes on with those that follow. */
  readonly partitionsPerRun: number;
}

export const MAINTENANCE_DEFAULTS = {
  leaseMs: 120_000,
  graceMs: 60_000,
  batchesPerDelete: 5_000,
  partitionsPerRun: 20,
} as const satisfies Omit<MaintenanceOptions, 'holder'>;

/** What a run has done, for logs and metrics. */
export interface MaintenanceReport {
  /** Partitions made ahead of the writers. */
  readonly created: number;
  /** False: another instance has the turn, or this run lost it; it created partitions at most. */
  readonly hadTurn: boolean;
  /** Relations marked for dropping in this run: their records cannot be read any more. */
  readonly marked: readonly string[];
  /** Relations that are gone for good. */
  readonly dropped: readonly string[];
  /** The relation whose drop waits for open transactions; a later run goes on. */
  readonly blocked: string | null;
  /** Why partitions that are completely in the log are kept, the oldest first. */
  readonly kept: readonly { readonly relation: string; readonly verdict: PartitionVerdict & { drop: false } }[];
}

type Report = {
  -readonly [K in keyof MaintenanceReport]: MaintenanceReport[K] extends readonly (infer T)[]
    ? T[]
    : MaintenanceReport[K];
};

/**
 * Makes partitions of outbox.message ahead of the writers, and drops those that nobody needs any more. Holds no state but
 * where it goes on looking: a drop is continued from what Postgres shows, by any instance.
 */
export class PartitionMaintenance {
  readonly #store: RetentionStore;
  readonly #options: MaintenanceOptions;
  /** Kept partitions below this were looked at in earlier runs. */
  #lookFrom = 0n;

  constructor(store: RetentionStore, options: MaintenanceOptions) {
    this.#store = store;
    this.#options = options;
  }

  /**
   * One round of maintenance; ends early, between two statements, when the signal is aborted. Throws what the database
   * throws; the next run goes on where this one ended.
   */
  async run(signal: AbortSignal): Promise<MaintenanceReport> {
    const report: Report = { created: 0, hadTurn: false, marked: [], dropped: [], blocked: null, kept: [] };
    // Without a turn as well: the holder of it may be waiting for a detach, and writers need room meanwhile.
    report.created = await this.#store.ensurePartitions();
    report.hadTurn = await this.#keepTurn();
    if (!report.hadTurn) return report;
    try {
      await this.#work(report, signal);
    } finally {
      await this.#store.giveTurnBack(this.#options.holder);
    }
    return report;
  }

  async #work(report: Report, signal: AbortSignal): Promise<void> {
    const partitions = await this.#store.partitions();
    for (const partition of partitions.filter((each) => each.markedForMs !== null)) {
      if (!(await this.#mayGoOn(report, signal))) return;
      await this.#continueDrop(partition, report, signal);
    }
    const cursor = await this.#store.cursor();
    const complete = partitions.filter((each) => each.markedForMs === null && each.upper - 1n <= cursor);
    for (const partition of this.#nextToLookAt(complete)) {
      if (!(await this.#mayGoOn(report, signal))) return;
      const verdict = await this.#judge(partition);
      if (!verdict.drop) report.kept.push({ relation: partition.relation, verdict });
      else {
        report.marked.push(partition.relation);
        await this.#continueDrop({ ...partition, markedForMs: 0 }, report, signal);
      }
    }
  }

  #nextToLookAt(complete: readonly RegisteredPartition[]): readonly RegisteredPartition[] {
    const { partitionsPerRun } = this.#options;
    const rest = complete.filter((each) => each.lower >= this.#lookFrom);
    const chosen = (rest.length > 0 ? rest : complete).slice(0, partitionsPerRun);
    this.#lookFrom = chosen.length < partitionsPerRun ? 0n : chosen.at(-1)!.upper;
    return chosen;
  }

  /** The estimate first: it costs a few index entries, and says no to nearly all partitions. */
  async #judge(partition: RegisteredPartition): Promise<PartitionVerdict> {
    const estimated = judgePartition(partition, await this.#store.estimate(partition));
    if (!estimated.drop) return estimated;
    return this.#store.markForDrop(partition, (facts) => judgePartition(partition, facts));
  }

  /** A blocked drop ends the run: Postgres detaches one partition at a time. */
  async #mayGoOn(report: Report, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || report.blocked !== null) return false;
    report.hadTurn = await this.#keepTurn();
    return report.hadTurn;
  }

  #keepTurn(): Promise<boolean> {
    return this.#store.takeTurn(this.#options.holder, this.#options.leaseMs);
  }

  async #continueDrop(marked: RegisteredPartition, report: Report, signal: AbortSignal): Promise<void> {
    let { progress } = marked;
    while (await this.#mayGoOn(report, signal)) {
      const action = nextDropAction(progress, marked.markedForMs ?? 0, this.#options.graceMs);
      if (action === 'wait') return;
      if (action === 'delete-log') {
        if (!(await this.#deleteLog(marked, report, signal))) return;
        report.dropped.push(marked.relation);
        return;
      }
      if ((await this.#attempt(action, marked.relation)) === 'blocked') report.blocked = marked.relation;
      else progress = action === 'drop-table' ? 'absent' : 'detached';
    }
  }

  #attempt(action: Exclude<DropAction, 'wait' | 'delete-log'>, relation: string): Promise<'done' | 'blocked'> {
    if (action === 'detach') return this.#store.detach(relation);
    return action === 'finalize' ? this.#store.finalizeDetach(relation) : this.#store.dropTable(relation);
  }

  /** False when it had to stop before everything was deleted. */
  async #deleteLog(range: PositionRange, report: Report, signal: AbortSignal): Promise<boolean> {
    const { batchesPerDelete } = this.#options;
    while ((await this.#store.deleteLog(range, batchesPerDelete)) === batchesPerDelete) {
      if (!(await this.#mayGoOn(report, signal))) return false;
    }
    await this.#store.forget(range);
    return true;
  }
}
