import type { Attempt } from '#libs/foundation/postgres';
import { DROP_STEPS, type DropProgress, type DropStep } from './drop-step.ts';
import type { ExpiredPartition, InboxRetention } from './inbox-retention.ts';

export interface InboxMaintenanceOptions {
  /** Unique among all instances that serve this database. */
  readonly holder: string;
  /** How long the turn lasts without a sign of life, in ms; longer than the statement timeout of the store's database. */
  readonly leaseMs: number;
}

/** What a run has done, for logs and metrics. */
export interface InboxMaintenanceReport {
  /** Partitions made ahead of the consumers. */
  readonly created: number;
  /** False: another instance has the turn, or this run lost it. */
  readonly hadTurn: boolean;
  /** Relations that are gone for good. */
  readonly dropped: readonly string[];
  /** Failures that were forgotten. */
  readonly forgotten: number;
  /** The relation whose drop waits for open transactions; a later run goes on. */
  readonly blocked: string | null;
}

/** Rows per statement, so that none of them runs long. */
const FAILURES_PER_DELETE = 1_000;
const CHUNKS_MAX = 100;

type Report = { -readonly [K in keyof InboxMaintenanceReport]: InboxMaintenanceReport[K] } & { dropped: string[] };

/**
 * Makes partitions of inbox.handled ahead of the consumers, and drops those whose rows need not be kept any more, without ever
 * making a handler wait. Holds no state: a drop is continued from what Postgres shows, by any instance.
 */
export class InboxMaintenance {
  readonly #retention: InboxRetention;
  readonly #options: InboxMaintenanceOptions;

  constructor(retention: InboxRetention, options: InboxMaintenanceOptions) {
    this.#retention = retention;
    this.#options = options;
  }

  /**
   * One round of maintenance; ends early, between two statements, when the signal is aborted. Throws what the database
   * throws; the next run goes on where this one ended.
   */
  async run(signal: AbortSignal): Promise<InboxMaintenanceReport> {
    const report: Report = { created: 0, hadTurn: false, dropped: [], forgotten: 0, blocked: null };
    // Without a turn as well: the holder of it may be waiting for a detach, and consumers need room meanwhile.
    report.created = await this.#retention.ensurePartitions();
    report.hadTurn = await this.#keepTurn();
    if (!report.hadTurn) return report;
    try {
      await this.#forgetFailures(report, signal);
      for (const partition of await this.#retention.expire()) await this.#drop(partition, report, signal);
    } finally {
      await this.#retention.giveTurnBack(this.#options.holder);
    }
    return report;
  }

  /** What is left after so many statements waits for the next run. */
  async #forgetFailures(report: Report, signal: AbortSignal): Promise<void> {
    for (let chunk = 0; chunk < CHUNKS_MAX && (await this.#mayGoOn(report, signal)); chunk += 1) {
      const forgotten = await this.#retention.forgetFailures(FAILURES_PER_DELETE);
      report.forgotten += forgotten;
      if (forgotten < FAILURES_PER_DELETE) return;
    }
  }

  async #drop({ relation, progress }: ExpiredPartition, report: Report, signal: AbortSignal): Promise<void> {
    let at: DropProgress | 'gone' = progress;
    while (at !== 'gone') {
      if (!(await this.#mayGoOn(report, signal))) return;
      const { step, leadsTo }: (typeof DROP_STEPS)[DropProgress] = DROP_STEPS[at];
      if ((await this.#attempt(step, relation)) === 'blocked') report.blocked = relation;
      else at = leadsTo;
    }
    report.dropped.push(relation);
  }

  #attempt(step: DropStep, relation: string): Promise<Attempt> {
    const attempts: Record<DropStep, () => Promise<Attempt>> = {
      detach: () => this.#retention.detach(relation),
      finalize: () => this.#retention.finalizeDetach(relation),
      'drop-table': () => this.#retention.dropTable(relation),
      forget: () => this.#retention.forget(relation),
    };
    return attempts[step]();
  }

  /** A blocked drop ends the run: Postgres detaches one partition at a time. */
  async #mayGoOn(report: Report, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || report.blocked !== null) return false;
    report.hadTurn = await this.#keepTurn();
    return report.hadTurn;
  }

  #keepTurn(): Promise<boolean> {
    return this.#retention.takeTurn(this.#options.holder, this.#options.leaseMs);
  }
}
