import { describeError, redactUrls } from '#libs/foundation/kernel';

export interface HealthResult {
  readonly ok: boolean;
  /** One short sentence for the person on call. */
  readonly detail: string;
}

/** One part's contribution to an answer, for instance the database or the sequencer. */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<HealthResult>;
}

export interface HealthReport {
  readonly ok: boolean;
  readonly checks: readonly (HealthResult & { readonly name: string })[];
}

/**
 * Asks all checks at the same time and waits for each at most `timeLimitMs`. A check that is late counts as failed, and
 * is not started again while its earlier run is still under way, so that a hanging dependency cannot pile up work.
 */
class CheckSet {
  readonly #checks = new Map<string, HealthCheck>();
  readonly #running = new Map<HealthCheck, Promise<HealthResult>>();
  readonly #timeLimitMs: number;

  constructor(timeLimitMs: number) {
    this.#timeLimitMs = timeLimitMs;
  }

  add(check: HealthCheck): () => void {
    if (this.#checks.has(check.name)) throw new Error(`health check ${check.name} exists already`);
    this.#checks.set(check.name, check);
    return () => void this.#checks.delete(check.name);
  }

  async run(): Promise<HealthReport> {
    const checks = await Promise.all(
      [...this.#checks.values()].map(async (check) => ({ name: check.name, ...(await this.#bounded(check)) })),
    );
    return { ok: checks.every((check) => check.ok), checks };
  }

  async #bounded(check: HealthCheck): Promise<HealthResult> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<HealthResult>((resolve) => {
      timer = setTimeout(
        () => resolve({ ok: false, detail: `no answer within ${this.#timeLimitMs} ms` }),
        this.#timeLimitMs,
      );
    });
    try {
      return await Promise.race([this.#shared(check), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #shared(check: HealthCheck): Promise<HealthResult> {
    const running = this.#running.get(check);
    if (running !== undefined) return running;
    const started = attempt(check).finally(() => this.#running.delete(check));
    this.#running.set(check, started);
    return started;
  }
}

async function attempt(check: HealthCheck): Promise<HealthResult> {
  try {
    return await check.check();
  } catch (error) {
    // The report can be read by anybody who reaches the port.
    return { ok: false, detail: redactUrls(describeError(error)).split('\n')[0]! };
  }
}

/**
 * What `/health/live` and `/health/ready` answer from. Live: restarting the process would not help. Ready: send it
 * requests. A process that is stopping is live but not ready.
 */
export class HealthChecks {
  readonly #live: CheckSet;
  readonly #ready: CheckSet;
  #stopping = false;

  constructor(options: { /** Per check; default 2,000. */ readonly timeLimitMs?: number } = {}) {
    this.#live = new CheckSet(options.timeLimitMs ?? 2_000);
    this.#ready = new CheckSet(options.timeLimitMs ?? 2_000);
  }

  /** Adds a readiness check; the result takes it out again. Throws when the name is taken. */
  addReadiness(check: HealthCheck): () => void {
    return this.#ready.add(check);
  }

  /** Adds a liveness check: only for what a restart of the process repairs, never for a dependency. */
  addLiveness(check: HealthCheck): () => void {
    return this.#live.add(check);
  }

  /** From now on the process is not ready, whatever the checks say. */
  markStopping(): void {
    this.#stopping = true;
  }

  live(): Promise<HealthReport> {
    return this.#live.run();
  }

  async ready(): Promise<HealthReport> {
    if (this.#stopping) return { ok: false, checks: [{ name: 'lifecycle', ok: false, detail: 'stopping' }] };
    return this.#ready.run();
  }
}
